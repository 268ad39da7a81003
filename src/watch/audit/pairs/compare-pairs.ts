// Which pairs may be amiss: those that do not show what both sides last agreed on, or of which a side was not listed.
import type { TwoWaySync } from "../../../define/two-way.ts";
import { baseIn, stateIn } from "../../../reconcile/pair-facts.ts";
import { SIDES } from "../../../reconcile/merge.ts";
import { DIGEST_BYTES, type AuditFindingRow } from "../../../store/audit.ts";
import { SCOPE, type ListedPair, type ListedRecord } from "../../../store/audit-pairs.ts";
import { digestOf } from "../digest.ts";
import type { AuditCounts } from "../report.ts";
import { drawSample } from "../sample.ts";
import { SLICE_ROWS } from "../steps.ts";
import { SUSPECTS_MAX } from "../suspects.ts";
import type { PairCourse } from "./pair-course.ts";
import { suspectRow, type PairSuspect } from "./suspect-rows.ts";

export async function comparePairs(course: PairCourse): Promise<void> {
  const { id, store, sync } = course;
  for (let after = course.progress.at; ;) {
    const { rows, next } = await store.auditPairs(id, after, SLICE_ROWS);
    const there = rows.filter(({ listed }) => listed.every((record) => record !== undefined));
    const suspects = rows.filter((pair) => !isAgreed(sync, pair)).map(({ key }) => ({ key }));
    await keepSuspects(course, suspects, { counts: { pairs: there.length }, at: next });
    if (next === undefined) return course.next("unmatched");
    after = next;
  }
}

/** Of pairs only: whom a record that is alone would be matched with, a sample does not know. */
export async function samplePairs(course: PairCourse): Promise<void> {
  const { store, sync } = course;
  const size = course.asked.sample ?? 0;
  const page = async (after: string | undefined, limit: number): Promise<readonly string[]> =>
    (await store.linkPage(sync.name, after, limit)).map(({ key }) => key);
  const keys = await drawSample(page, size, course.random);
  const counts = course.count({ source: keys.length, pairs: keys.length });
  await course.step({ counts }, { findings: keys.map((key) => suspectRow(sync, { key })) });
  await course.next("recheck");
}

export interface Kept {
  /** What is counted besides, and found. */
  readonly counts: Partial<AuditCounts>;
  readonly findings?: readonly AuditFindingRow[];
  /** Where the stage goes on. */
  readonly at: string | undefined;
}

export async function keepSuspects(
  course: PairCourse,
  suspects: readonly PairSuspect[],
  { counts, findings = [], at }: Kept,
): Promise<void> {
  const { suspects: before = 0 } = course.progress;
  const taken = suspects.slice(0, Math.max(0, SUSPECTS_MAX - before));
  const progress = {
    suspects: before + taken.length,
    counts: course.count({ ...counts, unchecked: suspects.length - taken.length }),
    ...(at === undefined ? {} : { at }),
  };
  await course.step(progress, { findings: [...taken.map((one) => suspectRow(course.sync, one)), ...findings] });
}

/** True: nothing has to be read to know that the engine would leave it alone. */
export function isAgreed(sync: TwoWaySync, { base, state, listed }: ListedPair): boolean {
  const [first, second] = listed;
  const link = { targetKey: "", recordHash: "", base, ...(state === undefined ? {} : { state }) };
  // Both are gone, and nothing rises again.
  if (first === undefined && second === undefined) return true;
  const { gone } = stateIn(link);
  if (first === undefined || second === undefined) return gone === (first === undefined ? 0 : 1);
  if (first.scope === SCOPE.unclear || second.scope === SCOPE.unclear) return false;
  if (first.scope === SCOPE.out || second.scope === SCOPE.out) return true;
  const agreed = baseIn(link);
  if (agreed === undefined) return false;
  return SIDES.every((side) => {
    const record = side === 0 ? first : second;
    return sync.pairs.every(({ fields }, index) => {
      const was = agreed[side][fields[side]];
      return was !== undefined && digestAt(record, index) === digestOf(was);
    });
  });
}

function digestAt({ digests }: ListedRecord, index: number): number {
  return new DataView(digests.buffer, digests.byteOffset, digests.byteLength).getUint32(index * DIGEST_BYTES, true);
}
