// The provider on trial, which keeps the truth: every change of every record, when it was made, how it was stamped, and from
// when listings show it.
import type { Clock, Random } from "../../src/world/world.ts";
import { ABSENT_FEW } from "../../src/observe/absent.ts";
import { KEPT_LONG_MS, type Quirks } from "./quirks.ts";
import type { Marker } from "./markers.ts";

/** One change of one record. */
export interface Change {
  readonly key: string;
  /** Counted over all records. */
  readonly seq: number;
  readonly at: number;
  readonly stamp: number;
  readonly visibleAt: number;
  readonly deleted: boolean;
  readonly value: string;
}

export interface Listed {
  readonly changes: readonly Change[];
  readonly deleted: readonly Change[];
  readonly more: boolean;
  readonly cursor?: string;
  readonly purged?: boolean;
  readonly coveredUntil?: number;
}

export interface Query {
  readonly kind: "changes" | "everything";
  readonly since: number;
  readonly afterStamp: number | undefined;
  readonly afterKey: string | undefined;
  readonly offset: number;
  readonly cursor: string | undefined;
}

interface Snapshot {
  readonly rows: readonly Change[];
  readonly at: number;
}

const BY_KEY = (one: Change, other: Change): number => (one.key < other.key ? -1 : 1);
const BY_STAMP = (one: Change, other: Change): number => one.stamp - other.stamp || BY_KEY(one, other);

export class Provider {
  readonly met = new Set<Marker>();
  readonly #records = new Map<string, Change[]>();
  readonly #snapshots: Snapshot[] = [];
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #quirks: Quirks;
  readonly #startedAt: number;
  #seq = 0;
  #deletions = 0;

  constructor(options: { readonly clock: Clock; readonly random: Random; readonly quirks: Quirks }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#quirks = options.quirks;
    this.#startedAt = options.clock.now();
  }

  /** The time by the clock that stamps. */
  now(): number {
    return this.#clock.now() + this.#offMs();
  }

  keys(): readonly string[] {
    return [...this.#records.keys()];
  }

  changesOf(key: string): readonly Change[] {
    return this.#records.get(key) ?? [];
  }

  get changes(): number {
    return this.#seq;
  }

  latest(key: string): Change | undefined {
    return this.#records.get(key)?.at(-1);
  }

  create(): Change {
    return this.#change(this.#newKey(), false);
  }

  edit(key: string): Change {
    const restores = this.latest(key)?.deleted === true;
    if (restores) this.met.add("restored");
    return this.#change(key, false);
  }

  /** Where deletions may be told by nothing but absence, there are never more than a complete listing is believed. */
  remove(key: string): Change | undefined {
    if (this.#deletions >= deletionsMax(this.#quirks)) return undefined;
    this.#deletions += 1;
    return this.#change(key, true);
  }

  read(keys: readonly string[]): readonly Change[] {
    return keys.map((key) => this.latest(key)).filter((change) => change !== undefined && !change.deleted) as Change[];
  }

  /** Undefined: the cursor is not known any more. */
  list(query: Query): Listed | undefined {
    const { paging, pageRecords } = this.#quirks;
    if (paging === "snapshot") return this.#fromSnapshot(query);
    const all = this.#rows(query);
    const rest = all.slice(query.offset).filter((change) => isAfter(change, query, paging));
    const changes = rest.slice(0, pageRecords);
    if (rest.length > changes.length) this.#noteEdge(changes.at(-1), rest[changes.length]);
    return this.#listed(query, changes, rest.length > changes.length);
  }

  #fromSnapshot(query: Query): Listed | undefined {
    const { pageRecords, cursorLivesMs } = this.#quirks;
    const [number = 0, from = 0] = query.cursor?.split("/").map(Number) ?? [];
    if (query.cursor === undefined) this.#snapshots.push({ rows: this.#rows(query), at: this.#clock.now() });
    const id = query.cursor === undefined ? this.#snapshots.length - 1 : number;
    const snapshot = this.#snapshots[id]!;
    if (this.#clock.now() - snapshot.at > cursorLivesMs) {
      this.met.add("cursor-expired");
      return undefined;
    }
    const until = from + pageRecords;
    const more = until < snapshot.rows.length;
    if (more) this.#noteEdge(snapshot.rows[until - 1], snapshot.rows[until]);
    const listed = this.#listed(query, snapshot.rows.slice(from, until), more);
    return more ? { ...listed, cursor: `${id}/${until}` } : listed;
  }

  #listed(query: Query, changes: readonly Change[], more: boolean): Listed {
    const covered = this.#quirks.tellsCovered ? { coveredUntil: this.now() - this.#quirks.lagMsMax } : {};
    if (more || query.kind === "everything" || this.#quirks.deletions === "none") {
      return { changes, deleted: [], more, ...covered };
    }
    const keptFrom = this.now() - this.#quirks.deletionsKeptMs;
    const purged = query.since < keptFrom;
    return { changes, deleted: this.#log(query.since, keptFrom), more, ...covered, ...(purged ? { purged } : {}) };
  }

  /** Records as the listing shows them now, in its order. */
  #rows({ kind, since }: Query): readonly Change[] {
    const rows = [...this.#records.keys()].flatMap((key) => {
      const shown = this.#shown(key);
      return shown === undefined || shown.deleted ? [] : [shown];
    });
    if (kind === "everything") return rows.sort(BY_KEY);
    this.#noteHidden(since);
    const lookback = this.#quirks.lookbackMs;
    const oldest = lookback === undefined ? Number.NEGATIVE_INFINITY : this.now() - lookback;
    const changed = rows.filter((change) => this.#isSince(change, since) && change.stamp >= oldest);
    return changed.sort(this.#quirks.paging === "id" ? BY_KEY : BY_STAMP);
  }

  #isSince({ stamp }: Change, since: number): boolean {
    const from = cut(since, this.#quirks.stampMs);
    if (this.#quirks.since === "inclusive") return stamp >= from;
    if (stamp === from) this.met.add("since-exclusive");
    return stamp > from;
  }

  #log(since: number, keptFrom: number): readonly Change[] {
    const told: Change[] = [];
    for (const [key, changes] of this.#records) {
      const deletions = changes.filter((one) => one.deleted && this.#isVisible(one));
      const gone = deletions.at(-1);
      if (gone === undefined || !this.#isSince(gone, since)) continue;
      const isRestored = this.#shown(key)?.deleted === false;
      if (isRestored && !this.#quirks.tombstonesStay) continue;
      if (gone.stamp < keptFrom) this.met.add("deletion-purged");
      else told.push(gone);
      if (isRestored && gone.stamp >= keptFrom) this.met.add("tombstone-stays");
    }
    return told;
  }

  #shown(key: string): Change | undefined {
    return this.#records.get(key)?.findLast((change) => this.#isVisible(change));
  }

  #isVisible({ visibleAt }: Change): boolean {
    return visibleAt <= this.#clock.now();
  }

  #change(key: string, deleted: boolean): Change {
    const { lagMsMax, stampMs } = this.#quirks;
    const at = this.#clock.now();
    const stamp = cut(this.now(), stampMs);
    if (stampMs > 1 && stamp < this.now()) this.met.add("stamp-cut");
    if (Math.abs(this.#offMs()) >= 60_000) this.met.add("clock-off");
    const changes = this.#records.get(key) ?? [];
    if (stamp < (changes.at(-1)?.stamp ?? 0)) this.met.add("stamp-goes-back");
    const lagMs = lagMsMax === 0 || this.#random.next() < 0.3 ? 0 : Math.round(this.#random.next() * lagMsMax);
    this.#seq += 1;
    const change = { key, seq: this.#seq, at, stamp, visibleAt: at + lagMs, deleted, value: `${key}#${this.#seq}` };
    this.#records.set(key, [...changes, change]);
    return change;
  }

  #newKey(): string {
    const key = `r${String(Math.floor(this.#random.next() * 1e6)).padStart(6, "0")}`;
    return this.#records.has(key) ? this.#newKey() : key;
  }

  #offMs(): number {
    const { offMs, jump } = this.#quirks.clock;
    if (jump === undefined || this.#clock.now() - this.#startedAt < jump.afterMs) return offMs;
    this.met.add("clock-jumped");
    return jump.offMs;
  }

  #noteEdge(last: Change | undefined, next: Change | undefined): void {
    if (last !== undefined && last.stamp === next?.stamp) this.met.add("equal-stamps-across-pages");
  }

  #noteHidden(since: number): void {
    const now = this.#clock.now();
    const last = [...this.#records.values()].map((changes) => changes.at(-1)!);
    if (last.some((one) => one.visibleAt > now && one.stamp >= since && one.at < now)) this.met.add("shown-late");
  }
}

function deletionsMax({ deletions, deletionsKeptMs, lookbackMs }: Quirks): number {
  const isAllTold = deletions === "log" && deletionsKeptMs >= KEPT_LONG_MS && lookbackMs === undefined;
  return isAllTold ? Number.POSITIVE_INFINITY : ABSENT_FEW;
}

function isAfter(change: Change, { afterStamp, afterKey }: Query, paging: Quirks["paging"]): boolean {
  if (paging === "offset" || (afterKey === undefined && afterStamp === undefined)) return true;
  if (afterStamp === undefined) return change.key > afterKey!;
  return change.stamp > afterStamp || (afterKey !== undefined && change.stamp === afterStamp && change.key > afterKey);
}

function cut(at: number, toMs: number): number {
  return Math.floor(at / toMs) * toMs;
}
