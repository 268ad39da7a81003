// What an audit came to, in counts and in words.
import type { Auditable } from "./auditable.ts";
import { shareMax } from "./confidence.ts";
import type { Course } from "./course.ts";
import {
  WRONG,
  type AuditCounts,
  type AuditResult,
  type CauseCode,
  type FindingKind,
  type ProbableCause,
} from "./report.ts";
import { findingOf, SUSPECT, type Steps } from "./steps.ts";

type Causes = Partial<Record<FindingKind, Partial<Record<CauseCode, number>>>>;

export async function resultOf(course: Course): Promise<AuditResult> {
  const { causes, missed } = await causesOf(course);
  const { counts } = course;
  const wrong = wrongIn(counts);
  const size = course.asked.sample === undefined ? 0 : counts.source;
  return {
    verdict: wrong === 0 && counts.unchecked === 0 ? "agree" : "differ",
    summary: summaryOf(course.parts.auditable, counts, wrong, size),
    counts,
    causes,
    missed,
    ...(size === 0 ? {} : { sample: { size, differing: wrong, shareMax: shareMax(wrong, size) } }),
    notes: notesOf(course, counts),
  };
}

/** What was found by kind and cause, and what webhooks and polls missed. */
export async function causesOf(steps: Steps): Promise<Pick<AuditResult, "causes" | "missed">> {
  const causes: Causes = {};
  const missed: ProbableCause[] = [];
  for await (const rows of steps.findings(undefined)) {
    for (const row of rows) {
      if (row.kind === SUSPECT) continue;
      const { kind, cause } = findingOf(row);
      const byCause = (causes[kind] ??= {});
      byCause[cause.code] = (byCause[cause.code] ?? 0) + 1;
      if (cause.code === "missed") missed.push(cause);
    }
  }
  const missedAt = missed.flatMap(({ since }) => (since === undefined ? [] : [since]));
  return {
    causes,
    missed: { changes: missed.length, ...(missedAt.length === 0 ? {} : { since: Math.min(...missedAt) }) },
  };
}

/** How many records do not agree, less those that were mended. */
export function wrongIn(counts: AuditCounts): number {
  return WRONG.reduce((sum, kind) => sum + countOf(counts, kind), 0) - counts.mended;
}

function countOf(counts: AuditCounts, kind: FindingKind): number {
  if (kind === "in-flight") return counts.inFlight;
  if (kind === "duplicate") return counts.duplicates;
  return counts[kind];
}

function summaryOf({ from, to }: Auditable, counts: AuditCounts, wrong: number, sampled: number): string {
  const looked =
    sampled > 0
      ? `${sampled} records of ${from.id}, chosen at random, were compared with ${to.id}`
      : `${counts.source} records of ${from.id} and ${counts.target} of ${to.id} were compared`;
  const more = counts.unchecked > 0 ? `, and ${counts.unchecked} more look different` : "";
  const mended = counts.mended > 0 ? `; ${counts.mended} were mended` : "";
  return `${looked}: ${wrong === 0 && more === "" ? "they agree" : `${wrong} do not agree${more}`}${mended}.`;
}

function notesOf(course: Course, { unchecked, missing, extra, different }: AuditCounts): readonly string[] {
  const { from, to, fields } = course.parts.auditable;
  const { upTo } = course.asked.repair ?? {};
  const wrong = missing + extra + different;
  const when = (holds: boolean, note: string): readonly string[] => (holds ? [note] : []);
  return [
    ...when(
      fields.length === 0,
      `${to.id} cannot show its fields as they are written: only whether records are there was compared`,
    ),
    ...when(!course.both.source.isListed, `${from.id} cannot be listed: only records that are known were looked at`),
    ...when(!course.both.target.isListed, `${to.id} cannot be listed: only linked records were looked at`),
    ...when(
      unchecked > 0,
      `${unchecked} more look different and were not read again: mend what they have in common first`,
    ),
    ...when(
      upTo !== undefined && wrong > upTo,
      `nothing was repaired: ${wrong} records differ, and no more than ${upTo} are mended unasked`,
    ),
  ];
}
