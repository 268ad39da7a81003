// A small honest Api for this folder's tests: real HTTP, the connector's own sign-in, outcome and limits, in virtual time.
// The engine's call layer does the same and much more.
import type { Answer, Api, ApiRequest, LimitReading } from "../../src/define/connector.ts";
import { CallFailed, type Outcome } from "../../src/define/outcome.ts";
import { shopify } from "./connector.ts";
import type { ShopifySettings } from "./settings.ts";

export interface TestApi extends Api {
  readonly requests: ApiRequest[];
  readonly readings: LimitReading[];
}

export interface TestApiOptions {
  readonly settings: ShopifySettings;
  /** Lets virtual time pass when we are told to wait; absent: being throttled fails the call. */
  readonly wait?: (durationMs: number) => Promise<void>;
  /** Stands between us and the shop, to spoil answers. */
  readonly spoil?: (answer: Answer, request: ApiRequest) => Answer;
}

const THROTTLED_TIMES_MAX = 50;

export function testApi({ settings, wait, spoil = (answer) => answer }: TestApiOptions): TestApi {
  const requests: ApiRequest[] = [];
  const readings: LimitReading[] = [];
  return {
    settings: { ...settings },
    requests,
    readings,
    async request(request) {
      for (let times = 0; ; times += 1) {
        requests.push(request);
        const answer = spoil(await send(settings, request), request);
        readings.push(...(shopify.readLimits?.(answer) ?? []));
        const outcome = shopify.outcome?.(answer, request) ?? outcomeByStatus(answer);
        if (outcome.kind === "done") return answer;
        if (outcome.kind !== "throttled" || wait === undefined || times >= THROTTLED_TIMES_MAX) {
          throw new CallFailed(outcome, `${outcome.kind}: ${outcome.reason ?? answer.status}`);
        }
        await wait(Math.max(1, outcome.retryAfterMs ?? 1000));
      }
    },
  };
}

async function send(settings: ShopifySettings, request: ApiRequest): Promise<Answer> {
  const response = await fetch(`${shopify.baseUrl(settings)}${request.path}`, {
    method: request.method,
    redirect: "manual",
    headers: {
      ...shopify.headers,
      ...request.headers,
      "content-type": "application/json",
      "X-Shopify-Access-Token": settings.accessToken ?? "",
    },
    body: JSON.stringify(request.body),
  });
  const text = await response.text();
  return { status: response.status, headers: Object.fromEntries(response.headers), text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function outcomeByStatus({ status }: Answer): Outcome {
  if (status >= 200 && status < 300) return { kind: "done" };
  return status >= 500 ? { kind: "unknown" } : { kind: "invalid" };
}
