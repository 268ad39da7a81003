// Looks at both sides once more when what was marked for repair has been written.
import type { AuditFindingRow } from "../../store/audit.ts";
import { REPAIRABLE, type AuditFinding } from "./report.ts";
import type { LookedAt, Settling } from "./settle-suspects.ts";
import { findingOf, rowOf, type Steps } from "./steps.ts";

/** The longest that is waited until what was marked is written. */
const MENDING_MS_MAX = 15 * 60_000;
const LOOK_MS = 1_000;
const LOOK_MS_MAX = 30_000;

export interface Verifying extends Pick<Settling, "look"> {
  /** What is written to, for people. */
  readonly target: string;
}

export async function verifyMarked(steps: Steps, verifying: Verifying): Promise<void> {
  const until = (steps.progress.repairedAt ?? steps.now) + MENDING_MS_MAX;
  for (let waitMs = LOOK_MS; ; waitMs = Math.min(2 * waitMs, LOOK_MS_MAX)) {
    let open = 0;
    for (const kind of REPAIRABLE) {
      for await (const rows of steps.findings(kind)) open += await verified(steps, verifying, rows, steps.now >= until);
    }
    if (open === 0) return steps.next("sweep");
    await steps.calls.wait(waitMs);
  }
}

/** How many are still to be written. */
async function verified(
  steps: Steps,
  { look, target }: Verifying,
  rows: readonly AuditFindingRow[],
  isLate: boolean,
): Promise<number> {
  const marked = rows.filter((row) => findingOf(row).repair === "marked");
  const looked = await look(marked);
  const ended = marked.flatMap((row, index) => {
    const end = endOf(looked[index], target, isLate);
    return end === undefined ? [] : [{ key: row.key, finding: { ...findingOf(row), ...end } }];
  });
  const mended = ended.filter(({ finding }) => finding.repair === "mended").length;
  if (ended.length > 0) {
    const counts = steps.count({ mended, left: ended.length - mended });
    await steps.step({ counts }, { findings: ended.map(({ key, finding }) => rowOf(finding, key)) });
  }
  return marked.length - ended.length;
}

/** Undefined: it is still to be written. */
function endOf(
  looked: LookedAt | undefined,
  target: string,
  isLate: boolean,
): Pick<AuditFinding, "repair" | "left"> | undefined {
  const { pending, judged } = looked ?? {};
  if (judged !== undefined && judged.finding === undefined) return { repair: "mended" };
  if (pending?.state === "parked") return { repair: "left", left: `parked: ${pending.reason ?? ""}` };
  if (pending === undefined && judged !== undefined) {
    return { repair: "left", left: `it was written, and ${target} still shows something else` };
  }
  return isLate ? { repair: "left", left: `not written yet: ${pending?.state ?? "under way"}` } : undefined;
}
