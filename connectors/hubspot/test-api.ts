// What this folder's tests share: a simulator over real HTTP, and the connector's calls to it through the engine's call layer.
import { serve } from "../../src/rehearse/serve.ts";
import { connectorApi, type ConnectorApi } from "../../src/testing/connector-api.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { hubspot } from "./connector.ts";
import type { HubSpotSettings } from "./settings.ts";
import { createHubSpotSimulator, type HubSpotSimulator, type HubSpotSimulatorOptions } from "./simulator.ts";

export { failure } from "../../src/testing/connector-api.ts";

export interface Setup extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly simulator: HubSpotSimulator;
  readonly settings: HubSpotSettings;
  readonly api: ConnectorApi;
  /** Paths of the calls made since it was last asked, such as "POST batch/read". */
  calls(): readonly string[];
}

export const PORTAL = "49547190";
export const TOKEN = "pat-na1-first";
const KEY = [{ name: "bowline_key", type: "string", hasUniqueValue: true }] as const;
const NO_LIMITS = { callsPerTenSeconds: 0, callsPerDay: 0, searchesPerSecond: 0 };

export interface SetupOptions extends Partial<HubSpotSimulatorOptions> {
  readonly connection?: Partial<HubSpotSettings>;
  readonly withinLimits?: boolean;
}

export async function setup({ connection = {}, withinLimits = false, ...options }: SetupOptions = {}): Promise<Setup> {
  const clock = new VirtualClock();
  const simulator = createHubSpotSimulator({
    clock,
    random: new SeededRandom(7),
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "na1-refresh",
    privateAppToken: TOKEN,
    ...options,
    settings: {
      ...(withinLimits ? {} : NO_LIMITS),
      properties: { contacts: KEY, companies: KEY, deals: KEY, tickets: KEY },
      ...options.settings,
    },
  });
  const served = await serve((request) => simulator.fetch(request));
  const settings: HubSpotSettings = { accessToken: TOKEN, baseUrl: served.url, ...connection };
  const api = connectorApi({
    connector: hubspot,
    settings,
    credential: { name: "authorization", value: `Bearer ${simulator.accessToken()}` },
    clock,
    withinLimits,
  });
  let asked = 0;
  return {
    clock,
    simulator,
    settings,
    api,
    calls() {
      const fresh = api.sent.slice(asked).map(({ method, path }) => `${method} ${path.replace(/^.*?\/2026-09\//, "")}`);
      asked = api.sent.length;
      return fresh;
    },
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await served.close();
    },
  };
}
