// The two systems, simulated in the trial's own process and served over HTTP, with the troubles that real ones have: cut
// connections, half answers, 429 and 500, before and after the work was done.
import {
  createQuickBooksSimulator,
  type QuickBooksSimulator,
  type Sabotage,
} from "../../connectors/quickbooks/simulator.ts";
import { createShopifySimulator, type ShopifySimulator } from "../../connectors/shopify/simulator.ts";
import { CutConnection, machine, sendWebhook, serve, type Simulator } from "../../src/rehearse/simulators.ts";
import type { Random } from "../../src/world/world.ts";
import type { Acknowledged } from "./acknowledged.ts";

export interface Providers {
  readonly shop: ShopifySimulator;
  readonly books: QuickBooksSimulator;
  /** What Bowline is started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Do calls and webhooks go wrong now? */
  troubled: boolean;
  /** Calls that went wrong, by how. */
  readonly troubles: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface ProvidersOptions {
  readonly random: Random;
  readonly hookUrl: string;
  readonly acknowledged: Acknowledged;
}

const SECRETS = {
  SHOPIFY_ACCESS_TOKEN: "shpat_trial",
  SHOPIFY_WEBHOOK_SECRET: "trial-webhook-secret",
  QUICKBOOKS_CLIENT_ID: "trial-client",
  QUICKBOOKS_CLIENT_SECRET: "trial-client-secret",
  QUICKBOOKS_REFRESH_TOKEN: "RT1-trial",
  QUICKBOOKS_VERIFIER_TOKEN: "trial-verifier",
};

const WEBHOOK_FAULTS = { lost: 0.2, duplicated: 0.2, late: 0.1, lateMs: 1_500 };
/** Access tokens live so shortly that hardly a life passes without a refresh. */
const ACCESS_TOKEN_MS = 4_000;
/** A superseded refresh token still works for a few lives of Bowline: each may die before it has committed the new one. */
const REFRESH_TOKEN_GRACE_MS = 30_000;
const LATENCY_MS = 4;
const WRITE_TROUBLES: readonly (readonly [number, Sabotage["how"] | "throttled"])[] = [
  [0.08, "cut-after"],
  [0.02, "cut-before"],
  [0.02, "fault-after"],
  [0.02, "fault-before"],
  [0.02, "truncated"],
  [0.01, "html-after"],
  [0.02, "throttled"],
];
const READ_TROUBLE = 0.04;
const TOKEN_TROUBLE = 0.25;
/** Refreshes that go well after one that did not, so that trouble alone never outlasts the grace. */
const CALM_REFRESHES = 3;

export async function openProviders({ random, hookUrl, acknowledged }: ProvidersOptions): Promise<Providers> {
  const world = { clock: machine.clock, random };
  const shop = createShopifySimulator({
    ...world,
    shop: "trial",
    plan: "enterprise",
    accessToken: SECRETS.SHOPIFY_ACCESS_TOKEN,
    webhookSecret: SECRETS.SHOPIFY_WEBHOOK_SECRET,
    webhookUrl: hookUrl,
    webhookFaults: WEBHOOK_FAULTS,
    async send(webhook) {
      const status = await sendWebhook(webhook);
      if (status >= 200 && status < 300) acknowledged.add(webhook);
      return status;
    },
  });
  const books = createQuickBooksSimulator({
    ...world,
    realmId: "9341453908059321",
    clientId: SECRETS.QUICKBOOKS_CLIENT_ID,
    clientSecret: SECRETS.QUICKBOOKS_CLIENT_SECRET,
    refreshToken: SECRETS.QUICKBOOKS_REFRESH_TOKEN,
    webhookVerifierToken: SECRETS.QUICKBOOKS_VERIFIER_TOKEN,
    settings: {
      accessTokenMs: ACCESS_TOKEN_MS,
      refreshTokenGraceMs: REFRESH_TOKEN_GRACE_MS,
      latencyMs: LATENCY_MS,
      callsPerMinute: 0,
      callsPerSecond: 0,
      // The harder case: a customer made twice is refused for its name, and has to be found.
      requestIdCoversLists: false,
    },
  });
  books.person.create("Item", { Name: "Sales", Type: "Service", IncomeAccountRef: { value: "1" } });
  const troubles: Record<string, number> = {};
  const happen = (trouble: string): void => void (troubles[trouble] = (troubles[trouble] ?? 0) + 1);
  const chance = (share: number): boolean => providers.troubled && random.next() < share;
  const shopServed = await serve((request) => troubledRead(request, shop));
  const booksServed = await serve((request) => troubledBooks(request));
  let calmRefreshes = 0;

  const providers: Providers = {
    shop,
    books,
    troubles,
    troubled: true,
    environment: {
      ...SECRETS,
      SHOPIFY_URL: shopServed.url,
      QUICKBOOKS_URL: booksServed.url,
      QUICKBOOKS_TOKEN_URL: `${booksServed.url}/oauth2/v1/tokens/bearer`,
    },
    async close() {
      shop.webhooks.stop();
      await Promise.all([shopServed.close(), booksServed.close()]);
    },
  };
  return providers;

  async function troubledRead(request: Request, provider: Simulator): Promise<Response> {
    if (!chance(READ_TROUBLE)) return provider.fetch(request);
    happen("read");
    if (random.next() < 0.5) throw new CutConnection();
    return new Response("bad gateway", { status: 502 });
  }

  async function troubledBooks(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith("/tokens/bearer")) return troubledToken(request);
    const path = /\/(invoice|customer)$/.exec(pathname)?.[1];
    if (path === undefined || request.method !== "POST") return troubledRead(request, books);
    const how = writeTrouble();
    if (how === undefined) return books.fetch(request);
    happen(how);
    if (how === "throttled") return new Response("{}", { status: 429, headers: { "retry-after": "1" } });
    if (how === "truncated") return half(await books.fetch(request));
    books.sabotage({ how, method: "POST", path });
    return books.fetch(request);
  }

  /** Only of what was done: half a refusal would be read as a refusal for no reason. */
  async function half(response: Response): Promise<Response> {
    if (!response.ok) return response;
    const text = await response.text();
    return new Response(text.slice(0, text.length / 2), { headers: response.headers });
  }

  function writeTrouble(): (typeof WRITE_TROUBLES)[number][1] | undefined {
    if (!providers.troubled) return undefined;
    let dice = random.next();
    for (const [share, how] of WRITE_TROUBLES) {
      if (dice < share) return how;
      dice -= share;
    }
    return undefined;
  }

  async function troubledToken(request: Request): Promise<Response> {
    calmRefreshes -= 1;
    if (calmRefreshes > 0 || !chance(TOKEN_TROUBLE)) return books.fetch(request);
    calmRefreshes = CALM_REFRESHES;
    happen("refresh");
    const dice = random.next();
    if (dice < 0.2) return new Response("no", { status: 503 });
    if (dice < 0.4) throw new CutConnection();
    await books.fetch(request);
    throw new CutConnection();
  }
}
