// Lists one resource by its schedule, page by page: everything at first, then what changed. The cursor moves in the
// transaction that makes the page durable, so a listing goes on where it was, whatever happened in between.
import { CallFailed } from "../define/outcome.ts";
import type { ConnectedResource } from "../define/connection.ts";
import type { Page } from "../define/resource.ts";
import { thrownText } from "../define/thrown-text.ts";
import { backoffMs } from "../call/backoff.ts";
import type { Caller, CallerWork } from "../call/caller.ts";
import type { World } from "../world/world.ts";
import type { Plants } from "../world/plant.ts";
import type { ObserveBatch, RequestEntry, ScanKind, ScanState, Store, UnreadableRecord } from "../store/store.ts";
import { ABSENT_PAGE, absentAfter, lookAt } from "./absent.ts";
import { HandOver } from "./hand-over.ts";
import { OnTheWay } from "./on-the-way.ts";
import {
  pageObservations,
  priorityOf,
  slicesOf,
  tellsVersions,
  wasListed,
  type PutAside,
  type SeenHow,
} from "./page-observations.ts";
import { PagesAhead, type Place } from "./pages-ahead.ts";
import type { Reader } from "./reader.ts";
import { Rounds } from "./rounds.ts";
import { askedFor, begin, toldBy, withAside, withUnreadable, type Asked } from "./scan-state.ts";
import { nextListing, wholeUntil, type Intervals, type Listings } from "./schedule.ts";
import { newOnes, unreadableRecord } from "./unreadable.ts";

/** The longest a page of a backfill waits until its reader has caught up, in milliseconds: what is read ahead is only kept. */
const READER_WAIT_MS_MAX = 200;

/** Records that are made durable at once where their reader takes them up. */
const TAKEN_UP_RECORDS = 64;

/** What the slices of one page have in common, and what goes with one of them. */
interface SliceOf {
  readonly seen: SeenHow;
  /** Only their versions are told. */
  readonly byVersion: boolean;
  readonly areNew: boolean;
  readonly aside: ReadonlyMap<unknown, UnreadableRecord>;
  readonly putAside: PutAside;
  readonly requests: readonly RequestEntry[];
}

/** A page, as the cursor moves behind it. */
interface PageOf {
  /** The listing before the page and after it. */
  readonly state: ScanState;
  readonly next: ScanState;
  readonly aside: ReadonlyMap<unknown, UnreadableRecord>;
}

/** How far the listing is with a page. */
type Reached = () => Pick<ObserveBatch, "scan">;
/** Makes a slice durable; with the last one of a page the cursor moves. */
type ObserveSlice = (reached?: Reached) => Promise<void>;

interface ReadPage {
  readonly page: Page<unknown>;
  readonly requests: readonly RequestEntry[];
  /** When it was asked for: what it shows may be older than what came since, never newer. */
  readonly at: number;
  /** The same by the provider's own clock, where it tells. */
  readonly askedAt?: number;
}

export interface ListingParts {
  readonly from: ConnectedResource;
  readonly intervals: Intervals;
  readonly store: Store;
  readonly source: Caller;
  readonly world: World;
  readonly plants: Plants;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  /** The one sync that reads this resource, when it is only one: it takes up new records as soon as they are seen. */
  readonly reader?: Reader;
  readonly report: (reason: string) => void;
  readonly onIdle: () => void;
}

export class Listing {
  readonly #parts: ListingParts;
  #running = false;
  #listing = false;
  #takeBackTimer: (() => void) | undefined;
  #failures = 0;
  /** How often the listing under way was begun anew, for the provider no longer knew where it was. */
  #begunAnew = 0;
  #asked: Asked | undefined;
  #stopped: (() => void) | undefined;
  /** How far both listings are, as the store has it or soon will; nobody else moves them. */
  #states: Listings | undefined;
  readonly #pages: PagesAhead<ReadPage>;
  readonly #handOver: HandOver;
  readonly #onTheWay = new OnTheWay();
  readonly #rounds: Readonly<Record<ScanKind, Rounds>> = { changes: new Rounds(), everything: new Rounds() };
  /** Why the last page could not be read; undefined when it could. */
  fault: string | undefined;

  constructor(parts: ListingParts) {
    this.#parts = parts;
    this.#handOver = new HandOver(parts);
    this.#pages = new PagesAhead(
      (place) => this.#read(place),
      ({ page }) => (page.nextInMs === undefined ? page.next : undefined),
    );
  }

  start(): void {
    this.#running = true;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#takeBackTimer?.();
    if (this.#listing) await new Promise<void>((resolve) => (this.#stopped = resolve));
  }

  /** True when no listing is under way or asked for. */
  get idle(): boolean {
    return !this.#listing && this.#asked === undefined;
  }

  /** Lists now: what changed, or everything. */
  ask(kind: ScanKind, { evenUnchanged = false }: { readonly evenUnchanged?: boolean } = {}): void {
    this.#asked = { kind, evenUnchanged };
    this.#wake();
  }

  /** Lists now what changed since then, even where that was listed already. What else was asked for is done all the same. */
  askSince(since: number): void {
    const { kind, evenUnchanged, since: before = since } = this.#asked ?? { kind: "changes", evenUnchanged: false };
    this.#asked = { kind, evenUnchanged, since: Math.min(since, before) };
    this.#wake();
  }

  #wake(): void {
    if (this.#running && !this.#listing) void this.#listWhileDue();
  }

  async #listWhileDue(): Promise<void> {
    this.#listing = true;
    this.#takeBackTimer?.();
    const { clock } = this.#parts.world;
    let wakeAt: number | undefined;
    try {
      while (this.#running && wakeAt === undefined) {
        const heldUntil = this.#parts.source.heldUntil();
        wakeAt = heldUntil !== undefined && heldUntil > clock.now() ? heldUntil : await this.#pageIfDue();
      }
      await this.#onTheWay.end();
    } catch (error) {
      await this.#goBack();
      wakeAt = clock.now() + this.#afterFailure(error);
      if (this.#parts.plants.has("delete-from-partial-listing")) await this.#plantedDeletions();
    } finally {
      this.#listing = false;
      if (this.#running && wakeAt !== undefined) {
        // Bounded, so that a clock that was set cannot leave the listing asleep.
        const delayMs = Math.min(Math.max(wakeAt - clock.now(), 1), 60_000);
        this.#takeBackTimer = clock.timer(delayMs, () => this.#wake());
      }
      this.#stopped?.();
      this.#parts.onIdle();
    }
  }

  /** What could not be made durable is listed again, from where the cursor is. */
  async #goBack(): Promise<void> {
    const isDurable = await this.#onTheWay.clear();
    this.#handOver.forget();
    if (isDurable) return;
    this.#states = undefined;
    for (const rounds of Object.values(this.#rounds)) rounds.begin();
  }

  /** A planted fault for the trials: a listing that broke off is taken for a complete one. */
  async #plantedDeletions(): Promise<void> {
    const { from, store, world } = this.#parts;
    const beganAt = this.#states?.everything?.beganAt;
    if (beganAt === undefined) return;
    const seen = { kind: "deleted" } as const;
    const common = { resource: from.id, cause: "scan", priority: "scheduled", at: world.clock.now(), seen } as const;
    const keys = await store.unseenSince(from.id, beganAt, undefined, ABSENT_PAGE);
    await this.#handOver.observe({ observations: keys.map((key) => ({ ...common, key })) });
  }

  #afterFailure(error: unknown): number {
    const outcome = error instanceof CallFailed ? error.outcome : undefined;
    this.fault = thrownText(error);
    if (outcome?.held) return outcome.retryAfterMs ?? 1_000;
    this.#parts.report(`could not list ${this.#parts.from.id}, going on from the same page later: ${this.fault}`);
    this.#failures += 1;
    return Math.max(outcome?.retryAfterMs ?? 0, backoffMs(this.#failures - 1, this.#parts.world.random.next()));
  }

  /** Reads one page when a listing is due; otherwise tells when one will be. */
  async #pageIfDue(): Promise<number | undefined> {
    const { from, world, intervals } = this.#parts;
    const states = (this.#states ??= await this.#storedStates());
    const now = world.clock.now();
    const asked = this.#asked;
    const due =
      asked === undefined
        ? nextListing(from.resource, states, intervals, now)
        : askedFor(asked, states, this.#parts, now);
    if (due === undefined) return now + 60_000;
    if (due.at > now) return due.at;
    const state = due.state ?? begin(due.kind, states, this.#parts, now);
    let waitMs: number | undefined;
    try {
      waitMs = await this.#page(due.kind, state);
    } catch (error) {
      if (state.cursor === undefined || !isRefusal(error)) throw error;
      return this.#beginAnew(due.kind, state, error);
    }
    // Only now: what was asked for outlives a page that cannot be read or made durable.
    if (this.#asked === asked) this.#asked = undefined;
    return waitMs === undefined ? undefined : world.clock.now() + waitMs;
  }

  /**
   * Cursors do not live for ever, and a page that the provider refuses would be refused for ever. What was listed is listed
   * again, from the beginning; each time in a row a longer pause comes first.
   */
  async #beginAnew(kind: ScanKind, { evenUnchanged }: ScanState, refusal: Error): Promise<number> {
    const { from, world } = this.#parts;
    await this.#onTheWay.end();
    const state = begin(kind, this.#states ?? {}, this.#parts, world.clock.now());
    const anew = evenUnchanged === undefined ? state : { ...state, evenUnchanged };
    await this.#handOver.observe({ observations: [], scan: { resource: from.id, kind, state: anew } });
    this.#states = { ...this.#states, [kind]: anew };
    this.fault = refusal.message;
    this.#parts.report(`could not go on listing ${from.id}, beginning anew: ${refusal.message}`);
    this.#begunAnew += 1;
    return world.clock.now() + backoffMs(this.#begunAnew - 1, world.random.next());
  }

  async #storedStates(): Promise<Listings> {
    const { from, store } = this.#parts;
    const [changes, everything] = await Promise.all([
      store.scan(from.id, "changes"),
      store.scan(from.id, "everything"),
    ]);
    return { changes, everything };
  }

  /** Tells how long the provider takes to prepare the next page, when it says so. */
  async #page(kind: ScanKind, state: ScanState): Promise<number | undefined> {
    const { from } = this.#parts;
    await this.#onTheWay.room();
    const { page, requests, askedAt, ...read } = await this.#pages.at({
      kind,
      since: state.since,
      cursor: state.cursor,
    });
    // Also where the clock was set back since the listing began: else what it shows would count as absent.
    const at = Math.max(read.at, state.beganAt ?? 0);
    const records = (state.records ?? 0) + page.records.length;
    const told = toldBy(page, askedAt, state);
    const next: ScanState =
      page.next === undefined
        ? { completeAt: state.beganAt ?? at, records, ...told, ...this.#plantedSince(kind, state, page.records) }
        : { ...state, ...told, cursor: page.next, records };
    const seen: SeenHow = { kind, at, evenUnchanged: state.evenUnchanged === true };
    const aside = new Map<unknown, UnreadableRecord>();
    const listings = this.#states ?? {};
    const areNew = !wasListed(listings, state);
    const common = { seen, aside, areNew, byVersion: tellsVersions(from, listings, state) };
    // Where the reader takes up all that is listed, a few at a time: what is in hand is in memory.
    const most = areNew && this.#parts.reader !== undefined ? TAKEN_UP_RECORDS : Infinity;
    for (const { part, from: first, isLast } of slicesOf(page, most)) {
      const putAside = (record: unknown, index: number, error: unknown): void => {
        const place = `record ${(state.records ?? 0) + first + index + 1} of the listing of ${kind}`;
        aside.set(record, unreadableRecord(record, error, place, at));
      };
      const observe = await this.#slice(part, { ...common, putAside, requests: first === 0 ? requests : [] });
      // The cursor moves with the last of them.
      if (isLast) this.#onTheWay.finish(() => this.#reach(kind, { state, next, aside }, observe));
      else this.#onTheWay.add(() => observe());
    }
    this.#states = { ...listings, [kind]: withUnreadable(next, listings[kind]?.unreadable) };
    if (state.cursor === undefined) this.#rounds[kind].begin();
    // Where the provider only prepares what comes next, the place may stay the same for long.
    if (page.next !== undefined && page.nextInMs === undefined) {
      const isEmpty = page.records.length === 0 && (page.deleted ?? []).length === 0;
      this.#rounds[kind].goOn(from.id, page.next, isEmpty);
    }
    // What was asked for is only taken for begun when the first page is durable, and what is complete for complete.
    if (state.cursor === undefined || page.next === undefined) await this.#onTheWay.end();
    if (page.next === undefined) this.#begunAnew = 0;
    if (page.next === undefined && kind === "everything") await this.#lookAtAbsent(state, records);
    return page.next === undefined ? undefined : page.nextInMs;
  }

  /** The page is durable, and the cursor behind it, when this resolves. */
  async #reach(kind: ScanKind, { state, next, aside }: PageOf, observe: ObserveSlice): Promise<void> {
    const { from } = this.#parts;
    // Whom earlier pages put aside is known by now.
    const before = withUnreadable(state, this.#states?.[kind]?.unreadable);
    const reached = (): ScanState => withAside(kind, before, next, aside);
    const whole = next.beganAt === undefined ? { wholeUntil: wholeUntil(from.resource, next) } : {};
    await observe(() => ({ scan: { resource: from.id, kind, state: reached(), ...whole } }));
    this.#states = { ...this.#states, [kind]: withUnreadable(this.#states?.[kind] ?? {}, reached().unreadable) };
    this.#tellAside(before, [...aside.values()]);
    this.#failures = 0;
    this.fault = undefined;
  }

  async #slice(
    part: Page<unknown>,
    { seen, byVersion, areNew, aside, putAside, requests }: SliceOf,
  ): Promise<ObserveSlice> {
    const { from, reader } = this.#parts;
    if (seen.kind === "everything" && part.records.length > 0)
      await reader?.hungry(part.records.length, READER_WAIT_MS_MAX);
    const observations = pageObservations(from, part, seen, byVersion, putAside);
    const readable = aside.size === 0 ? part.records : part.records.filter((record) => !aside.has(record));
    const prepared = await this.#handOver.prepare({ observations, requests }, { records: readable, areNew });
    return async (reached) => {
      const { differing } = await prepared.observe(reached?.());
      if (differing.length === 0) return;
      const keys = new Set(differing);
      const differ = readable.filter((record) => keys.has(from.resource.key(record)));
      const whole = pageObservations(from, { records: differ }, seen, false, putAside);
      const records = differ.filter((record) => !aside.has(record));
      const again = await this.#handOver.prepare({ observations: whole }, { records, areNew: false });
      await again.observe(reached?.());
    };
  }

  #tellAside({ unreadable = [] }: ScanState, found: readonly UnreadableRecord[]): void {
    for (const { place, reason, excerpt } of newOnes(unreadable, found)) {
      const which = `${place}, ${this.#parts.from.id}`;
      this.#parts.report(`could not read a record (${which}), going on with the others: ${reason}: ${excerpt}`);
    }
  }

  async #read({ kind, since = 0, cursor }: Place): Promise<ReadPage> {
    const { from, store, source, world } = this.#parts;
    const requests: RequestEntry[] = [];
    const at = world.clock.now();
    const work: CallerWork = { priority: priorityOf(kind), entries: requests };
    const api = source.api(work);
    try {
      const page = await from.resource[kind]?.page(api, { since, ...(cursor === undefined ? {} : { cursor }) });
      if (page === undefined) throw new Error(`${from.id} has no listing of ${kind}`);
      return { page, requests, at, ...(work.askedAt === undefined ? {} : { askedAt: work.askedAt }) };
    } catch (error) {
      await store.log(requests);
      throw error;
    }
  }

  /** A planted fault for the trials: go on from the greatest version seen, which skips what the provider shows late. */
  #plantedSince(kind: ScanKind, state: ScanState, records: readonly unknown[]): { readonly since?: number } {
    if (kind !== "changes" || !this.#parts.plants.has("cursor-max-updated")) return {};
    const { resource } = this.#parts.from;
    const versions = records.map((record) => Date.parse(resource.version?.(record) ?? ""));
    return { since: Math.max(state.since ?? 0, ...versions.filter(Number.isFinite)) };
  }

  /** Whose records may be there although they are neither listed nor answered. */
  async #hidden(): Promise<(key: string) => boolean> {
    const { from, store, source } = this.#parts;
    const entries: RequestEntry[] = [];
    try {
      const api = source.api({ priority: priorityOf("everything"), entries });
      return (await from.resource.read?.hidden?.(api)) ?? (() => false);
    } finally {
      await store.log(entries);
    }
  }

  /** Records that a complete listing did not show; too many of them are left alone until a person asks. */
  async #lookAtAbsent({ beganAt = 0 }: ScanState, listed: number): Promise<void> {
    const { from, store, world } = this.#parts;
    const complete = this.#states?.everything ?? {};
    const hidden = from.resource.read?.hidden === undefined ? {} : { hidden: () => this.#hidden() };
    const { keys, isTooMany } = await absentAfter(store, from.id, { beganAt, listed, ...hidden });
    // Any of them may be one that could not be read: only the provider's own word counts.
    if (keys.length === 0 || (from.resource.read === undefined && complete.unreadable !== undefined)) return;
    if (!isTooMany) {
      for (let first = 0; first < keys.length; first += ABSENT_PAGE) {
        const some = keys.slice(first, first + ABSENT_PAGE);
        await this.#handOver.observe({ observations: lookAt(from, some, world.clock.now()) });
      }
      return;
    }
    const share = `${keys.length} or more known records beside ${listed} listed ones`;
    this.#parts.report(`a complete listing of ${from.id} did not show ${share}: too many to believe; nothing was done`);
    const state = { ...complete, absent: keys.length };
    await this.#handOver.observe({ observations: [], scan: { resource: from.id, kind: "everything", state } });
    this.#states = { ...this.#states, everything: state };
  }
}

/** The provider answered, and the answer will not be another one later. */
function isRefusal(error: unknown): error is CallFailed {
  return error instanceof CallFailed && (error.outcome.kind === "invalid" || error.outcome.kind === "missing");
}
