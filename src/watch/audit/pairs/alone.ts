// Records that nobody is linked to, on either side: whom each would be matched with is found among all that were listed, so that a
// partner that was missed is not called missing.
import { otherSide, type Side, type TwoWaySync } from "../../../define/two-way.ts";
import { SCOPE, type ListedAlone, type PairKey } from "../../../store/audit-pairs.ts";
import type { AuditFinding, Matches } from "../report.ts";
import { rowOf, SLICE_ROWS } from "../steps.ts";
import { keepSuspects } from "./compare-pairs.ts";
import { matchingIn, type MatchDigests } from "./matching.ts";
import type { PairCourse } from "./pair-course.ts";
import { matchDigestsIn } from "./pair-rows.ts";
import { aboutOf, rowKey, type PairSuspect } from "./suspect-rows.ts";

/** Records that are matched in one go: each go looks through all that was listed. */
const WINDOW_RECORDS = 20_000;
/** Records that stay alone by the sync's own rules, and are told. */
const UNMATCHED_TOLD_MAX = 20;

/** `at` says which side it is at and after which key. */
export async function findAlone(course: PairCourse): Promise<void> {
  for (const side of [0, 1] as const) {
    const { at } = course.progress;
    if (at !== undefined && Number(at[0]) > side) continue;
    let after = at?.slice(2) === "" ? undefined : at?.slice(2);
    for (;;) {
      const { rows, next } = await windowFrom(course, side, after);
      await matched(course, side, rows, next === undefined ? `${side + 1}/` : `${side}/${next}`);
      if (next === undefined) break;
      after = next;
    }
  }
  await course.next("recheck");
}

async function windowFrom(course: PairCourse, side: Side, from: string | undefined) {
  const found: ListedAlone[] = [];
  for (let after = from; ;) {
    const { rows, next } = await course.store.auditAlone(course.id, side, after, SLICE_ROWS);
    course.calls.goOn();
    found.push(...rows.filter(({ scope }) => scope !== SCOPE.out));
    if (next === undefined || found.length >= WINDOW_RECORDS) return { rows: found, next };
    after = next;
  }
}

async function matched(course: PairCourse, side: Side, rows: readonly ListedAlone[], at: string): Promise<void> {
  const { sync } = course;
  const own: MatchDigests = new Map(rows.map(({ key, digests }) => [key, matchDigestsIn(sync, digests)]));
  const candidates = await matchingIn(course, otherSide(side), own, { isOwn: false });
  const rivals = await matchingIn(course, side, own, { isOwn: true });
  const makes = sync.sides[otherSide(side)].creates;
  const suspects: PairSuspect[] = [];
  const unmatched: PairKey[] = [];
  for (const { key, scope } of rows) {
    const one: PairKey = { key, ...(side === 1 ? { side } : {}) };
    const matches: Matches = { candidates: candidates.get(key) ?? [], rivals: rivals.get(key) ?? [] };
    const isSuspect = makes || matches.candidates.length > 0 || scope === SCOPE.unclear;
    if (isSuspect) suspects.push({ ...one, matches });
    else unmatched.push(one);
  }
  const findings = unmatchedTold(course, side, unmatched);
  await keepSuspects(course, suspects, { counts: { unmatched: unmatched.length }, findings, at });
}

function unmatchedTold({ sync, progress }: PairCourse, side: Side, unmatched: readonly PairKey[]) {
  const room = Math.max(0, UNMATCHED_TOLD_MAX - progress.counts.unmatched);
  return unmatched.slice(0, room).map((one) => rowOf(unmatchedFinding(sync, one, side), rowKey(sync, one)));
}

export function unmatchedFinding(sync: TwoWaySync, one: PairKey, side: Side): AuditFinding {
  const text = `it has no counterpart in ${sync.sides[otherSide(side)].name}, where the sync creates none`;
  return { ...aboutOf(sync, one), kind: "unmatched", cause: { code: "unlinked", text } };
}
