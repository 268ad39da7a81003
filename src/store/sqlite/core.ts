// The store's operations on one open file, as plain functions; who calls them, in which thread and which transaction, is
// decided elsewhere.
import type { LinkNeed, ParkedFilter, RequestFilter, Store } from "../store.ts";
import { prepareAudits } from "./audit.ts";
import { prepareAuditFacts } from "./audit-facts.ts";
import { prepareAuditPages } from "./audit-pages.ts";
import { prepareAuditPairFacts } from "./audit-pair-facts.ts";
import { prepareAuditPairs } from "./audit-pairs.ts";
import { prepareCounts, type Batch, type CountStatements } from "./batch.ts";
import { prepareClaim, prepareNextDue } from "./claim.ts";
import { prepareConflicts } from "./conflict.ts";
import { prepareConnections } from "./connections.ts";
import { prepareDataKeys } from "./data-keys.ts";
import { prepareDeletions } from "./deletions.ts";
import { prepareDoubts } from "./doubts.ts";
import { prepareDrifts } from "./drift.ts";
import { prepareFormerKeys } from "./former-key.ts";
import { Held } from "./held.ts";
import { prepareHistory } from "./history.ts";
import { prepareArrivals } from "./ingest.ts";
import { prepareLinks } from "./link.ts";
import { prepareMatches } from "./match.ts";
import { Names } from "./names.ts";
import { prepareNote, prepareNoteNew } from "./note.ts";
import { prepareObserve } from "./observe.ts";
import { preparePairs } from "./pair.ts";
import { preparePeople } from "./people.ts";
import { preparePrune } from "./prune.ts";
import { prepareRecords } from "./record.ts";
import { prepareRecover, prepareShortenWaits } from "./recover.ts";
import { prepareRequestLog, prepareRequests, type LoggedRequest, type RequestIds } from "./request.ts";
import { prepareSeen } from "./seen.ts";
import { prepareScans } from "./scan.ts";
import { prepareSettle } from "./settle.ts";
import { prepareSpent } from "./spent.ts";
import { prepareStatus } from "./status.ts";
import { prepareStory } from "./story.ts";
import { prepareNoteAgain, prepareSyncRows } from "./sync-rows.ts";
import { prepareWatched } from "./watched.ts";
import type { DatabaseSync } from "node:sqlite";

/** The store as its operations have it: what goes through very much is asked for in slices. */
export interface Performed extends Omit<
  Store,
  "close" | "unseenSince" | "requests" | "shortenWaits" | "retryParked" | "refuseDeletions" | "discardParked"
> {
  /** So many at most; of each row its sync. */
  shortenWaits(at: number, limit: number): Promise<readonly string[]>;
  /** Up to the key `upTo`; undefined: to the end. */
  unseenIn(
    resource: string,
    at: number,
    after: string | undefined,
    upTo: string | undefined,
    limit: number,
  ): Promise<readonly string[]>;
  /** The key of the record that is so many further on, in the order of keys; undefined: there are fewer. */
  keyAfter(resource: string, after: string | undefined, count: number): Promise<string | undefined>;
  /** The rows that are meant, those that wait longest first. */
  parkedIds(filter: ParkedFilter): Promise<readonly number[]>;
  /** Of these rows those that are still parked as the filter says, here and below. */
  retryParked(filter: ParkedFilter, ids: readonly number[], at: number): Promise<readonly LinkNeed[]>;
  refuseDeletions(sync: string, ids: readonly number[], at: number): Promise<readonly LinkNeed[]>;
  discardParked(filter: ParkedFilter, ids: readonly number[], at: number, reason: string): Promise<readonly LinkNeed[]>;
  /** Of these ids, both among them. */
  requestsIn(filter: RequestFilter, ids: RequestIds): Promise<readonly LoggedRequest[]>;
  /** Undefined: none are kept. */
  requestIds(): Promise<RequestIds | undefined>;
}

export type Method = keyof Performed;

/** Each of them, done at once within a batch. */
export type Operations = {
  readonly [Name in Method]: (
    batch: Batch,
    ...given: Parameters<Performed[Name]>
  ) => Awaited<ReturnType<Performed[Name]>>;
};

/** Methods that write nothing: they need no transaction of their own. */
export const READS: ReadonlySet<Method> = new Set([
  "arrivals",
  "restored",
  "scan",
  "unseenIn",
  "keyAfter",
  "claim",
  "nextDue",
  "links",
  "linkedTo",
  "hasUnmatched",
  "conflicts",
  "connectionState",
  "spent",
  "credential",
  "dataKeys",
  "sealed",
  "status",
  "parked",
  "parkedIds",
  "parkedGroups",
  "story",
  "requestsIn",
  "requestIds",
  "record",
  "linkPage",
  "audits",
  "auditFindings",
  "auditMarks",
  "auditSuspects",
  "auditGone",
  "auditUnmatched",
  "auditSame",
  "auditFacts",
  "auditKeys",
  "auditPairs",
  "auditAlone",
  "auditMatching",
  "auditShowing",
  "auditSideKeys",
  "auditPairFacts",
  "conflictsOpen",
  "watched",
  "drifts",
  "syncRows",
]);

export interface Core {
  readonly operations: Operations;
  readonly counts: CountStatements;
}

export function prepareCore(database: DatabaseSync): Core {
  const names = new Names(database);
  const held = new Held(database, names);
  const history = prepareHistory(database);
  const doubts = prepareDoubts(database, names);
  const note = prepareNote(database, names, held);
  const records = prepareRecords(database);
  const links = prepareLinks(database, names, held);
  const arrivals = prepareArrivals(database, names);
  const scans = prepareScans(database, names);
  const request = prepareRequestLog(database, names);
  const connections = prepareConnections(database, names);
  const dataKeys = prepareDataKeys(database, names);
  const spent = prepareSpent(database);
  const watched = prepareWatched(database);
  const drifts = prepareDrifts(database);
  const syncRows = prepareSyncRows(database, names);
  const noteAgain = prepareNoteAgain({ names, records, links, note, history });
  const deletions = prepareDeletions(database, names);
  const pairs = preparePairs({ database, held, records, links, note });
  const matches = prepareMatches({ database, names, records, note });
  const conflicts = prepareConflicts({ database, names, note, history });
  const people = preparePeople({ database, names, records, links, pairs, conflicts, doubts, held, note, history });
  const observe = prepareObserve({
    names,
    records,
    gatherSeen: prepareSeen(database),
    arrivals,
    scans,
    note,
    noteNew: prepareNoteNew(database),
    links,
    formerKeys: prepareFormerKeys(database, records),
    deletions,
    held,
    history,
    request,
    doubts,
  });
  const settle = prepareSettle({
    database,
    names,
    held,
    records,
    links,
    pairs,
    deletions,
    conflicts,
    observe,
    note,
    history,
    request,
    doubts,
  });
  const claim = prepareClaim(database, names, held, doubts);
  const nextDue = prepareNextDue(database, names, held);
  const recover = prepareRecover(database, held);
  const shortenWaits = prepareShortenWaits(database, names);
  const requests = prepareRequests(database, names);
  const status = prepareStatus(database, names, scans, held);
  const story = prepareStory(database, names);
  const prune = preparePrune(database);
  const auditPairs = prepareAuditPairs(database, names);
  const pages = prepareAuditPages(database);
  const audits = prepareAudits({ database, names, records, links, request, pages, pairs: auditPairs });
  const auditPairFacts = prepareAuditPairFacts(database, names);
  const auditFacts = prepareAuditFacts(database, names);

  const operations: Operations = {
    declare: (batch, declaration) => names.declare(batch, declaration),
    beginRestored: (_batch, at) => doubts.begin(at),
    restored: () => doubts.find(),
    recover: (batch, at) => recover(batch, at),
    shortenWaits: (_batch, at, limit) => shortenWaits(at, limit),
    ingest: (batch, news) => arrivals.ingest(batch, news),
    arrivals: (_batch, limit) => arrivals.arrivals(limit),
    observe,
    scan: (_batch, resource, kind) => scans.find(resource, kind),
    unseenIn: (_batch, resource, ...given) => records.unseenIn(names.resource(resource), ...given),
    keyAfter: (_batch, resource, ...given) => records.keyAfter(names.resource(resource), ...given),
    claim,
    nextDue: (_batch, syncs, after) => nextDue(syncs, after),
    links: (_batch, needs) => links.targets(needs),
    linkedTo: (_batch, sync, targetKey) => links.linkedTo(names.sync(sync), targetKey),
    match: (batch, queries, at) => matches.match(batch, queries, at),
    hasUnmatched: (_batch, sync, side) => matches.hasUnmatched(names.sync(sync), side),
    conflicts: (_batch, filter) => conflicts.find(filter),
    putBack: (batch, ...given) => conflicts.putBack(batch, ...given),
    settle,
    log: (batch, entries) => entries.forEach((entry) => request(batch, entry)),
    connectionState: (_batch, connection) => connections.state(connection),
    setConnectionState: (_batch, connection, state) => connections.setState(connection, state),
    spent: () => spent.all(),
    keepSpent: (_batch, rows) => spent.keep(rows),
    watched: (_batch, what) => watched.all(what),
    keepWatched: (_batch, rows) => watched.keep(rows),
    drifts: () => drifts.all(),
    keepDrifts: (_batch, rows) => drifts.keep(rows),
    dropDrifts: (_batch, rows) => drifts.drop(rows),
    syncRows: (_batch, query) => syncRows(query),
    noteAgain,
    credential: (_batch, connection) => connections.credential(connection),
    beginRefresh: (_batch, ...given) => connections.beginRefresh(...given),
    endRefresh: (_batch, ...given) => connections.endRefresh(...given),
    saveCredential: (_batch, ...given) => connections.saveCredential(...given),
    dataKeys: () => dataKeys.all(),
    addDataKey: (_batch, key, instead) => dataKeys.add(key, instead),
    rewrapDataKey: (_batch, id, was, wrapped) => dataKeys.rewrap(id, was, wrapped),
    dropUnusedDataKeys: () => dataKeys.dropUnused(),
    sealed: (_batch, after, limit) => dataKeys.sealed(after, limit),
    reseal: (_batch, connection, version, was, sealed) => dataKeys.reseal(connection, version, was, sealed),
    tally: (batch, name) => batch.tally(name),
    status: () => status(),
    parked: (_batch, filter) => people.parked(filter),
    parkedGroups: () => people.groups(),
    parkedIds: (_batch, filter) => people.parkedIds(filter),
    retryParked: (batch, ...given) => people.retry(batch, ...given),
    refuseDeletions: (batch, ...given) => people.refuseDeletions(batch, ...given),
    discardParked: (batch, ...given) => people.discard(batch, ...given),
    correct: (batch, sync, key, corrections, at) => people.correct(batch, sync, key, corrections, at),
    linkByHand: (batch, sync, key, targetKey, at) => people.linkByHand(batch, sync, key, targetKey, at),
    story: (_batch, keyOrTitle) => story(keyOrTitle),
    requestsIn: (_batch, filter, ids) => requests.find(filter, ids),
    requestIds: () => requests.ids(),
    record: (_batch, resource, key) => records.known(names.resource(resource), key),
    linkPage: (_batch, sync, after, limit) => links.page(names.sync(sync), after, limit),
    replay: (batch, query) => arrivals.replay(batch, query),
    prune,
    ...audits,
    auditFacts: (_batch, id, keys) => auditFacts(id, keys),
    auditPairs: (batch, ...given) => auditPairs.auditPairs(batch, ...given),
    auditAlone: (batch, ...given) => auditPairs.auditAlone(batch, ...given),
    auditMatching: (batch, ...given) => auditPairs.auditMatching(batch, ...given),
    auditShowing: (batch, ...given) => auditPairs.auditShowing(batch, ...given),
    auditSideKeys: (batch, ...given) => auditPairs.auditSideKeys(batch, ...given),
    conflictsOpen: (batch, ...given) => auditPairs.conflictsOpen(batch, ...given),
    auditPairFacts: (_batch, id, keys) => auditPairFacts(id, keys),
  };
  return { operations, counts: prepareCounts(database) };
}
