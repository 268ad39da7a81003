// A connector's API for its own tests: the engine's call layer over real HTTP, signed in with a token that the test holds,
// outside the provider's declared limits unless the test wants them.
import { createCaller } from "../call/caller.ts";
import type { Api, ApiRequest, ConnectionBase, Connector, Limit } from "../define/connector.ts";
import type { Schema } from "../define/schema.ts";
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
      settings: TAKES_ALL,
      ...(withinLimits ? {} : { limits: unlimited(connector, settings), readLimits: () => [] }),
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

/** The schema of settings refuses what it does not know, such as the test's own credential. */
const TAKES_ALL: Schema<Record<string, unknown>> = {
  "~standard": { version: 1, vendor: "bowline", validate: (value) => ({ value: value as Record<string, unknown> }) },
};

/** Each limit by its name, since calls name them, and room for every call. */
function unlimited({ limits }: Connector<any, any>, settings: Readonly<Record<string, unknown>>): readonly Limit[] {
  const declared: readonly Limit[] = typeof limits === "function" ? limits(settings) : limits;
  return declared.map(({ name, every }) => ({ kind: "concurrency", name, every, count: Number.MAX_SAFE_INTEGER }));
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
