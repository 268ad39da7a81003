// Marks what was found for the ordinary path, and looks at both sides once more when it has been written.
import type { Course } from "./course.ts";
import { lookAtBoth, type Looked } from "./look-both.ts";
import { lookAtRows } from "./recheck.ts";
import { mendingOf, observationOf, type Mending } from "./repair.ts";
import { REPAIRABLE, type AuditFinding } from "./report.ts";
import { findingOf, rowOf } from "./steps.ts";
import { verifyMarked } from "./verify.ts";

interface Work {
  readonly finding: AuditFinding;
  readonly looked: Looked;
}

export async function repair(course: Course): Promise<void> {
  const { upTo = Number.POSITIVE_INFINITY, dryRun = false } = course.asked.repair ?? {};
  const { missing, extra, different } = course.progress.counts;
  if (dryRun || missing + extra + different > upTo) return course.next("sweep");
  const { store, wakeSyncs, auditable } = course.parts;
  const readAt = course.now;
  const work = await workOf(course);
  const { records: toLink } = await course.both.target.byKey(
    work.flatMap(({ finding }) => (finding.linkTo === undefined ? [] : [finding.linkTo])),
  );
  const mendings = work.map(({ finding, looked }) => mendingOf(auditable, finding, looked, toLink));
  const rebases = mendings.flatMap((mending) => (mending.rebase === undefined ? [] : [mending.rebase]));
  const rebased = new Set(await store.auditRebase(course.id, rebases));
  const marked = mendings.filter(
    ({ rebase, left }) => left === undefined && (rebase === undefined || rebased.has(rebase.key)),
  );
  const { syncs } = await store.observe({
    observations: marked.map(({ looked }) => observationOf(auditable, looked, readAt)),
  });
  const findings = told(mendings, new Set(marked));
  const counts = course.count({ marked: marked.length, left: findings.length - marked.length });
  await course.step({ counts, repairedAt: course.now }, { findings: findings.map((finding) => rowOf(finding)) });
  wakeSyncs(syncs);
  await course.next("verify");
}

/** What is not marked yet, as both sides are now. */
async function workOf(course: Course): Promise<readonly Work[]> {
  const work: Work[] = [];
  for (const kind of REPAIRABLE) {
    for await (const rows of course.findings(kind)) {
      const findings = rows.map(findingOf);
      const keys = findings.map(({ key }) => key);
      const looked = await lookAtBoth(course.both, keys);
      for (const [index, finding] of findings.entries()) {
        const one = looked[index];
        if (one !== undefined && finding.repair === undefined) work.push({ finding, looked: one });
      }
    }
  }
  return work;
}

function told(mendings: readonly Mending[], marked: ReadonlySet<Mending>): readonly AuditFinding[] {
  return mendings.map((mending): AuditFinding => {
    if (marked.has(mending)) return { ...mending.finding, repair: "marked" };
    const left = mending.left ?? "it became pending, or was linked otherwise, meanwhile";
    return { ...mending.finding, repair: "left", left };
  });
}

export function verify(course: Course): Promise<void> {
  return verifyMarked(course, { look: (rows) => lookAtRows(course, rows), target: course.parts.auditable.to.id });
}
