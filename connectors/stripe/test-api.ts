// Stripe for this folder's tests: the simulator over real HTTP, and the engine's own call layer in front of it.
import { connectorApi, type ConnectorApi } from "../../src/testing/connector-api.ts";
import { serve } from "../../src/rehearse/serve.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { stripe } from "./connector.ts";
import type { StripeSettings } from "./settings.ts";
import { createStripeSimulator, type StripeSimulator, type StripeSimulatorOptions } from "./simulator.ts";

export const KEY = "sk_test_51Simulated";
export const RESTRICTED = "rk_test_51Simulated";
export const CONNECTED = "acct_1Connected";

export interface Setup extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly simulator: StripeSimulator;
  readonly settings: StripeSettings;
  readonly api: ConnectorApi;
  /** The same account by another key, or with other settings. */
  as(settings: Partial<StripeSettings>): ConnectorApi;
}

export async function setup(options: Partial<StripeSimulatorOptions> = {}): Promise<Setup> {
  const clock = new VirtualClock();
  const simulator = createStripeSimulator({
    clock,
    random: new SeededRandom(7),
    secretKey: KEY,
    restrictedKeys: { [RESTRICTED]: ["customer_read"] },
    connectedAccounts: [CONNECTED],
    webhookSecret: "whsec_test",
    ...options,
    settings: { callsPerSecond: 0, callsPerSecondPerEndpoint: 0, searchesPerSecond: 0, ...options.settings },
  });
  const served = await serve((request) => simulator.fetch(request));
  const plenty = { callsPerSecond: 100_000, callsPerSecondPerEndpoint: 100_000 };
  const settings: StripeSettings = { apiKey: KEY, baseUrl: served.url, ...plenty };
  const apis: ConnectorApi[] = [];
  const as = (other: Partial<StripeSettings>): ConnectorApi => {
    const own = { ...settings, ...other };
    const credential = { name: "authorization", value: `Bearer ${own.apiKey}` };
    const api = connectorApi({ connector: stripe, settings: own, credential, clock, withinLimits: true });
    apis.push(api);
    return api;
  };
  return {
    clock,
    simulator,
    settings,
    api: as({}),
    as,
    async [Symbol.asyncDispose]() {
      for (const api of apis) await api[Symbol.asyncDispose]();
      await served.close();
    },
  };
}
