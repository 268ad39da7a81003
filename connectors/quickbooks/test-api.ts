// A small but honest Api for this folder's tests: real HTTP, the connector's own address, headers and outcomes; one call at
// a time and no second tries, so that each test sees what each answer means.
import type { Answer, Api, ApiRequest } from "../../src/define/connector.ts";
import { CallFailed, type Outcome } from "../../src/define/outcome.ts";
import { serve } from "../../src/rehearse/serve.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { quickbooks, type QuickBooksSettings } from "./connector.ts";
import { createQuickBooksSimulator, type QuickBooksSimulator, type QuickBooksSimulatorOptions } from "./simulator.ts";

export interface Setup extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly simulator: QuickBooksSimulator;
  readonly settings: QuickBooksSettings;
  readonly api: Api;
  /** Every request that left, newest last. */
  readonly sent: ApiRequest[];
}

const REALM = "9130347957983456";

export async function setup(options: Partial<QuickBooksSimulatorOptions> = {}): Promise<Setup> {
  const clock = new VirtualClock();
  const simulator = createQuickBooksSimulator({
    clock,
    random: new SeededRandom(7),
    realmId: REALM,
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "RT1-first",
    webhookVerifierToken: "verifier",
    ...options,
    settings: { callsPerMinute: 0, callsPerSecond: 0, ...options.settings },
  });
  const served = await serve((request) => simulator.fetch(request));
  const settings: QuickBooksSettings = {
    realmId: REALM,
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "RT1-first",
    baseUrl: served.url,
    tokenUrl: `${served.url}/oauth2/v1/tokens/bearer`,
  };
  const sent: ApiRequest[] = [];
  return {
    clock,
    simulator,
    settings,
    sent,
    api: apiOf(settings, simulator.accessToken(), sent),
    [Symbol.asyncDispose]: () => served.close(),
  };
}

function apiOf(settings: QuickBooksSettings, accessToken: string, sent: ApiRequest[] = []): Api {
  return {
    settings: { ...settings },
    request: async (request) => {
      sent.push(request);
      const answer = await answerTo(settings, accessToken, request);
      const outcome = quickbooks.outcome?.(answer, request) ?? byStatus(answer, request);
      if (outcome.kind === "done") return answer;
      throw new CallFailed(outcome, `${request.method} ${request.path} ended ${outcome.kind}: ${outcome.reason ?? ""}`);
    },
  };
}

async function answerTo(settings: QuickBooksSettings, accessToken: string, request: ApiRequest): Promise<Answer> {
  const url = new URL(`${quickbooks.baseUrl(settings)}${request.path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const body = typeof request.body === "object" ? JSON.stringify(request.body) : request.body;
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: { ...quickbooks.headers, ...request.headers, authorization: `Bearer ${accessToken}` },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), text, json: jsonOf(text) };
  } catch (cause) {
    const writes = request.writes ?? request.method !== "GET";
    const outcome: Outcome = { kind: writes ? "unknown" : "unavailable", reason: "the connection ended" };
    throw new CallFailed(outcome, "the connection ended", { cause });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The part of the engine's table that the connector leaves to it. */
function byStatus({ status }: Answer, { method, writes = method !== "GET" }: ApiRequest): Outcome {
  if (status >= 500) return { kind: writes ? "unknown" : "unavailable" };
  if (status >= 200 && status < 300) return { kind: "done" };
  if (status === 401) return { kind: "reauthorize" };
  if (status === 403) return { kind: "denied" };
  if (status === 404) return { kind: "missing" };
  return { kind: "invalid", reason: `status ${status}` };
}

/** The outcome of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call;
  } catch (error) {
    if (error instanceof CallFailed) return error.outcome;
    throw error;
  }
  throw new Error("Expected the call to fail, and it was done");
}
