// Puts together what watches over providers: their webhooks and their drift. Both listen at the store and at the callers, and
// nothing waits for them.
import { readSettings } from "./call/settings.ts";
import type { Caller } from "./call/caller.ts";
import { allSyncs, sourcesOf, type Project } from "./define/config.ts";
import type { ConnectedResource } from "./define/connection.ts";
import type { ConnectionBase, Connector } from "./define/connector.ts";
import type { SecretReader } from "./define/secret.ts";
import type { Subscriptions } from "./define/subscriptions.ts";
import type { Log } from "./log.ts";
import type { Store } from "./store/store.ts";
import { DriftWatch } from "./watch/drift-watch.ts";
import { hookPath } from "./watch/subscribing-text.ts";
import { watchedStore } from "./watch/watched-store.ts";
import { WebhookWatch } from "./watch/webhook-watch.ts";
import type { Clock } from "./world/world.ts";

export interface EngineWatchOptions {
  readonly project: Project;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: SecretReader;
  /** Filled before it is started. */
  readonly callers: ReadonlyMap<string, Caller>;
  /** The resources that syncs read, by id. */
  readonly sources: ReadonlyMap<string, ConnectedResource>;
}

export interface EngineWatch {
  /** The same store, at which is listened. */
  readonly store: Store;
  readonly webhooks: WebhookWatch;
  readonly drift: DriftWatch;
  /** Who lists a gap in what webhooks told. */
  fillWith(fill: (resource: string, since: number) => void): void;
  load(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export function engineWatch({
  project,
  store,
  clock,
  log,
  secrets,
  callers,
  sources,
}: EngineWatchOptions): EngineWatch {
  const { connections, publicUrl } = project;
  let fill: (resource: string, since: number) => void = () => undefined;
  const drift = new DriftWatch({ store, clock, log, connections, syncs: allSyncs(project), sources });
  const webhooks = new WebhookWatch({
    store,
    clock,
    log,
    connections,
    sources,
    callers,
    subscriptions: new Map(connections.flatMap((connection) => subscriptionsOf(connection, secrets))),
    addressOf: (name) => (publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/, "")}${hookPath(name)}`),
    ownersOf: (id) =>
      allSyncs(project).flatMap((sync) =>
        sourcesOf(sync).some((from) => from.id === id) && sync.owner !== undefined ? [sync.owner.name] : [],
      ),
    fill: (resource, since) => fill(resource, since),
  });
  const settled = new Set<string>();
  return {
    store: watchedStore(store, { webhooks, drift }, settled),
    webhooks,
    drift,
    fillWith(by) {
      fill = by;
    },
    async load() {
      await webhooks.load();
      await drift.load();
      for (const id of sources.keys()) {
        for (const kind of ["changes", "everything"] as const) {
          if ((await store.scan(id, kind))?.completeAt !== undefined) settled.add(id);
        }
      }
    },
    start() {
      webhooks.start();
      drift.start();
    },
    async stop() {
      await Promise.all([webhooks.stop(), drift.stop()]);
    },
  };
}

/** None for a provider that sends no webhooks. */
function subscriptionsOf(
  connection: ConnectionBase,
  secrets: SecretReader,
): readonly (readonly [name: string, subscriptions: Subscriptions])[] {
  const { webhook, subscriptions, title }: Connector = connection.connector;
  if (webhook === undefined) return [];
  const told =
    typeof subscriptions === "function" ? subscriptions(readSettings(connection, secrets).settings) : subscriptions;
  return [[connection.connectionName, told ?? { how: "by-hand", where: `the pages of ${title}` }]];
}
