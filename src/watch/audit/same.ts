// Listed target records that show just what is wanted under some key.
import type { SameTarget, UnmatchedTarget } from "../../store/audit.ts";
import type { Course } from "./course.ts";

/** Pages that are looked through in one go. */
const PAGES = 10;

export async function* sameTargets(course: Course, wanted: readonly UnmatchedTarget[]): AsyncGenerator<SameTarget> {
  if (wanted.length === 0) return;
  for (let after: string | undefined; ;) {
    const { rows, next } = await course.parts.store.auditSame(course.id, wanted, after, PAGES);
    course.calls.goOn();
    yield* rows.filter(({ key, targetKey }) => key !== targetKey);
    if (next === undefined) return;
    after = next;
  }
}
