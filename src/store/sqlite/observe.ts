// Takes up what was learnt of records: the record as it is now, the pending rows of the syncs that read it, the cursors that
// moved, in one transaction.
import type { ObserveBatch, ObserveCounts, Observation } from "../store.ts";
import type { Batch } from "./batch.ts";
import type { WriteHistory } from "./history.ts";
import type { Arrivals } from "./ingest.ts";
import { learn, provesPresence, settlesDoubt, type Lesson } from "./learn.ts";
import type { Names, Sync } from "./names.ts";
import type { NotePending } from "./note.ts";
import { priorityNumber } from "./priority.ts";
import type { FoundRecord, Records } from "./record.ts";
import type { WriteRequest } from "./request.ts";
import type { Scans } from "./scan.ts";

export interface ObserveParts {
  readonly names: Names;
  readonly records: Records;
  readonly arrivals: Arrivals;
  readonly scans: Scans;
  readonly note: NotePending;
  readonly history: WriteHistory;
  readonly request: WriteRequest;
}

export type Observe = (batch: Batch, observed: ObserveBatch) => ObserveCounts;

export function prepareObserve({ names, records, arrivals, scans, note, history, request }: ObserveParts): Observe {
  return (batch, { observations, arrivalsUpTo, unreadable = [], scan, requests = [] }) => {
    const counts = { changed: 0, unchanged: 0, older: 0 };
    const syncs = new Set<string>();
    for (const observation of observations) {
      const lesson = observe(batch, observation, syncs);
      const counted = lesson === "older" || lesson === "unchanged" ? lesson : "changed";
      counts[counted] += 1;
      batch.tally(`${observation.cause}.${counted}`);
    }
    for (const { arrival, reason } of unreadable) arrivals.unreadable(batch, arrival, reason);
    if (arrivalsUpTo !== undefined) arrivals.takenUp(batch, arrivalsUpTo);
    if (scan !== undefined) scans.save(scan.resource, scan.kind, scan.state);
    for (const entry of requests) request(batch, entry);
    return { ...counts, syncs: [...syncs] };
  };

  function observe(batch: Batch, observation: Observation, noted: Set<string>): Lesson {
    const resource = names.resource(observation.resource);
    const known = records.find(resource, observation.key);
    const lesson = learn(known, observation);
    const record =
      known === undefined ? add(batch, resource, observation) : change(batch, resource, known, observation, lesson);
    const changed = lesson !== "older" && lesson !== "unchanged";
    if (changed || observation.evenUnchanged === true) noteReaders(batch, resource, record, observation, noted);
    return lesson;
  }

  function add(batch: Batch, resource: number, { key, version, seen, at }: Observation): number {
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
    observation: Observation,
    lesson: Lesson,
  ): number {
    const { id } = known;
    const { version, seen, at, cause } = observation;
    const stale = settlesDoubt(known, observation, lesson) ? 0 : known.stale;
    if (lesson === "taken" && seen.kind === "record") {
      if (known.deleted) batch.countRecords(resource, 0, -1);
      records.take(id, { version, hash: seen.hash, body: seen.body, title: seen.title, stale, at });
    } else if (lesson === "deleted") {
      batch.countRecords(resource, 0, 1);
      records.markDeleted(id, version, stale, at);
    } else if (lesson === "doubted") {
      records.doubt(id);
    } else if (lesson === "unchanged") {
      if (stale !== known.stale) records.settleDoubt(id);
      refresh(known, observation);
      if (seen.kind === "record" && provesPresence(cause)) records.seen(id, at);
    }
    return id;
  }

  function refresh(known: FoundRecord, { version, seen }: Observation): void {
    if (seen.kind !== "record") return;
    const body = known.hasBody ? undefined : seen.body;
    const newer = version !== undefined && version !== known.version;
    if (newer || body !== undefined) records.refresh(known.id, version, body);
  }

  function noteReaders(
    batch: Batch,
    resource: number,
    record: number,
    observation: Observation,
    noted: Set<string>,
  ): void {
    const { at, cause, onlySyncs, lookedBy, arrival } = observation;
    const priority = priorityNumber(observation.priority);
    history({ at, record, what: "noted", cause, priority, ...(arrival === undefined ? {} : { arrival }) });
    for (const sync of names.readersOf(resource)) {
      if (!isFor(sync, onlySyncs) || sync.name === lookedBy?.sync) continue;
      note(batch, { sync: sync.id, record, priority, at });
      noted.add(sync.name);
    }
  }
}

function isFor(sync: Sync, only: readonly string[] | undefined): boolean {
  return only === undefined || only.includes(sync.name);
}
