// Notices when a provider is no longer as its connector and the mappings know it: from what does not fit when it is decided,
// from a few samples of each listing, from refusals and from the headers of answers. Told once, kept until it is over.
import type { Answer, ConnectionBase, Connector } from "../define/connector.ts";
import type { ConnectedResource } from "../define/connection.ts";
import { misfitsOf, type Misfit } from "../define/misfit.ts";
import type { Sync } from "../define/sync.ts";
import type { TwoWaySync } from "../define/two-way.ts";
import type { Log } from "../log.ts";
import type { DriftId, DriftKind, DriftRow, Settlement, Store } from "../store/store.ts";
import type { Clock } from "../world/world.ts";
import { deprecationsIn } from "./deprecation-headers.ts";
import { readersOf, type DriftReader } from "./drift-readers.ts";
import { driftText, driftView, writtenBy, type DriftView } from "./drift-view.ts";
import { hasVanished, isThere, NEW_PROFILE, sampled, type FieldProfile } from "./field-profile.ts";
import { requiredField } from "./required-field.ts";
import { sampledResource } from "./sampled-resource.ts";

/** How often what was noticed is kept, and what is over is taken away. */
const BEAT_MS = 60_000;
/** Records of one resource that are sampled in any minute. */
const SAMPLES_PER_BEAT = 30;
/** A provider wants a field when so many records were refused for want of it. */
const REFUSALS_MIN = 3;
/** What was not seen for so long is over: what the record itself cannot tell. */
const OVER_MS = 24 * 3_600_000;
/** Drifts that are kept; more of them are one drift seen from many sides. */
const DRIFTS_MAX = 500;
/** The end of an API's version is told so long before. */
const VERSION_MS = 90 * 86_400_000;

export interface DriftWatchParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly connections: readonly ConnectionBase<any, any>[];
  readonly syncs: readonly (Sync | TwoWaySync)[];
  /** The resources that syncs read, by id. */
  readonly sources: ReadonlyMap<string, ConnectedResource>;
}

const idOf = ({ kind, on, place }: DriftId): string => `${kind}\n${on}\n${place}`;

export class DriftWatch {
  readonly #parts: DriftWatchParts;
  readonly #drifts = new Map<string, DriftRow>();
  readonly #changed = new Set<string>();
  readonly #profiles = new Map<string, Map<string, FieldProfile>>();
  /** Which records were refused for want of a field, as many as it takes to tell. */
  readonly #refused = new Map<string, Set<string>>();
  readonly #samples = new Map<string, number>();
  #takeBackTimer: (() => void) | undefined;
  #beating: Promise<void> | undefined;
  readonly #readers: readonly DriftReader[];
  #running = false;

  constructor(parts: DriftWatchParts) {
    this.#parts = parts;
    this.#readers = parts.syncs.flatMap((sync) => readersOf(sync));
  }

  async load(): Promise<void> {
    const { store } = this.#parts;
    for (const row of await store.drifts()) this.#drifts.set(idOf(row), row);
    for (const { name, state } of await store.watched("profile")) {
      this.#profiles.set(name, new Map(JSON.parse(state) as [string, FieldProfile][]));
    }
  }

  start(): void {
    this.#running = true;
    this.#noticeVersions();
    this.#later();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#takeBackTimer?.();
    await this.#beating;
    await this.#keep().catch(() => undefined);
  }

  views(): readonly DriftView[] {
    return [...this.#drifts.values()].map((row) => driftView(row, this.#parts.syncs));
  }

  // ------------------------------------------------------------ what is noticed

  /** The same resource, of whose listings a few records are looked at. */
  watching(from: ConnectedResource): ConnectedResource {
    return sampledResource(from, (record, isNews) => this.sample(from, record, isNews));
  }

  /** The same connection, of whose answers the headers are looked at. */
  listeningTo<Each extends ConnectionBase<any, any>>(connection: Each): Each {
    const connector: Connector = connection.connector;
    const { readLimits } = connector;
    const hears = (answer: Answer) => {
      this.#answered(connection.connectionName, connector, answer);
      return readLimits?.call(connector, answer) ?? [];
    };
    return { ...connection, connector: { ...connector, readLimits: hears } };
  }

  /** What did not fit when a record was decided. */
  misfit(resource: string, key: string, misfits: readonly Misfit[]): void {
    for (const { kind, place, detail } of misfits) this.#notice(kind, resource, place, detail, key);
  }

  /** Writes that the provider refused for want of a field, and records of pairs that do not fit. */
  settled(settlements: readonly Settlement[]): void {
    for (const settlement of settlements) {
      if (settlement.to !== "parked") continue;
      const sync = this.#parts.syncs.find(({ name }) => name === settlement.sync);
      if (sync?.kind === "two-way-sync" && settlement.cause === "schema") this.#unfitting(sync, settlement);
      if (sync === undefined || settlement.cause !== "invalid") continue;
      const to = refusedBy(sync, settlement);
      const field = to === undefined ? undefined : requiredField(settlement.reason);
      if (to === undefined || field === undefined) continue;
      const id = idOf({ kind: "required", on: to.id, place: field });
      const keys = this.#refused.get(id) ?? new Set();
      this.#refused.set(id, keys);
      if (keys.size < REFUSALS_MIN) keys.add(settlement.key);
      if (keys.size >= REFUSALS_MIN) this.#notice("required", to.id, field, settlement.reason, settlement.key);
    }
  }

  /** A pair's records are told by their keys alone. */
  #unfitting(sync: TwoWaySync, { key, side }: Settlement): void {
    const { store, log } = this.#parts;
    const look = async (): Promise<void> => {
      const [other] = side === 1 ? [undefined] : await store.links([{ sync: sync.name, key }]);
      const keys = side === 1 ? [undefined, key] : [key, other];
      for (const [index, { resource: from }] of sync.sides.entries()) {
        const known = keys[index] === undefined ? undefined : await store.record(from.id, keys[index]);
        if (known?.body !== undefined && !known.deleted) this.sample(from, JSON.parse(known.body), false);
      }
    };
    look().catch((error: unknown) => log("warn", `could not look at a record that does not fit: ${String(error)}`));
  }

  sample({ id, resource }: ConnectedResource, record: unknown, isNews: boolean): void {
    const taken = this.#samples.get(id) ?? 0;
    if (taken >= SAMPLES_PER_BEAT) return;
    this.#samples.set(id, taken + 1);
    const result = resource.schema["~standard"].validate(record);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      return;
    }
    const key = resource.key(record);
    if (result.issues !== undefined) this.misfit(id, key, misfitsOf(result.issues, record));
    for (const reader of this.#readers.filter(({ from }) => from.id === id)) {
      if (!isInScope(reader, record)) continue;
      for (const { place, value } of reader.newValues(record)) {
        this.#notice("value", id, place, `the table of ${reader.sync.name} has no entry for ${value}`, key);
      }
      if (isNews) this.#profile(id, reader, record, key);
    }
  }

  #profile(id: string, { paths }: DriftReader, record: unknown, key: string): void {
    const profiles = this.#profiles.get(id) ?? new Map<string, FieldProfile>();
    this.#profiles.set(id, profiles);
    for (const path of paths.targets.keys()) {
      const before = profiles.get(path) ?? NEW_PROFILE;
      const after = sampled(before, isThere(record, path));
      profiles.set(path, after);
      if (hasVanished(after)) {
        const [, , missing] = after;
        const detail = `it was not in the last ${missing} records that were looked at, and mostly was before`;
        this.#notice("vanished", id, path, detail, key);
      } else if (hasVanished(before)) this.#over({ kind: "vanished", on: id, place: path });
    }
  }

  #answered(connection: string, connector: Connector, answer: Answer): void {
    for (const said of deprecationsIn(answer.headers)) this.#notice("version", connection, said, said);
    for (const said of connector.deprecations?.(answer) ?? []) this.#notice("version", connection, said, said);
  }

  #noticeVersions(): void {
    const now = this.#parts.clock.now();
    for (const { connectionName, connector } of this.#parts.connections) {
      const { apiVersion = "in use", apiVersionEnds } = connector as Connector;
      const ends = Date.parse(apiVersionEnds ?? "");
      const id = { kind: "version", on: connectionName, place: "apiVersion" } as const;
      if (Number.isNaN(ends) || ends - now > VERSION_MS) this.#over(id);
      else
        this.#notice(
          "version",
          connectionName,
          "apiVersion",
          `version ${apiVersion} is served until ${apiVersionEnds}`,
        );
    }
  }

  #notice(kind: DriftKind, on: string, place: string, detail: string, key?: string): void {
    const now = this.#parts.clock.now();
    const id = idOf({ kind, on, place });
    const before = this.#drifts.get(id);
    if (before === undefined && this.#drifts.size >= DRIFTS_MAX) return;
    const { firstAt = now, times = 0 } = before ?? {};
    const row = {
      kind,
      on,
      place,
      detail,
      firstAt,
      lastAt: now,
      times: times + 1,
      ...(key === undefined ? {} : { key }),
    };
    this.#drifts.set(id, row);
    this.#changed.add(id);
    if (before === undefined) this.#tell(row);
  }

  #tell(row: DriftRow): void {
    const { touches } = driftView(row, this.#parts.syncs);
    const touched = touches.map(({ sync, fields }) => (fields.length === 0 ? sync : `${sync} (${fields.join(", ")})`));
    const owners = touches.flatMap(({ owner }) => (owner === undefined ? [] : [owner]));
    const what = touched.length === 0 ? "no sync depends on it" : `it touches ${touched.join("; ")}`;
    this.#parts.log("warn", `${driftText(row)}; ${what}`, {
      drift: row.kind,
      on: row.on,
      owner: [...new Set(owners)].join(", "),
    });
  }

  // ------------------------------------------------------------ beat

  #later(): void {
    this.#takeBackTimer = this.#parts.clock.timer(BEAT_MS, () => {
      this.#samples.clear();
      this.#beating = this.#beat().finally(() => {
        this.#beating = undefined;
        if (this.#running) this.#later();
      });
    });
  }

  async #beat(): Promise<void> {
    try {
      this.#noticeVersions();
      for (const row of this.#drifts.values()) if (await this.#isOver(row)) this.#over(row);
      await this.#keep();
    } catch (error) {
      this.#parts.log("warn", `could not look after drifts, trying again later: ${String(error)}`);
    }
  }

  /** The record that showed it last is asked, as it is known now; what no record tells is over when it is not seen for a day. */
  async #isOver(row: DriftRow): Promise<boolean> {
    const { kind, on, place, key, lastAt } = row;
    const { sources, store, clock } = this.#parts;
    if (kind === "version" && place === "apiVersion") return false;
    const source = sources.get(on);
    const isOld = clock.now() - lastAt >= OVER_MS;
    if (kind === "required" || kind === "version" || key === undefined || source === undefined) return isOld;
    const profile = this.#profiles.get(on)?.get(place);
    if (kind === "vanished" && profile !== undefined && hasVanished(profile)) return false;
    const known = await store.record(on, key);
    if (known?.body === undefined || known.deleted) return isOld;
    if (known.stale > 0) return false;
    const record: unknown = JSON.parse(known.body);
    return !this.#stillShows(row, source, record);
  }

  #stillShows({ kind, on, place }: DriftRow, { resource }: ConnectedResource, record: unknown): boolean {
    const result = resource.schema["~standard"].validate(record);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      return true;
    }
    const misfits = result.issues === undefined ? [] : misfitsOf(result.issues, record);
    if (misfits.some((misfit) => misfit.kind === kind && misfit.place === place)) return true;
    const readers = this.#readers.filter(({ from }) => from.id === on);
    return kind === "value" && readers.some((reader) => reader.newValues(record).some((one) => one.place === place));
  }

  #over(drift: DriftId): void {
    const id = idOf(drift);
    const row = this.#drifts.get(id);
    if (row === undefined) return;
    this.#drifts.delete(id);
    this.#refused.delete(id);
    this.#changed.add(id);
    this.#parts.log("info", `it is over: ${driftText(row)}`, { drift: row.kind, on: row.on });
  }

  async #keep(): Promise<void> {
    const { store } = this.#parts;
    const ids = [...this.#changed];
    this.#changed.clear();
    const rows = ids.flatMap((id) => this.#drifts.get(id) ?? []);
    const gone = ids.filter((id) => !this.#drifts.has(id)).map(driftIdOf);
    if (rows.length > 0) await store.keepDrifts(rows);
    if (gone.length > 0) await store.dropDrifts(gone);
    const profiles = [...this.#profiles].map(([name, fields]) => ({
      what: "profile" as const,
      name,
      state: JSON.stringify([...fields]),
    }));
    if (profiles.length > 0) await store.keepWatched(profiles);
  }
}

function driftIdOf(id: string): DriftId {
  const [kind = "", on = "", place = ""] = id.split("\n");
  return { kind: kind as DriftKind, on, place };
}

/** Of a pair the last request tells which side refused; where both are of one connection nobody can tell. */
function refusedBy(sync: Sync | TwoWaySync, { requests = [] }: Settlement): ConnectedResource | undefined {
  const [first, second] = writtenBy(sync);
  if (second === undefined || first === undefined) return first;
  const connection = first.connectionName === second.connectionName ? undefined : requests.at(-1)?.connection;
  return [first, second].find(({ connectionName }) => connectionName === connection);
}

/** What is out of scope may hold what no table foresees. */
function isInScope({ only }: DriftReader, record: unknown): boolean {
  try {
    return only?.(record) ?? true;
  } catch {
    return false;
  }
}
