// Lists both sides of a two-way sync, and keeps of each record no more than its key and digests.
import type { Side } from "../../../define/two-way.ts";
import { listSide } from "../list-side.ts";
import { LOOK_KEYS } from "../steps.ts";
import type { PairCourse } from "./pair-course.ts";
import { PairRows } from "./pair-rows.ts";

const COUNTED = ["source", "target"] as const;

export async function gatherFirst(course: PairCourse): Promise<void> {
  if (course.progress.at === undefined) await course.step({ sourceFrom: course.now });
  await gather(course, 0);
  await course.next("target");
}

export async function gatherSecond(course: PairCourse): Promise<void> {
  await gather(course, 1);
  await course.next("compare", { sourceUntil: course.now });
}

function gather(course: PairCourse, side: Side): Promise<void> {
  const { id, store, sync, sides } = course;
  return listSide(course, {
    side: COUNTED[side],
    records: sides[side],
    known: async (after) => (await store.auditSideKeys(id, side, after, LOOK_KEYS)).map((key) => ({ key, asked: key })),
    rows: () => new PairRows(sync, side),
    add: (rows, keyed) => course.each(keyed, ({ key, record }) => rows.add(key, record)),
    step: (rows) => ({ records: [rows.rows()] }),
  });
}
