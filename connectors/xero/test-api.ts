// What this folder's tests share: an organisation over real HTTP, reached through the engine's own calls.
import { serve, type Served } from "../../src/rehearse/serve.ts";
import { connectorApi, type ConnectorApi } from "../../src/testing/connector-api.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { xero } from "./connector.ts";
import { createXeroSimulator, type XeroSimulator, type XeroSimulatorOptions } from "./simulator.ts";

export { failure } from "../../src/testing/connector-api.ts";

export const TENANT = "c2cc9b6e-9458-4c7d-93cc-f02b81b0594f";

export interface Setup extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly simulator: XeroSimulator;
  readonly served: Served;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly api: ConnectorApi;
  /** Another client of the same organisation. */
  apiWith(options: {
    readonly settings?: object;
    readonly token?: string;
    readonly withinLimits?: boolean;
  }): ConnectorApi;
}

export const UNLIMITED = { callsPerMinute: 0, callsPerDay: 0, callsAtOnce: 0, appCallsPerMinute: 0 };

export async function setup(options: Partial<XeroSimulatorOptions> = {}): Promise<Setup> {
  const clock = new VirtualClock();
  const simulator = createXeroSimulator({
    clock,
    random: new SeededRandom(7),
    tenantId: TENANT,
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "first",
    webhookKey: "key",
    ...options,
    settings: { ...UNLIMITED, ...options.settings },
  });
  const served = await serve((request) => simulator.fetch(request));
  const settings = { tenantId: TENANT, clientId: "client", clientSecret: "secret", baseUrl: served.url };
  const apis: ConnectorApi[] = [];
  const apiWith: Setup["apiWith"] = ({
    settings: more = {},
    token = simulator.accessToken(),
    withinLimits = false,
  }) => {
    const credential = { name: "authorization", value: `Bearer ${token}` };
    const api = connectorApi({ connector: xero, settings: { ...settings, ...more }, credential, clock, withinLimits });
    apis.push(api);
    return api;
  };
  return {
    clock,
    simulator,
    served,
    settings,
    api: apiWith({}),
    apiWith,
    async [Symbol.asyncDispose]() {
      await Promise.all(apis.map((api) => api[Symbol.asyncDispose]()));
      await served.close();
    },
  };
}
