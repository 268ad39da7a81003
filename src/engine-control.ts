// What people and programs ask of a running engine, answered from the store and the parts that run.
import type { Alerts } from "./alert/alerts.ts";
import { keysStatus, verifyKeys } from "./auth/inspect-keys.ts";
import { rotateKeys } from "./auth/rotate-keys.ts";
import type { KeptVault } from "./auth/vault.ts";
import { syncDigest } from "./backtest/sync-digest.ts";
import type { Caller } from "./call/caller.ts";
import { ControlError, type ConnectionHealth, type Control, type Status } from "./control.ts";
import { allSyncs, resourcesOf, sourcesOf, type Project } from "./define/config.ts";
import { issueText } from "./define/schema.ts";
import type { Sync } from "./define/sync.ts";
import { thrownText } from "./define/thrown-text.ts";
import type { TwoWaySync } from "./define/two-way.ts";
import type { ConnectedResource } from "./define/connection.ts";
import { putBack } from "./engine-conflicts.ts";
import type { EngineConnections } from "./engine-connections.ts";
import { refuseUnfit } from "./engine-correct.ts";
import { linkByHand } from "./engine-link.ts";
import type { EngineWatch } from "./engine-watch.ts";
import { sourcesOf as sourcesOfProject } from "./engine-declaration.ts";
import { unknownName } from "./define/did-you-mean.ts";
import { awaitingText, dueRows, inactiveText, isDueBesidesLinks, syncHealth } from "./health.ts";
import { repeatRequest } from "./repeat-request.ts";
import type { Listing } from "./observe/listing.ts";
import { seenRecord } from "./observe/seen-record.ts";
import { keyOf, unreadableOf } from "./observe/unreadable.ts";
import { auditFault } from "./watch/audit/audit-fault.ts";
import type { Audits } from "./watch/audit/audits.ts";
import type { LinkNeed, Observation, ResourceStatus, Store, StoreStatus } from "./store/store.ts";
import type { Clock } from "./world/world.ts";

/** How many are told when nobody says. */
const AUDITS_TOLD = 50;
const FINDINGS_TOLD = 100;
/** Cursors end, and people ask for everything: a listing that was begun anew so often is told. */
const BEGUN_ANEW_TOLD = 3;

export interface EngineControlParts {
  readonly project: Project;
  readonly store: Store;
  readonly vault: KeptVault;
  readonly clock: Clock;
  readonly callers: ReadonlyMap<string, Caller>;
  readonly connections: EngineConnections;
  readonly watch: EngineWatch;
  readonly listings: ReadonlyMap<string, Listing>;
  readonly audits: Audits;
  readonly alerts: Alerts;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  readonly wakeArrivals: () => void;
  /** Nothing is begun any more. */
  readonly isStopping: () => boolean;
}

export function engineControl(parts: EngineControlParts): Control {
  const { project, store, clock, wakeSyncs } = parts;
  const syncNamed = (name: string): Sync => oneWayNamed(parts, name);
  const anySync = (name: string): Sync | TwoWaySync =>
    project.twoWaySyncs.find((sync) => sync.name === name) ?? oneWayNamed(parts, name);
  const woken = (rows: readonly LinkNeed[]): readonly LinkNeed[] => {
    wakeSyncs([...new Set(rows.map(({ sync }) => sync))]);
    return rows;
  };
  const isAllListed = (): boolean => [...parts.listings.values()].every(({ idle }) => idle);
  return {
    status: () => status(parts),
    async sync(name, { full }) {
      const sources = sourcesOf(anySync(name));
      if (parts.isStopping()) {
        throw new ControlError(
          "not-now",
          `could not sync ${name}: expected a Bowline that runs, and this one is being stopped; ask again once it has started`,
        );
      }
      for (const { id } of sources) {
        parts.listings.get(id)?.ask(full ? "everything" : "changes", { evenUnchanged: full });
      }
      return { started: true };
    },
    async progress(name) {
      const sources = sourcesOf(anySync(name)).map(({ id }) => id);
      const { syncs, resources, connections } = await store.status();
      const counted = syncs.find(({ sync }) => sync === name);
      const pending = counted === undefined ? 0 : dueRows(counted);
      const scans = resources.filter(({ resource }) => sources.includes(resource));
      const read = scans.reduce(
        (sum, { everything, changes }) => sum + (everything?.records ?? changes?.records ?? 0),
        0,
      );
      const isListed = sources.every((id) => parts.listings.get(id)?.idle ?? true);
      const done = pending === 0 && isListed && scans.every(({ everything }) => everything?.beganAt === undefined);
      const held = heldForPerson(anySync(name), connections) ?? (isAllListed() ? awaitsInVain(name, syncs) : undefined);
      const facts = { read, pending, cleared: counted?.links ?? 0, parked: counted?.parked ?? 0, done };
      return held === undefined ? facts : { ...facts, held };
    },
    async noteAgain(name, keys, digest, side) {
      if (syncDigest(anySync(name)) !== digest) {
        throw new ControlError(
          "not-now",
          `could not note records of ${name} again: expected the sync as it runs, got it as it is in the project now; restart Bowline, then try again`,
        );
      }
      const noted = await store.noteAgain(name, keys, clock.now(), side);
      wakeSyncs([name]);
      return noted;
    },
    parked: (filter) => store.parked(filter),
    parkedGroups: () => store.parkedGroups(),
    retryParked: async (filter) => woken(await store.retryParked(filter, clock.now())),
    discardParked: (filter, reason) => store.discardParked(filter, clock.now(), reason),
    async correct(sync, key, corrections) {
      await known(parts, syncNamed(sync), key);
      refuseUnfit(syncNamed(sync), key, corrections);
      await store.correct(syncNamed(sync).name, key, corrections, clock.now());
      wakeSyncs([sync]);
    },
    async link(sync, key, targetKey) {
      const { name } = anySync(sync);
      await known(parts, anySync(sync), key);
      const linked = await linkByHand(parts, anySync(sync), key, targetKey);
      wakeSyncs([name]);
      return linked;
    },
    refuseDeletions: (sync) => store.refuseDeletions(anySync(sync).name, clock.now()),
    conflicts: (filter) => store.conflicts(filter),
    async putBack(conflict, side) {
      const row = await putBack(parts, conflict, side);
      wakeSyncs([row.sync]);
      return row;
    },
    story: (keyOrTitle) => store.story(keyOrTitle),
    requests: (filter) => store.requests(filter),
    repeatRequest: (id) => repeatRequest(parts, id),
    async replay(query) {
      if (query.connection !== undefined) connectionNamed(parts, query.connection);
      const count = await store.replay({ ...query, at: clock.now() });
      parts.wakeArrivals();
      return count;
    },
    importRecords: (resource, records) => importRecords(parts, resource, records),
    async audit(name, asked) {
      const sync = anySync(name);
      const fault = auditFault(sync, asked);
      if (fault !== undefined) throw new ControlError("not-possible", fault);
      return parts.audits.ask(sync.name, asked);
    },
    audits: ({ limit = AUDITS_TOLD, ...filter }) => parts.audits.view({ ...filter, limit }),
    auditFindings: ({ id, limit = FINDINGS_TOLD, ...query }) => parts.audits.findings(id, { ...query, limit }),
    keys: () => keysStatus(parts.vault),
    verifyKeys: () => verifyKeys(parts.vault),
    forgetTokens: async (connection) => {
      const next = await parts.connections.forgetTokens(connection);
      const dropped = await store.dropUnusedDataKeys();
      await parts.vault.read();
      return { connection, next, dropped: dropped.length };
    },
    rotateKeys: (options) => rotateKeys(parts.vault, options),
    alerts: () => Promise.resolve(parts.alerts.views()),
    testAlerts: () => parts.alerts.test(),
    drift: () => Promise.resolve(parts.watch.drift.views()),
    webhooks: () => Promise.resolve(parts.watch.webhooks.views()),
    ensureWebhooks: (name) => parts.watch.webhooks.ensure(connectionNamed(parts, name)),
    connections: () => parts.connections.connections(),
    connect: (name) => parts.connections.connect(name),
    connectProgress: (ticket) => parts.connections.connectProgress(ticket),
    disconnect: (name) => parts.connections.disconnect(name),
  };
}

/** A connection that is held by its calls alone: the last of them says why. */
async function withWhyHeld(store: Store, health: ConnectionHealth, now: number): Promise<ConnectionHealth> {
  const { connection, heldUntil = 0, reason } = health;
  if (heldUntil <= now || reason !== undefined) return health;
  const [last] = await store.requests({ connection, limit: 1 });
  if (last === undefined || last.outcome === "done") return health;
  const because = last.reason === undefined ? "" : `: ${last.reason}`;
  return { ...health, reason: `its last call ended ${last.outcome}${because}` };
}

/** Rows wait for links, and nothing is due that could make them. */
function awaitsInVain(name: string, syncs: StoreStatus["syncs"]): string | undefined {
  const awaiting = syncs.find(({ sync }) => sync === name)?.awaiting;
  return awaiting === undefined || syncs.some(isDueBesidesLinks) ? undefined : awaitingText(awaiting);
}

function heldForPerson(sync: Sync | TwoWaySync, states: StoreStatus["connections"]): string | undefined {
  const names = resourcesOf(sync).map(({ connectionName }) => connectionName);
  const held = states.find(({ connection, state }) => names.includes(connection) && state !== "active");
  return held === undefined ? undefined : inactiveText(held.connection, held);
}

async function status({ project, store, clock, callers, listings, watch }: EngineControlParts): Promise<Status> {
  const now = clock.now();
  const [stored, restored] = await Promise.all([store.status(), store.restored()]);
  const doubted = restored?.doubted.filter((id) => sourcesOfProject(project).has(id)) ?? [];
  const connections = project.connections.map(({ connectionName, connector }): ConnectionHealth => {
    const known = stored.connections.find(({ connection }) => connection === connectionName);
    const heldUntil = callers.get(connectionName)?.heldUntil();
    return {
      connection: connectionName,
      connector: connector.name,
      state: known?.state ?? "active",
      ...(known !== undefined && known.state !== "active" ? { reason: known.reason, since: known.since } : {}),
      ...(heldUntil === undefined ? {} : { heldUntil }),
    };
  });
  const told = await Promise.all(connections.map((health) => withWhyHeld(store, health, now)));
  const byName = new Map(told.map((health) => [health.connection, health]));
  return {
    at: now,
    project: project.name,
    syncs: allSyncs(project).map((sync) =>
      syncHealth({
        sync,
        counted: stored.syncs.find((counted) => counted.sync === sync.name),
        connections: byName,
        listingFault: sourcesOf(sync)
          .map(
            ({ id }) =>
              listings.get(id)?.fault ?? neverEnding(stored.resources.find(({ resource }) => resource === id)),
          )
          .find((fault) => fault !== undefined),
        now,
      }),
    ),
    connections: told,
    resources: stored.resources,
    tallies: stored.tallies,
    arrivalsWaiting: stored.arrivalsWaiting,
    ...(stored.arrivalsOldestAt === undefined ? {} : { arrivalsOldestAt: stored.arrivalsOldestAt }),
    arrivalsUnreadable: stored.arrivalsUnreadable,
    recordsUnreadable: stored.resources.reduce((count, resource) => count + unreadableOf(resource).length, 0),
    ...(restored !== undefined && doubted.length > 0 ? { restored: { ...restored, doubted } } : {}),
    drifts: watch.drift.views().filter(({ touches }) => touches.length > 0).length,
    webhooksLost: watch.webhooks.lost(),
  };
}

/** A listing that is begun anew again and again gets on well each time, and shows its last records never. */
function neverEnding(listed: ResourceStatus | undefined): string | undefined {
  for (const kind of ["everything", "changes"] as const) {
    const count = listed?.[kind]?.begunAnew ?? 0;
    if (count < BEGUN_ANEW_TOLD) continue;
    return `the listing of ${kind} of ${listed?.resource} was begun anew ${count} times and never came to its end; the log says why each time`;
  }
  return undefined;
}

function connectionNamed({ project }: EngineControlParts, name: string): string {
  const names = project.connections.map(({ connectionName }) => connectionName);
  return names.includes(name) ? name : refuseName("unknown-connection", "connection", name, names);
}

async function known({ store }: EngineControlParts, sync: Sync | TwoWaySync, key: string): Promise<void> {
  const sources = sourcesOf(sync).map(({ id }) => id);
  for (const id of sources) if ((await store.record(id, key)) !== undefined) return;
  throw new ControlError(
    "unknown-record",
    `sync ${sync.name} has no record ${key}: expected the key of one of ${sources.join(" or ")}`,
  );
}

function oneWayNamed({ project }: EngineControlParts, name: string): Sync {
  const found = project.syncs.find((sync) => sync.name === name);
  if (found !== undefined) return found;
  if (project.twoWaySyncs.some((sync) => sync.name === name)) {
    throw new ControlError(
      "not-now",
      `${name} is a two-way sync: mend the record in one of its systems, or put a value back`,
    );
  }
  const names = allSyncs(project).map((sync) => sync.name);
  return refuseName("unknown-sync", "sync", name, names);
}

async function importRecords(
  { project, store, clock, wakeSyncs }: EngineControlParts,
  resourceId: string,
  records: readonly unknown[],
): ReturnType<Control["importRecords"]> {
  const from = importable(project, resourceId);
  const observations: Observation[] = [];
  const faults: { row: number; fault: string }[] = [];
  for (const [index, record] of records.entries()) {
    try {
      const result = await from.resource.schema["~standard"].validate(record);
      if (result.issues === undefined) observations.push(imported(from, result.value, clock.now()));
      else faults.push({ row: index + 1, fault: result.issues.slice(0, 1).map(issueText).join() });
    } catch (error) {
      faults.push({ row: index + 1, fault: thrownText(error) });
    }
  }
  const { syncs } = await store.observe({ observations });
  wakeSyncs(syncs);
  return { taken: observations.length, faults };
}

function imported({ id, resource }: ConnectedResource, record: unknown, at: number): Observation {
  const how = { cause: "import", priority: "person", at, readable: resource.read !== undefined } as const;
  const told = { resource: id, key: keyOf(resource, record), ...how };
  return { ...told, ...seenRecord(resource, record) };
}

function importable(project: Project, id: string): ConnectedResource {
  const known = sourcesOfProject(project);
  return known.get(id) ?? refuseName("unknown-resource", "resource that a sync reads from", id, [...known.keys()]);
}

function refuseName(code: ControlError["code"], what: string, name: string, known: readonly string[]): never {
  throw new ControlError(code, unknownName(what, name, known));
}
