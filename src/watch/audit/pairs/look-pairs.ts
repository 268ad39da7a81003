// Reads some pairs, and records that are alone, on both sides as they are now, and judges each as the reconciler would; one that
// Bowline itself changed meanwhile is not judged.
import { otherSide, type Side } from "../../../define/two-way.ts";
import type { SeenRecord } from "../../../observe/seen-record.ts";
import { SIDES, type Both } from "../../../reconcile/merge.ts";
import type { AuditFindingRow } from "../../../store/audit.ts";
import type { PairAuditFacts, PairKey } from "../../../store/audit-pairs.ts";
import { seenIn, type Seen } from "../keyed.ts";
import type { LookedAt } from "../settle-suspects.ts";
import { judgePair, type PairJudged } from "./judge-pair.ts";
import type { PairCourse } from "./pair-course.ts";
import { PairRows } from "./pair-rows.ts";
import { aboutOf, rowKey, suspectOf, type PairSuspect } from "./suspect-rows.ts";

/** One record as it is now. */
export interface ReadRecord {
  readonly key: string;
  /** Undefined: it is not there. */
  readonly body: unknown;
  readonly seen: SeenRecord | undefined;
  /** Why it could not be read, whatever it is now. */
  readonly fault?: string;
  /** It became part of this record of its side, which is there as it was just read. */
  readonly movedTo?: string;
  readonly successor?: unknown;
}

/** A record that may be found by the same as one that is alone. */
export interface ReadMatch extends ReadRecord {
  readonly facts: PairAuditFacts;
}

export interface PairRead {
  readonly facts: PairAuditFacts;
  /** Undefined: there is none on that side. */
  readonly records: Both<ReadRecord | undefined>;
  readonly candidates: readonly ReadMatch[];
  readonly rivals: readonly ReadMatch[];
}

export interface LookedPair {
  readonly suspect: PairSuspect;
  readonly read: PairRead;
  /** Undefined: something came in between. */
  readonly judged?: PairJudged;
}

export async function lookAtPairRows(
  course: PairCourse,
  rows: readonly AuditFindingRow[],
): Promise<readonly LookedAt[]> {
  const suspects = rows.map((row) => suspectOf(course.sync, row));
  return (await lookAtPairs(course, suspects)).map((looked) => lookedAt(course, looked));
}

export async function lookAtPairs(
  course: PairCourse,
  suspects: readonly PairSuspect[],
): Promise<readonly LookedPair[]> {
  const { id, store, sync } = course;
  const before = await store.auditPairFacts(id, suspects);
  const found = await readAll(course, suspects, before);
  const others = new Map<string, PairAuditFacts>();
  const matches = suspects.flatMap((suspect) => matchKeys(suspect));
  for (const facts of await store.auditPairFacts(id, matches)) others.set(rowKey(sync, facts), facts);
  const after = await store.auditPairFacts(id, suspects);
  return suspects.map((suspect, index) => {
    const [first, facts] = [before[index], after[index]];
    if (first === undefined || facts === undefined)
      throw new Error(`nothing was told of ${suspect.key}, not even that it is unknown`);
    const read = readOf(suspect, asLinked(facts, first), found, (key) => others.get(rowKey(sync, key)));
    const isSettled = facts.pending !== undefined || stampOf(first) === stampOf(facts);
    return { suspect, read, ...(isSettled ? { judged: judgePair(sync, read, course.now) } : {}) };
  });
}

type Found = Both<ReadonlyMap<string, ReadRecord>>;

/** The pair that was read is the one of before. */
function asLinked(
  { link: _link, other: _other, ...facts }: PairAuditFacts,
  { link, other }: PairAuditFacts,
): PairAuditFacts {
  return { ...facts, ...(link === undefined ? {} : { link }), ...(other === undefined ? {} : { other }) };
}

const sideOf = ({ side }: PairKey): Side => side ?? 0;

const matchKeys = (suspect: PairSuspect): readonly PairKey[] => [
  ...(suspect.matches?.candidates ?? []).map((key) => asKey(key, otherSide(sideOf(suspect)))),
  ...(suspect.matches?.rivals ?? []).map((key) => asKey(key, sideOf(suspect))),
];

const asKey = (key: string, side: Side): PairKey => (side === 1 ? { key, side } : { key });

async function readAll(
  course: PairCourse,
  suspects: readonly PairSuspect[],
  facts: readonly PairAuditFacts[],
): Promise<Found> {
  const keys: Both<Set<string>> = [new Set(), new Set()];
  for (const [index, suspect] of suspects.entries()) {
    keys[sideOf(suspect)].add(suspect.key);
    const other = facts[index]?.other;
    if (other !== undefined) keys[1].add(other.key);
    for (const match of matchKeys(suspect)) keys[sideOf(match)].add(match.key);
  }
  const listedAs: Both<Map<string, string>> = [new Map(), new Map()];
  for (const one of facts) {
    if (one.listedAs !== undefined) listedAs[sideOf(one)].set(one.key, one.listedAs);
    if (one.other?.listedAs !== undefined) listedAs[1].set(one.other.key, one.other.listedAs);
  }
  return [await readSide(course, 0, [...keys[0]], listedAs[0]), await readSide(course, 1, [...keys[1]], listedAs[1])];
}

async function readSide(
  course: PairCourse,
  side: Side,
  keys: readonly string[],
  listedAs: ReadonlyMap<string, string>,
): Promise<Found[0]> {
  const records = course.sides[side];
  const read = await records.byKey(keys);
  const absent = keys.filter((key) => !read.records.has(key) && !read.faults.has(key));
  // Whom it became part of the listing may tell; else the provider is asked.
  const asked = absent.filter((key) => !listedAs.has(key));
  const { resource } = records.resource;
  // Where records do not tell whom they took up, only those that nobody asked for may be such.
  const wanted = new Set(resource.formerKeys === undefined ? keys : []);
  const answered = [...read.records].filter(([key]) => !wanted.has(key)).map(([, body]) => body);
  const moved = await records.movedInto(asked, answered);
  const into = new Map(absent.flatMap((key) => asMoved(key, moved.get(key) ?? listedAs.get(key))));
  const successors = await records.byKey([...new Set(into.values())]);
  return new Map(
    keys.map((key) => {
      const movedTo = into.get(key);
      const successor: Seen = movedTo === undefined ? {} : seenIn(records.resource, successors, movedTo);
      const { body, seen, fault = successor.fault } = seenIn(records.resource, read, key);
      const went = movedTo === undefined || successor.body === undefined ? {} : { movedTo, successor: successor.body };
      return [key, { key, body, seen, ...(fault === undefined ? {} : { fault }), ...went }];
    }),
  );
}

const asMoved = (key: string, into: string | undefined): readonly (readonly [string, string])[] =>
  into === undefined ? [] : [[key, into]];

function readOf(
  suspect: PairSuspect,
  facts: PairAuditFacts,
  found: Found,
  factsOf: (key: PairKey) => PairAuditFacts | undefined,
): PairRead {
  const { key, matches } = suspect;
  const side = sideOf(suspect);
  const own = found[side].get(key);
  const other = facts.other === undefined ? undefined : found[1].get(facts.other.key);
  const matched = (keys: readonly string[], of: Side): readonly ReadMatch[] =>
    keys.flatMap((one) => {
      const [record, known] = [found[of].get(one), factsOf(asKey(one, of))];
      if (record === undefined || known === undefined) return [];
      return record.body === undefined && record.fault === undefined ? [] : [{ ...record, facts: known }];
    });
  return {
    facts,
    records: side === 1 ? [undefined, own] : [own, other],
    candidates: matched(matches?.candidates ?? [], otherSide(side)),
    rivals: matched(matches?.rivals ?? [], side),
  };
}

/** Whatever changes when Bowline learns or writes something. */
function stampOf({ record, other, link, linkedTo, pending, corrections }: PairAuditFacts): string {
  const known = [record, other?.record].map((one) => [one?.hash, one?.deleted, one?.stale]);
  return JSON.stringify([
    known,
    link?.targetKey,
    link?.base,
    link?.state,
    linkedTo,
    pending?.state,
    pending?.seq,
    corrections,
  ]);
}

function lookedAt(course: PairCourse, looked: LookedPair): LookedAt {
  const { suspect, read, judged } = looked;
  const { pending } = read.facts;
  const at = judged?.missedAt;
  return {
    key: rowKey(course.sync, suspect),
    about: aboutOf(course.sync, suspect),
    hash: read.records.map((record) => record?.seen?.seen.hash ?? "").join(" "),
    isAsListed: isAsListed(course, looked),
    ...(judged === undefined ? {} : { judged }),
    ...(pending === undefined ? {} : { pending }),
    ...(at === undefined ? {} : { changedAt: at }),
  };
}

/** Did the listings show both records as they are now? */
function isAsListed({ asked, sync }: PairCourse, { read: { facts, records }, suspect }: LookedPair): boolean {
  if (asked.sample !== undefined) return false;
  return SIDES.every((side) => {
    const record = records[side];
    if (record === undefined) return true;
    const listed = side === sideOf(suspect) ? facts.listed : facts.other?.listed;
    if (record.body === undefined || listed === undefined)
      return (record.body === undefined) === (listed === undefined);
    const rows = new PairRows(sync, side);
    rows.add(record.key, record.body);
    const now = rows.rows();
    return now.scopes[0] === listed.scope && Buffer.compare(now.digests, listed.digests) === 0;
  });
}
