// Findings that come of a wrong link: another target record shows just what is expected. Once both sides were read again.
import { EXPECTS, type SameTarget, type UnmatchedTarget } from "../../store/audit.ts";
import type { Course } from "./course.ts";
import { relinksOf } from "./repair.ts";
import type { AuditFinding } from "./report.ts";
import { sameTargets } from "./same.ts";
import { findingOf, rowOf } from "./steps.ts";

export async function findWrongLinks(course: Course): Promise<void> {
  const { auditable, store } = course.parts;
  if (course.asked.sample !== undefined || auditable.fields.length === 0) return;
  const wanted: UnmatchedTarget[] = [];
  const found = new Map<string, AuditFinding>();
  for (const kind of ["missing", "different"] as const) {
    for await (const rows of course.findings(kind)) {
      const keys = rows.map(({ key }) => key);
      const facts = await store.auditFacts(course.id, keys);
      rows.forEach((row, index) => {
        const listed = facts[index]?.listed;
        found.set(row.key, findingOf(row));
        if (listed?.expects === EXPECTS.fields) wanted.push({ key: row.key, digests: listed.digests });
      });
    }
  }
  const same: SameTarget[] = [];
  for await (const one of sameTargets(course, wanted)) same.push(one);
  const wrong = relinksOf(found, same, auditable.to.id);
  if (wrong.length > 0) await course.step({}, { findings: wrong.map((finding) => rowOf(finding)) });
}
