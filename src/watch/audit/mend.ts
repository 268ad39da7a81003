// Marks what was found for the ordinary path, and looks at both sides once more when it has been written.
import type { AuditFindingRow } from "../../store/audit.ts";
import { findingOf, rowOf, type Course } from "./course.ts";
import { lookAtBoth, type Looked } from "./look-both.ts";
import { mendingOf, observationOf, type Mending } from "./repair.ts";
import { REPAIRABLE, type AuditFinding } from "./report.ts";

/** The longest that is waited until what was marked is written. */
const MENDING_MS_MAX = 15 * 60_000;
const LOOK_MS = 1_000;
const LOOK_MS_MAX = 30_000;

interface Work {
  readonly finding: AuditFinding;
  readonly looked: Looked;
}

export async function repair(course: Course): Promise<void> {
  const { upTo = Number.POSITIVE_INFINITY, dryRun = false } = course.asked.repair ?? {};
  const { missing, extra, different } = course.progress.counts;
  if (dryRun || missing + extra + different > upTo) return course.next("sweep");
  const { store, wakeSyncs, auditable } = course.parts;
  const work = await workOf(course);
  const toLink = await course.both.target.byKey(
    work.flatMap(({ finding }) => (finding.linkTo === undefined ? [] : [finding.linkTo])),
  );
  const mendings = work.map(({ finding, looked }) => mendingOf(auditable, finding, looked, toLink));
  const rebases = mendings.flatMap((mending) => (mending.rebase === undefined ? [] : [mending.rebase]));
  const rebased = new Set(await store.auditRebase(course.id, rebases));
  const marked = mendings.filter(
    ({ rebase, left }) => left === undefined && (rebase === undefined || rebased.has(rebase.key)),
  );
  const at = course.now;
  const { syncs } = await store.observe({
    observations: marked.map(({ looked }) => observationOf(auditable, looked, at)),
  });
  const findings = told(mendings, new Set(marked));
  const counts = course.count({ marked: marked.length, left: findings.length - marked.length });
  await course.step({ counts, repairedAt: at }, { findings: findings.map(rowOf) });
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

export async function verify(course: Course): Promise<void> {
  const until = (course.progress.repairedAt ?? course.now) + MENDING_MS_MAX;
  for (let waitMs = LOOK_MS; ; waitMs = Math.min(2 * waitMs, LOOK_MS_MAX)) {
    let open = 0;
    for (const kind of REPAIRABLE) {
      for await (const rows of course.findings(kind)) open += await verified(course, rows, course.now >= until);
    }
    if (open === 0) return course.next("sweep");
    await course.calls.wait(waitMs);
  }
}

/** How many are still to be written. */
async function verified(course: Course, rows: readonly AuditFindingRow[], isLate: boolean): Promise<number> {
  const marked = rows.map(findingOf).filter(({ repair: state }) => state === "marked");
  const keys = marked.map(({ key }) => key);
  const looked = await lookAtBoth(course.both, keys);
  const target = course.parts.auditable.to.id;
  const ended = marked.flatMap((finding, index) => {
    const end = endOf(looked[index], target, isLate);
    return end === undefined ? [] : [{ ...finding, ...end }];
  });
  const mended = ended.filter(({ repair: state }) => state === "mended").length;
  if (ended.length > 0) {
    const counts = course.count({ mended, left: ended.length - mended });
    await course.step({ counts }, { findings: ended.map(rowOf) });
  }
  return marked.length - ended.length;
}

/** Undefined: it is still to be written. */
function endOf(
  looked: Looked | undefined,
  target: string,
  isLate: boolean,
): Pick<AuditFinding, "repair" | "left"> | undefined {
  const pending = looked?.read.facts.pending;
  const judged = looked?.judged;
  if (judged !== undefined && judged.finding === undefined) return { repair: "mended" };
  if (pending?.state === "parked") return { repair: "left", left: `parked: ${pending.reason ?? ""}` };
  if (pending === undefined && judged !== undefined) {
    return { repair: "left", left: `it was written, and ${target} still shows something else` };
  }
  return isLate ? { repair: "left", left: `not written yet: ${pending?.state ?? "under way"}` } : undefined;
}
