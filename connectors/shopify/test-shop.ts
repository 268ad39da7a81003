// A simulated shop served over HTTP for this folder's tests, with a connection to it.
import { serve } from "../../src/rehearse/serve.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { createShopifySimulator, type ShopifySimulator, type ShopifySimulatorOptions } from "./simulator.ts";
import { testApi, type TestApi, type TestApiOptions } from "./test-api.ts";

export const ACCESS_TOKEN = "shpat_for_tests";
export const WEBHOOK_SECRET = "a secret for tests";

export interface TestShop extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly simulator: ShopifySimulator;
  readonly api: TestApi;
  readonly url: string;
}

type Options = Partial<ShopifySimulatorOptions> & Pick<TestApiOptions, "spoil"> & { readonly waits?: boolean };

export async function testShop({ spoil, waits = true, ...options }: Options = {}): Promise<TestShop> {
  const clock = new VirtualClock();
  const random = new SeededRandom(7);
  const simulator = createShopifySimulator({
    clock,
    random,
    accessToken: ACCESS_TOKEN,
    webhookSecret: WEBHOOK_SECRET,
    shop: "demo",
    searchLagMs: 0,
    ...options,
  });
  const served = await serve((request) => simulator.fetch(request));
  const api = testApi({
    settings: { shop: "demo", accessToken: ACCESS_TOKEN, baseUrl: served.url },
    ...(waits ? { wait: (durationMs: number) => clock.advance(durationMs) } : {}),
    ...(spoil === undefined ? {} : { spoil }),
  });
  return { clock, random, simulator, api, url: served.url, [Symbol.asyncDispose]: () => served.close() };
}
