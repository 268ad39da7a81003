// A connector's API for its own tests: the engine's call layer over real HTTP, signed in with a token that the test holds,
// outside the provider's declared limits unless the test wants them.
import { createCaller } from "../call/caller.ts";
import type { Api, ApiRequest, ConnectionBase, Connector } from "../define/connector.ts";
import { CallFailed, type Outcome } from "../define/outcome.ts";
import type { RequestEntry } from "../store/store.ts";
import { httpNetwork } from "../world/http-network.ts";
import { SeededRandom } from "../world/virtual.ts";
import type { Clock } from "../world/world.ts";

export interface ConnectorApiOptions {
  readonly connector: Connector<any, any>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The header that signs each call in, such as `{ name: "authorization", value: "Bearer t" }`. */
  readonly credential: { readonly name: string; readonly value: string };
  readonly clock: Clock;
  /** Keep to the connector's declared limits. Default false. */
  readonly withinLimits?: boolean;
}

export interface ConnectorApi extends Api, AsyncDisposable {
  /** Every request of the connector, oldest first. */
  readonly sent: readonly ApiRequest[];
  /** What the engine would log. */
  readonly entries: readonly RequestEntry[];
}

export function connectorApi(options: ConnectorApiOptions): ConnectorApi {
  const { connector, settings, credential, clock, withinLimits = false } = options;
  const network = httpNetwork();
  const connection: ConnectionBase<any, any> = {
    kind: "connection",
    connectionName: connector.name,
    connector: {
      ...connector,
      auth: { kind: "header", header: credential.name, setting: CREDENTIAL },
      ...(withinLimits ? {} : { limits: [] }),
    },
    settings: { ...settings, [CREDENTIAL]: credential.value },
  };
  const caller = createCaller({
    connection,
    secrets: () => undefined,
    world: { clock, random: new SeededRandom(1), network },
    credentials: NOBODY,
    onReauthorize: () => undefined,
  });
  const sent: ApiRequest[] = [];
  const entries: RequestEntry[] = [];
  const api = caller.api({ priority: "live", entries });
  return {
    settings,
    sent,
    entries,
    request(request) {
      sent.push(request);
      // Whoever lost its credential in one call of a test may still make the next.
      caller.setConnectionState({ state: "active" });
      return api.request(request);
    },
    [Symbol.asyncDispose]: () => network.close(),
  };
}

const CREDENTIAL = "credential of the test";
const NOBODY = {
  accessToken: () => Promise.reject(new Error("no token is kept in the tests of a connector")),
  refused: () => undefined,
  replaceRefreshToken: () => Promise.reject(new Error("no token is kept in the tests of a connector")),
};

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
