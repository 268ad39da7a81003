// Which records may be amiss: those that do not look as expected in the listings, those that were not listed, or a sample of all.
import type { Course } from "./course.ts";
import { agreesByBase } from "./local-check.ts";
import { sift } from "./sift.ts";
import { drawSample } from "./sample.ts";
import { SLICE_ROWS, suspectRow } from "./steps.ts";

/** More that look different are counted, not read again: then it is no longer about single records. */
export const SUSPECTS_MAX = 10_000;

export async function compare(course: Course): Promise<void> {
  const { id, parts } = course;
  const { store, auditable } = parts;
  if (course.progress.at === undefined) await sift(course);
  for (let after = course.progress.at; ;) {
    const { rows, next } = await store.auditSuspects(id, after, SLICE_ROWS);
    const keys = rows.map(({ key }) => key);
    const facts = keys.length === 0 ? [] : await store.auditFacts(id, keys);
    const suspects = rows.filter((row, index) => {
      const known = facts[index];
      return known === undefined || !agreesByBase(auditable.fields, row, known);
    });
    await keep(course, suspects, next);
    if (next === undefined) return course.next("gone");
    after = next;
  }
}

export async function compareGone(course: Course): Promise<void> {
  for (let after = course.progress.at; ;) {
    const { rows, next } = await course.parts.store.auditGone(course.id, after, SLICE_ROWS);
    const { shown, hidden } = await split(course, rows);
    await keep(course, shown, next, hidden);
    if (next === undefined) return course.next(course.both.target.isListed ? "unmatched" : "recheck");
    after = next;
  }
}

export async function sample(course: Course): Promise<void> {
  const { store, world } = course.parts;
  const size = course.asked.sample ?? 0;
  const keys = await drawSample((after, limit) => store.auditKeys(course.id, after, limit), size, world.random);
  const { shown, hidden } = await split(
    course,
    keys.map((key) => ({ key })),
  );
  await course.step(
    { counts: course.count({ source: shown.length, ...(hidden > 0 ? { hidden } : {}) }) },
    { findings: shown.map(suspectRow) },
  );
  await course.next("recheck");
}

/** That a record which the account is not shown was not listed tells nothing of it. */
async function split<Row extends { readonly key: string }>(
  { both }: Course,
  rows: readonly Row[],
): Promise<{ readonly shown: readonly Row[]; readonly hidden: number }> {
  if (rows.length === 0) return { shown: rows, hidden: 0 };
  const isHidden = await both.source.hidden();
  const shown = rows.filter(({ key }) => !isHidden(key));
  return { shown, hidden: rows.length - shown.length };
}

async function keep(
  course: Course,
  suspects: readonly { readonly key: string }[],
  next: string | undefined,
  hidden = 0,
): Promise<void> {
  const { suspects: before = 0 } = course.progress;
  const taken = suspects.slice(0, Math.max(0, SUSPECTS_MAX - before));
  const progress = {
    suspects: before + taken.length,
    counts: course.count({ unchecked: suspects.length - taken.length, ...(hidden > 0 ? { hidden } : {}) }),
    ...(next === undefined ? {} : { at: next }),
  };
  await course.step(progress, { findings: taken.map(suspectRow) });
}
