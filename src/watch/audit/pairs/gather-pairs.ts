// Lists both sides of a two-way sync, and keeps of each record no more than its key and digests.
import { CallFailed } from "../../../define/outcome.ts";
import type { Side } from "../../../define/two-way.ts";
import { LOOK_KEYS } from "../steps.ts";
import type { PairCourse } from "./pair-course.ts";
import { PairRows } from "./pair-rows.ts";

/** Rows that are made durable together. */
const ROWS_PER_STEP = 2_000;
const COUNTED = ["source", "target"] as const;

interface RecordPage {
  readonly records: readonly unknown[];
  readonly next: string | undefined;
}

export async function gatherFirst(course: PairCourse): Promise<void> {
  if (course.progress.at === undefined) await course.step({ sourceFrom: course.now });
  await gather(course, 0);
  await course.next("target");
}

export async function gatherSecond(course: PairCourse): Promise<void> {
  await gather(course, 1);
  await course.next("compare", { sourceUntil: course.now });
}

async function gather(course: PairCourse, side: Side): Promise<void> {
  const began = course.progress.at;
  try {
    await gatherFrom(course, side, began);
  } catch (error) {
    // A cursor does not live for ever: after a restart the side is listed from its beginning.
    const isOld = began !== undefined && error instanceof CallFailed && course.progress.at === began;
    if (!isOld || !["invalid", "missing"].includes(error.outcome.kind)) throw error;
    course.again(COUNTED[side]);
    await course.step({}, { afresh: COUNTED[side] });
    await gatherFrom(course, side, undefined);
  }
}

async function gatherFrom(course: PairCourse, side: Side, from: string | undefined): Promise<void> {
  const { sync, sides } = course;
  const { resource } = sync.sides[side].resource;
  const pages = sides[side].isListed ? listed(course, side, from) : known(course, side, from);
  let rows = new PairRows(sync, side);
  let writing: Promise<void> = Promise.resolve();
  for await (const { records, next } of pages) {
    for (const record of records) rows.add(resource.key(record), record);
    if (rows.count < ROWS_PER_STEP && next !== undefined) continue;
    await writing;
    const counts = course.count({ [COUNTED[side]]: rows.count });
    writing = course.step(next === undefined ? { counts } : { counts, at: next }, { records: [rows.rows()] });
    // Whether it failed is told to whoever waits for it, a page later.
    writing.catch(() => undefined);
    rows = new PairRows(sync, side);
  }
  await writing;
}

async function* listed({ sides }: PairCourse, side: Side, from: string | undefined): AsyncGenerator<RecordPage> {
  for (let cursor = from; ;) {
    const { records, next } = await sides[side].page(cursor);
    yield { records, next };
    if (next === undefined) return;
    cursor = next;
  }
}

/** What cannot be listed is read by the keys that are known. */
async function* known(
  { id, store, sides }: PairCourse,
  side: Side,
  from: string | undefined,
): AsyncGenerator<RecordPage> {
  for (let after = from; ;) {
    const keys = await store.auditSideKeys(id, side, after, LOOK_KEYS);
    const found = await sides[side].byKey(keys);
    const next = keys.length < LOOK_KEYS ? undefined : keys.at(-1);
    yield { records: [...found.values()], next };
    if (next === undefined) return;
    after = next;
  }
}
