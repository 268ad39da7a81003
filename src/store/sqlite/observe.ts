// Takes up what was learnt of records: the record as it is now, the pending rows of the syncs that read it, the cursors that
// moved, in one transaction.
import type { ObserveBatch, ObserveCounts } from "../store.ts";
import type { Batch } from "./batch.ts";
import { ClaimsAtOnce } from "./claim-at-once.ts";
import type { Deletions } from "./deletions.ts";
import type { Doubts } from "./doubts.ts";
import type { Held } from "./held.ts";
import type { WriteHistory } from "./history.ts";
import type { FormerKeys } from "./former-key.ts";
import type { Arrivals } from "./ingest.ts";
import { learn, ordered, provesPresence, settlesDoubt, type Lesson } from "./learn.ts";
import { packListed, type Learnt, type Listed } from "./listed.ts";
import type { Names, Sync } from "./names.ts";
import type { NoteNew, NotePending } from "./note.ts";
import { priorityNumber } from "./priority.ts";
import type { Links } from "./link.ts";
import type { FoundRecord, Records } from "./record.ts";
import type { WriteRequest } from "./request.ts";
import type { GatherSeen, SeenTimes } from "./seen.ts";
import type { Scans } from "./scan.ts";

export interface ObserveParts {
  readonly names: Names;
  readonly records: Records;
  readonly gatherSeen: GatherSeen;
  readonly arrivals: Arrivals;
  readonly scans: Scans;
  readonly note: NotePending;
  readonly noteNew: NoteNew;
  readonly links: Pick<Links, "firstOf">;
  readonly formerKeys: FormerKeys;
  readonly deletions: Deletions;
  readonly held: Held;
  readonly history: WriteHistory;
  readonly doubts: Doubts;
  readonly request: WriteRequest;
}

export type Observe = (batch: Batch, observed: ObserveBatch) => ObserveCounts;

export function prepareObserve(parts: ObserveParts): Observe {
  const { names, records, gatherSeen, arrivals, scans, note, noteNew, links, formerKeys, held, history, request } =
    parts;
  const { deletions, doubts } = parts;

  return (batch, observed) => {
    const packed = packListed(observed);
    const { observations, listed, arrivalsUpTo, unreadable = [], scan, requests = [] } = packed;
    const times = gatherSeen();
    const counts = { changed: 0, unchanged: 0, older: 0 };
    const syncs = new Set<string>();
    const claims = new ClaimsAtOnce(held, noteNew, doubts.resources(observations[0]?.at ?? 0), observed.claim);
    for (const observation of observations) {
      const lesson = observe(batch, observation, { syncs, claims, times });
      const counted = lesson === "older" || lesson === "unchanged" ? lesson : "changed";
      counts[counted] += 1;
      batch.tally(`${observation.cause}.${counted}`);
    }
    const differing = [...packed.differing];
    for (const together of listed) counts.unchanged += compare(batch, together, times, differing);
    times.write();
    for (const { arrival, reason } of unreadable) arrivals.unreadable(batch, arrival, reason);
    if (arrivalsUpTo !== undefined) arrivals.takenUp(batch, arrivalsUpTo);
    // A cursor moves only with its page: a record that is still to be observed whole is not durable yet.
    if (scan !== undefined && differing.length === 0) save(scan);
    for (const entry of requests) request(batch, entry);
    return { ...counts, syncs: [...syncs], claimed: claims.made, armed: claims.armed, differing };
  };

  function save({ resource, kind, state, wholeUntil }: NonNullable<ObserveBatch["scan"]>): void {
    scans.save(resource, kind, state);
    if (wholeUntil !== undefined) doubts.listed(names.resource(resource), wholeUntil);
  }

  /** Counts those that are known just so; the others are left as they are. */
  function compare(batch: Batch, listed: Listed, times: SeenTimes, differing: string[]): number {
    const resource = names.resource(listed.resource);
    const { cause, at } = listed;
    const proves = provesPresence(cause);
    const { current, others } = records.compare(resource, listed);
    if (proves) for (const record of current) times.see(record, at);
    for (const key of others) differing.push(key);
    const unchanged = current.length;
    if (unchanged > 0) batch.tally(`${cause}.unchanged`, unchanged);
    return unchanged;
  }

  function observe(batch: Batch, observation: Learnt, noting: Noting): Lesson {
    const resource = names.resource(observation.resource);
    const known = records.find(resource, observation.key);
    const lesson = learn(known, observation);
    const record =
      known === undefined
        ? add(batch, resource, observation)
        : change(batch, resource, known, observation, lesson, noting.times);
    if (observation.seen.kind === "record" && observation.seen.former !== undefined) {
      noteFormer(batch, resource, observation, observation.seen.former, noting);
    }
    const changed = lesson !== "older" && lesson !== "unchanged";
    if (changed || observation.evenUnchanged === true) {
      noteReaders(batch, { resource, id: record, isNew: known === undefined }, observation, noting);
    }
    return lesson;
  }

  /** The pairs of what this record took up have to be decided anew. */
  function noteFormer(
    batch: Batch,
    resource: number,
    { key, at, priority }: Learnt,
    former: readonly string[],
    noting: Noting,
  ): void {
    for (const one of former) {
      const record = formerKeys.keep(resource, one, key);
      if (record === undefined) continue;
      for (const sync of names.readersOf(resource)) {
        if (!sync.twoWay) continue;
        const pair = resource === sync.to ? links.firstOf(sync.id, one) : record;
        if (pair === undefined) continue;
        note(batch, { sync: sync.id, record: pair, priority: priorityNumber(priority), at });
        noting.syncs.add(sync.name);
      }
    }
  }

  function add(batch: Batch, resource: number, { key, version, seen, at }: Learnt): number {
    const deleted = seen.kind === "deleted";
    batch.countRecords(resource, 1, deleted ? 1 : 0);
    const unread = { hash: "", body: undefined, title: undefined, at };
    const record =
      seen.kind === "record"
        ? { version, hash: seen.hash, body: seen.body, title: seen.title, stale: 0, at }
        : // The version of a change that was only told is not the version of anything that was read.
          { ...unread, version: deleted ? version : undefined, stale: deleted ? 0 : 1 };
    return records.insert(resource, key, record, deleted);
  }

  function change(
    batch: Batch,
    resource: number,
    known: FoundRecord,
    observation: Learnt,
    lesson: Lesson,
    times: SeenTimes,
  ): number {
    const { id } = known;
    const { seen, at, cause } = observation;
    // A version never goes down: of what was read with an older one, only the body is new.
    const version = ordered(observation.version, known.version) === "older" ? undefined : observation.version;
    const stale = settlesDoubt(known, observation, lesson) ? 0 : known.stale;
    if (lesson === "taken" && seen.kind === "record") {
      if (known.deleted) {
        batch.countRecords(resource, 0, -1);
        formerKeys.forget(resource, observation.key);
      }
      records.take(id, { version, hash: seen.hash, body: seen.body, title: seen.title, stale, at });
    } else if (lesson === "deleted") {
      batch.countRecords(resource, 0, 1);
      records.markDeleted(id, { version, stale, at, by: deletions.carriedTo(resource, id, observation.key) });
    } else if (lesson === "doubted") {
      records.doubt(id);
    } else if (lesson === "unchanged") {
      if (stale !== known.stale) records.settleDoubt(id);
      refresh(known, version, seen);
      if (seen.kind === "record" && provesPresence(cause)) times.see(id, at);
    }
    return id;
  }

  function refresh(known: FoundRecord, version: string | undefined, seen: Learnt["seen"]): void {
    if (seen.kind !== "record") return;
    const body = known.hasBody ? undefined : seen.body;
    const newer = version !== undefined && version !== known.version;
    if (newer || body !== undefined) records.refresh(known.id, version, body);
  }

  function noteReaders(batch: Batch, { resource, id, isNew }: Noted, observation: Learnt, noting: Noting): void {
    const { key, at, cause, onlySyncs, lookedBy, arrival } = observation;
    const priority = priorityNumber(observation.priority);
    history({ at, record: id, what: "noted", cause, priority, ...(arrival === undefined ? {} : { arrival }) });
    for (const sync of names.readersOf(resource)) {
      if (!isFor(sync, onlySyncs) || sync.name === lookedBy?.sync) continue;
      // A linked pair is one row, the first side's, so that one worker at a time has both.
      const pair = sync.twoWay && resource === sync.to ? links.firstOf(sync.id, key) : undefined;
      if (!isNew || pair !== undefined) note(batch, { sync: sync.id, record: pair ?? id, priority, at });
      else if (noting.claims.note(batch, { sync, record: id, resource, observation })) continue;
      noting.syncs.add(sync.name);
    }
  }
}

/** What one batch gathers while it notes. */
interface Noting {
  readonly syncs: Set<string>;
  readonly claims: ClaimsAtOnce;
  readonly times: SeenTimes;
}

interface Noted {
  readonly resource: number;
  readonly id: number;
  readonly isNew: boolean;
}

function isFor(sync: Sync, only: readonly string[] | undefined): boolean {
  return only === undefined || only.includes(sync.name);
}
