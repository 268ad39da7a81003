// The server of a running engine: webhooks into the store, the JSON API and the page over its control.
import type { Connecting } from "./auth/connecting.ts";
import type { LiveSecrets } from "./call/live-secrets.ts";
import type { Control } from "./control.ts";
import type { Project } from "./define/config.ts";
import type { ConnectionBase } from "./define/connector.ts";
import { isSecret, type SecretReader } from "./define/secret.ts";
import { secretText, type SecretText } from "./define/secret-text.ts";
import type { Log } from "./log.ts";
import { packageVersion } from "./package-version.ts";
import { createApi } from "./server/api.ts";
import { createEdge } from "./server/edge.ts";
import { createServer, type BowlineServer } from "./server/server.ts";
import type { Store } from "./store/store.ts";
import type { Clock } from "./world/world.ts";

export interface EngineServerParts {
  readonly project: Project;
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: SecretReader;
  readonly live: LiveSecrets;
  readonly log: Log;
  readonly control: Control;
  readonly connecting: Connecting;
  /** Opens the API and the page. */
  readonly token: string;
  readonly port: number;
  readonly residentBytes: () => number;
  readonly onArrival: () => void;
  readonly onRefused: (connection: string, reason: string) => void;
}

/** Nothing listens before its `start`. */
export function engineServer(parts: EngineServerParts): BowlineServer {
  const { project, store, clock, log, port, onArrival, onRefused } = parts;
  const outside = project.publicUrl === undefined ? {} : { publicUrl: project.publicUrl };
  const edge = createEdge({
    connections: takersOf(parts),
    ingest: (arrivals) => store.ingest(arrivals),
    clock,
    ...outside,
    onArrival,
    onRefused,
    limits: project.limits,
  });
  const metricsToken = metricsTokenOf(parts);
  const begun = { version: packageVersion(), startedAt: clock.now() };
  const api = createApi({
    control: parts.control,
    connecting: parts.connecting,
    token: parts.token,
    ...(metricsToken === undefined ? {} : { metricsToken }),
    // What comes through a proxy on this machine may look as if somebody sat at it.
    openPage: project.publicUrl === undefined,
    host: project.host,
    ...outside,
    refusing: edge.refusing,
    processFigures: () => ({ ...begun, residentBytes: parts.residentBytes() }),
    onFault: (error) => log("error", `could not answer a request: ${String(error)}`),
  });
  return createServer({ host: project.host, port, edge, api, clock });
}

function metricsTokenOf({ project, secrets, live }: EngineServerParts): string | undefined {
  const { token } = project.metrics;
  const metricsToken = token === undefined ? undefined : secrets(token);
  if (metricsToken !== undefined) live.learn("metrics", [metricsToken]);
  return metricsToken;
}

/** The connections that take webhooks, by name. */
function takersOf({ project, secrets }: EngineServerParts): Parameters<typeof createEdge>[0]["connections"] {
  return new Map(
    project.connections.flatMap((connection) => {
      const { webhook } = connection.connector;
      if (webhook === undefined) return [];
      const known = webhookSecrets(connection, secrets);
      return [[connection.connectionName, { webhook, secrets: () => known.map((secret) => secret.reveal()) }] as const];
    }),
  );
}

function webhookSecrets({ connector, settings }: ConnectionBase, secrets: SecretReader): readonly SecretText[] {
  return (connector.webhook?.secretSettings ?? []).flatMap((name) => {
    const setting = (settings as Readonly<Record<string, unknown>>)[name];
    const secret = isSecret(setting) ? secrets(setting) : setting;
    return typeof secret === "string" && secret !== "" ? [secretText(secret)] : [];
  });
}
