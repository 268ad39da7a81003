// Lists one side of an audit, and keeps of each record no more than its key and digests.
import type { Course } from "./course.ts";
import { Expectations } from "./expectations.ts";
import { listSide, ROWS_PER_STEP } from "./list-side.ts";
import { linksOf } from "./look-both.ts";
import { SideRows } from "./side-rows.ts";
import { LOOK_KEYS } from "./steps.ts";

export async function gatherSource(course: Course): Promise<void> {
  if (course.progress.at === undefined) await course.step({ sourceFrom: course.now });
  const { both, id } = course;
  const { auditable, store, source } = both;
  const expectations = new Expectations(auditable);
  await listSide(course, {
    side: "source",
    records: source,
    known: async (after) => (await store.auditKeys(id, after, LOOK_KEYS)).map((key) => ({ key, asked: key })),
    rows: () => new SideRows(auditable, "source", ROWS_PER_STEP, expectations),
    add: async (rows, keyed) => {
      const linked = await linksOf(
        both,
        keyed.map(({ record }) => record),
      );
      await course.each(keyed, ({ key, record }) => rows.addSource(key, record, linked));
    },
    step: (rows) => ({ sides: [rows.rows()] }),
  });
  await course.next("target", { sourceUntil: course.now });
}

export async function gatherTarget(course: Course): Promise<void> {
  const { auditable, store, target } = course.both;
  await listSide(course, {
    side: "target",
    records: target,
    known: async (after) =>
      (await store.linkPage(auditable.name, after, LOOK_KEYS)).map(({ key, targetKey }) => ({ key, asked: targetKey })),
    rows: () => new SideRows(auditable, "target", ROWS_PER_STEP),
    add: (rows, keyed) => course.each(keyed, ({ key, record }) => rows.addTarget(key, record)),
    step: (rows) => ({ sides: [rows.rows()] }),
  });
  await course.next("compare");
}
