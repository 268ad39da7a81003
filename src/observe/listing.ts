// Lists one resource by its schedule, page by page: everything at first, then what changed. The cursor moves in the
// transaction that makes the page durable, so a listing goes on where it was, whatever happened in between.
import { CallFailed } from "../define/outcome.ts";
import type { ConnectedResource } from "../define/connection.ts";
import type { Page } from "../define/resource.ts";
import { backoffMs } from "../call/backoff.ts";
import type { Caller } from "../call/caller.ts";
import type { World } from "../world/world.ts";
import type { Plants } from "../world/plant.ts";
import type { Observation, Priority, RequestEntry, ScanKind, ScanState, Store } from "../store/store.ts";
import { nextListing, sinceOf, type Intervals, type Listings } from "./schedule.ts";
import { seenRecord } from "./seen-record.ts";

/** A complete listing that misses a larger share of the known records than this is not believed; a person is told. */
export const ABSENT_SHARE_MAX = 0.1;
/** Absent records that are looked at whatever their share. */
const ABSENT_FEW = 10;
const ABSENT_PAGE = 500;

export interface ListingParts {
  readonly from: ConnectedResource;
  readonly intervals: Intervals;
  readonly store: Store;
  readonly source: Caller;
  readonly world: World;
  readonly plants: Plants;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  readonly report: (reason: string) => void;
  readonly onIdle: () => void;
}

export class Listing {
  readonly #parts: ListingParts;
  #running = false;
  #listing = false;
  #takeBackTimer: (() => void) | undefined;
  #failures = 0;
  #asked: { readonly kind: ScanKind; readonly evenUnchanged: boolean } | undefined;
  #stopped: (() => void) | undefined;
  /** Why the last page could not be read; undefined when it could. */
  fault: string | undefined;

  constructor(parts: ListingParts) {
    this.#parts = parts;
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
    } catch (error) {
      wakeAt = clock.now() + this.#afterFailure(error);
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

  #afterFailure(error: unknown): number {
    const outcome = error instanceof CallFailed ? error.outcome : undefined;
    this.fault = error instanceof Error ? error.message : String(error);
    if (outcome?.held) return outcome.retryAfterMs ?? 1_000;
    this.#parts.report(`could not list ${this.#parts.from.id}, going on from the same page later: ${this.fault}`);
    this.#failures += 1;
    return Math.max(outcome?.retryAfterMs ?? 0, backoffMs(this.#failures - 1, this.#parts.world.random.next()));
  }

  /** Reads one page when a listing is due; otherwise tells when one will be. */
  async #pageIfDue(): Promise<number | undefined> {
    const { from, store, world, intervals } = this.#parts;
    const [changes, everything] = await Promise.all([
      store.scan(from.id, "changes"),
      store.scan(from.id, "everything"),
    ]);
    const states: Listings = { changes, everything };
    const now = world.clock.now();
    const asked = this.#takeAsked(states);
    const due = asked ?? nextListing(from.resource, states, intervals, now);
    if (due === undefined) return now + 60_000;
    if (due.at > now) return due.at;
    await this.#page(due.kind, due.state ?? begin(due.kind, states, this.#parts, now));
    this.#failures = 0;
    this.fault = undefined;
    return undefined;
  }

  #takeAsked(states: Listings): { kind: ScanKind; at: number; state: ScanState } | undefined {
    const asked = this.#asked;
    if (asked === undefined) return undefined;
    this.#asked = undefined;
    const { from, world } = this.#parts;
    const kind = from.resource[asked.kind] === undefined ? other(asked.kind) : asked.kind;
    const now = world.clock.now();
    const state = begin(kind, states, this.#parts, now);
    return { kind, at: now, state: asked.evenUnchanged ? { ...state, evenUnchanged: true } : state };
  }

  async #page(kind: ScanKind, state: ScanState): Promise<void> {
    const { from, store, source, world } = this.#parts;
    const requests: RequestEntry[] = [];
    const priority: Priority = kind === "changes" ? "scheduled" : "backfill";
    const api = source.api({ priority, entries: requests });
    const at = world.clock.now();
    let page: Page<unknown> | undefined;
    try {
      const query = { since: state.since ?? 0, ...(state.cursor === undefined ? {} : { cursor: state.cursor }) };
      page = await from.resource[kind]?.page(api, query);
    } catch (error) {
      await store.log(requests);
      throw error;
    }
    if (page === undefined) throw new Error(`${from.id} has no listing of ${kind}`);
    const records = (state.records ?? 0) + page.records.length;
    const next: ScanState =
      page.next === undefined
        ? { completeAt: state.beganAt ?? at, records, ...this.#plantedSince(kind, state, page.records) }
        : { ...state, cursor: page.next, records };
    const seen = { kind, at, priority, evenUnchanged: state.evenUnchanged === true };
    const { syncs } = await store.observe({
      observations: this.#observations(page, seen),
      scan: { resource: from.id, kind, state: next },
      requests,
    });
    this.#parts.wakeSyncs(syncs);
    if (page.next === undefined && kind === "everything") await this.#lookAtAbsent(state, records);
  }

  #observations(
    page: Page<unknown>,
    seen: { kind: ScanKind; at: number; priority: Priority; evenUnchanged: boolean },
  ): readonly Observation[] {
    const { from } = this.#parts;
    const cause = seen.kind === "changes" ? "poll" : "scan";
    const common = { resource: from.id, cause, priority: seen.priority, at: seen.at } as const;
    const even = seen.evenUnchanged ? { evenUnchanged: true } : {};
    return [
      ...page.records.map((record) => ({
        ...common,
        ...even,
        key: from.resource.key(record),
        ...seenRecord(from.resource, record),
      })),
      ...(page.deleted ?? []).map((key) => ({ ...common, key, seen: { kind: "deleted" } as const })),
    ];
  }

  /** A planted fault for the trials: go on from the greatest version seen, which skips what the provider shows late. */
  #plantedSince(kind: ScanKind, state: ScanState, records: readonly unknown[]): { readonly since?: number } {
    if (kind !== "changes" || !this.#parts.plants.has("cursor-max-updated")) return {};
    const { resource } = this.#parts.from;
    const versions = records.map((record) => Date.parse(resource.version?.(record) ?? ""));
    return { since: Math.max(state.since ?? 0, ...versions.filter(Number.isFinite)) };
  }

  /**
   * Records that a complete listing did not show are only *looked at*: the provider's own word on each decides whether it
   * is gone. When suspiciously many are missing, not even that, until a person asks for it.
   */
  async #lookAtAbsent(state: ScanState, listed: number): Promise<void> {
    const { from, store, world } = this.#parts;
    const beganAt = state.beganAt ?? 0;
    const absent: string[] = [];
    for (let after: string | undefined; ; after = absent.at(-1)) {
      const keys = await store.unseenSince(from.id, beganAt, after, ABSENT_PAGE);
      absent.push(...keys);
      if (keys.length < ABSENT_PAGE || absent.length > Math.max(ABSENT_FEW, listed * ABSENT_SHARE_MAX)) break;
    }
    if (absent.length === 0) return;
    if (absent.length > Math.max(ABSENT_FEW, listed * ABSENT_SHARE_MAX)) {
      const share = `${absent.length} or more known records beside ${listed} listed ones`;
      this.#parts.report(
        `a complete listing of ${from.id} did not show ${share}: too many to believe; nothing was done`,
      );
      await store.observe({
        observations: [],
        scan: {
          resource: from.id,
          kind: "everything",
          state: { completeAt: beganAt, records: listed, absent: absent.length },
        },
      });
      return;
    }
    const { syncs } = await store.observe({
      observations: absent.map((key) => ({
        resource: from.id,
        key,
        cause: "scan",
        priority: "scheduled",
        at: world.clock.now(),
        seen: from.resource.read === undefined ? { kind: "deleted" } : { kind: "changed" },
      })),
    });
    this.#parts.wakeSyncs(syncs);
  }
}

function begin(kind: ScanKind, states: Listings, { from, plants }: ListingParts, now: number): ScanState {
  const last = states[kind]?.completeAt;
  const planted = plants.has("cursor-max-updated") ? states.changes?.since : undefined;
  return {
    beganAt: now,
    ...(kind === "changes" ? { since: planted ?? sinceOf(from.resource, states, now) } : {}),
    ...(last === undefined ? {} : { completeAt: last }),
  };
}

const other = (kind: ScanKind): ScanKind => (kind === "changes" ? "everything" : "changes");
