// Lists one side of an audit, and keeps of each record no more than its key and digests.
import { CallFailed } from "../../define/outcome.ts";
import type { Course } from "./course.ts";
import { Expectations } from "./expectations.ts";
import { linksOf } from "./look-both.ts";
import { SideRows } from "./side-rows.ts";
import { LOOK_KEYS } from "./steps.ts";

/** Rows that are made durable together. */
const ROWS_PER_STEP = 2_000;

interface RecordPage {
  readonly records: readonly unknown[];
  readonly next: string | undefined;
}

export async function gatherSource(course: Course): Promise<void> {
  if (course.progress.at === undefined) await course.step({ sourceFrom: course.now });
  await gather(course, "source");
  await course.next("target", { sourceUntil: course.now });
}

export async function gatherTarget(course: Course): Promise<void> {
  await gather(course, "target");
  await course.next("compare");
}

async function gather(course: Course, side: "source" | "target"): Promise<void> {
  const began = course.progress.at;
  try {
    await gatherFrom(course, side, began);
  } catch (error) {
    // A cursor does not live for ever: after a restart the side is listed from its beginning.
    const isOld = began !== undefined && error instanceof CallFailed && course.progress.at === began;
    if (!isOld || !["invalid", "missing"].includes(error.outcome.kind)) throw error;
    course.again(side);
    await course.step({}, { afresh: side });
    await gatherFrom(course, side, undefined);
  }
}

async function gatherFrom(course: Course, side: "source" | "target", from: string | undefined): Promise<void> {
  const { both } = course;
  const { auditable } = both;
  const { resource } = side === "source" ? auditable.from : auditable.to;
  const pages = both[side].isListed ? listed(course, side, from) : known(course, side, from);
  const expectations = new Expectations(auditable);
  let rows = new SideRows(auditable, side, ROWS_PER_STEP, expectations);
  let writing: Promise<void> = Promise.resolve();
  for await (const { records, next } of pages) {
    const linked = side === "source" ? await linksOf(both, records) : () => undefined;
    for (const record of records) {
      if (side === "source") rows.addSource(resource.key(record), record, linked);
      else rows.addTarget(resource.key(record), record);
    }
    if (rows.count < ROWS_PER_STEP && next !== undefined) continue;
    await writing;
    const counts = course.count({ [side]: rows.count });
    writing = course.step(next === undefined ? { counts } : { counts, at: next }, { sides: [rows.rows()] });
    // Whether it failed is told to whoever waits for it, a page later.
    writing.catch(() => undefined);
    rows = new SideRows(auditable, side, ROWS_PER_STEP, expectations);
  }
  await writing;
}

async function* listed(
  { both }: Course,
  side: "source" | "target",
  from: string | undefined,
): AsyncGenerator<RecordPage> {
  for (let cursor = from; ;) {
    const { records, next } = await both[side].page(cursor);
    yield { records, next };
    if (next === undefined) return;
    cursor = next;
  }
}

/** What cannot be listed is read by the keys that are known. */
async function* known(
  { id, both }: Course,
  side: "source" | "target",
  from: string | undefined,
): AsyncGenerator<RecordPage> {
  const { store, auditable } = both;
  for (let after = from; ;) {
    const page =
      side === "source"
        ? (await store.auditKeys(id, after, LOOK_KEYS)).map((key) => ({ key, asked: key }))
        : (await store.linkPage(auditable.name, after, LOOK_KEYS)).map(({ key, targetKey }) => ({
            key,
            asked: targetKey,
          }));
    const found = await both[side].byKey(page.map(({ asked }) => asked));
    const next = page.length < LOOK_KEYS ? undefined : page.at(-1)?.key;
    yield { records: [...found.values()], next };
    if (next === undefined) return;
    after = next;
  }
}
