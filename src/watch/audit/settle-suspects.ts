// What looks different is read on both sides as it is now, until each is judged or known to be under way: a record that changes
// while the audit runs is no false alarm.
import { durationText } from "../../define/duration.ts";
import type { AuditFindingRow } from "../../store/audit.ts";
import type { AuditFinding, FindingKind } from "./report.ts";
import { rowOf, SUSPECT, type Steps } from "./steps.ts";

/** How often a record that changes all the time is read again. */
const LOOKS_MAX = 4;
const LOOK_AGAIN_MS = 1_000;
/** The longest that is waited until a change counts as missed; beyond it such a record is told as under way. */
const WAIT_MS_MAX = 10 * 60_000;

/** A record, or a pair, as it was just read on both sides, and what it comes to. */
export interface LookedAt {
  /** Of the row under which it is kept. */
  readonly key: string;
  /** How it is named in what is found. */
  readonly about: Pick<AuditFinding, "key" | "side">;
  /** Tells what was read from what was read before. */
  readonly hash: string | undefined;
  /** Undefined: something came in between. Without a finding: it agrees. */
  readonly judged?: { readonly finding?: AuditFinding };
  readonly pending?: { readonly state: string; readonly reason?: string };
  /** When what nobody told of came about, where that is known. */
  readonly changedAt?: number;
  /** It is now as it was listed. */
  readonly isAsListed: boolean;
}

export interface Settling {
  readonly freshWithinMs: number;
  readonly look: (rows: readonly AuditFindingRow[]) => Promise<readonly LookedAt[]>;
}

interface JudgedEnd {
  readonly is: "judged";
  readonly key: string;
  readonly finding?: AuditFinding;
}

type End = JudgedEnd | { readonly is: "later"; readonly key: string; readonly at: number };

/** How often a record was looked at, and since when it is as it was the last time. */
interface Look {
  readonly times: number;
  readonly hash: string | undefined;
  readonly at: number;
}

export async function settleSuspects(steps: Steps, settling: Settling): Promise<void> {
  const looks = new Map<string, Look>();
  for (;;) {
    let dueAt = Number.POSITIVE_INFINITY;
    for await (const suspects of steps.findings(SUSPECT)) {
      const looked = await settling.look(suspects);
      const ends = looked.map((one) => endOf(steps, settling, looks, one));
      dueAt = Math.min(dueAt, ...ends.flatMap((end) => (end.is === "later" ? [end.at] : [])));
      await keep(
        steps,
        ends.filter((end) => end.is === "judged"),
      );
    }
    if (dueAt === Number.POSITIVE_INFINITY) return;
    await steps.calls.wait(dueAt - steps.now);
  }
}

async function keep(steps: Steps, ends: readonly JudgedEnd[]): Promise<void> {
  const findings = ends.flatMap(({ finding }) => (finding === undefined ? [] : [finding]));
  const of = (kind: FindingKind): number => findings.filter((finding) => finding.kind === kind).length;
  const counts = steps.count({
    rechecked: ends.length,
    missing: of("missing"),
    extra: of("extra"),
    different: of("different"),
    inFlight: of("in-flight"),
    duplicates: of("duplicate"),
    unmatched: of("unmatched"),
  });
  const keys = ends.map(({ key }) => key);
  const rows = ends.flatMap(({ key, finding }) => (finding === undefined ? [] : [rowOf(finding, key)]));
  await steps.step({ counts }, { without: [{ kind: SUSPECT, keys }], findings: rows });
}

function endOf(steps: Steps, { freshWithinMs }: Settling, looks: Map<string, Look>, looked: LookedAt): End {
  const { key, about, hash, judged, changedAt, isAsListed } = looked;
  const { now } = steps;
  const before = looks.get(key);
  const times = (before?.times ?? 0) + 1;
  const at = before !== undefined && before.hash === hash ? before.at : now;
  looks.set(key, { times, hash, at });
  if (judged === undefined) {
    if (times < LOOKS_MAX) return { is: "later", key, at: now + LOOK_AGAIN_MS };
    return { is: "judged", key, finding: underWay(about, "it changes all the time while it is looked at") };
  }
  const { finding } = judged;
  if (finding?.cause.code !== "missed") return { is: "judged", key, ...(finding === undefined ? {} : { finding }) };
  const dueAt = (changedAt ?? (isAsListed ? (steps.progress.sourceUntil ?? at) : at)) + freshWithinMs;
  if (dueAt <= now) return { is: "judged", key, finding };
  // A change may take so long to be noticed; only one that takes longer was missed.
  if (dueAt - now <= WAIT_MS_MAX) return { is: "later", key, at: dueAt };
  const text = `it changed within the ${durationText(freshWithinMs)} that are promised, and was not noticed yet`;
  return { is: "judged", key, finding: underWay(about, text) };
}

function underWay(about: LookedAt["about"], text: string): AuditFinding {
  return { ...about, kind: "in-flight", cause: { code: "under-way", text } };
}
