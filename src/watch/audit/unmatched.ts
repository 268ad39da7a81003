// Target records of nobody: told, and those that look like a linked one besides.
import type { UnmatchedTarget } from "../../store/audit.ts";
import type { Course } from "./course.ts";
import { digestOf } from "./digest.ts";
import type { AuditFinding } from "./report.ts";
import { sameTargets } from "./same.ts";
import { rowOf, SLICE_ROWS } from "./steps.ts";

/** Unmatched target records that are told, and that are compared with the linked ones. */
const UNMATCHED_TOLD_MAX = 20;
const UNMATCHED_COMPARED_MAX = 10_000;

/** Nothing is kept before it is complete. */
export async function findUnmatched(course: Course): Promise<void> {
  const { store, auditable } = course.parts;
  const compared: UnmatchedTarget[] = [];
  const told: AuditFinding[] = [];
  let count = 0;
  for (let after: string | undefined; ;) {
    const { rows, next } = await store.auditUnmatched(course.id, after, SLICE_ROWS);
    course.calls.goOn();
    count += rows.length;
    compared.push(...rows.slice(0, UNMATCHED_COMPARED_MAX - compared.length));
    for (const { key } of rows.slice(0, UNMATCHED_TOLD_MAX - told.length)) {
      const text = `nobody is linked to it; it may be of before, or made by others in ${auditable.to.id}`;
      told.push({ kind: "unmatched", key, targetKey: key, cause: { code: "unlinked", text } });
    }
    if (next === undefined) break;
    after = next;
  }
  const duplicates = await duplicatesAmong(course, compared);
  const counts = {
    ...course.progress.counts,
    unmatched: count - duplicates.length,
    duplicates: duplicates.length,
  };
  const twice = new Set(duplicates.map(({ key }) => key));
  const findings = [...told.filter(({ key }) => !twice.has(key)), ...duplicates];
  await course.step({ counts }, { findings: findings.map((finding) => rowOf(finding)) });
  await course.next("recheck");
}

async function duplicatesAmong(
  course: Course,
  unmatched: readonly UnmatchedTarget[],
): Promise<readonly AuditFinding[]> {
  const { auditable, store } = course.parts;
  if (auditable.fields.length === 0) return [];
  const twins = new Map<string, { readonly targetKey: string; readonly linkedTo: string }>();
  for await (const { key, targetKey, linkedTo } of sameTargets(course, unmatched)) {
    if (linkedTo !== undefined) twins.set(key, { targetKey, linkedTo });
  }
  const found: AuditFinding[] = [];
  for (const [key, { targetKey, linkedTo }] of twins) {
    const [facts] = await store.auditFacts(course.id, [linkedTo]);
    // One that was voided and made anew leaves the voided one behind.
    if (facts?.wasRemoved === true || (await store.linkedTo(auditable.name, key)) !== undefined) continue;
    const now = await course.both.target.byKey([key, targetKey]);
    const [one, other] = [now.records.get(key), now.records.get(targetKey)];
    if (one === undefined || other === undefined || !showSame(course, one, other)) continue;
    const text = `it shows just the same as ${targetKey}, to which ${linkedTo} is linked: it may have been made twice`;
    found.push({ kind: "duplicate", key, targetKey: key, cause: { code: "made-twice", text } });
  }
  return found;
}

function showSame({ parts }: Course, one: unknown, other: unknown): boolean {
  const { shown, fields } = parts.auditable;
  const [first, second] = [shown(one), shown(other)];
  return fields.every((name) => digestOf(first[name]) === digestOf(second[name]));
}
