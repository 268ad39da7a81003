// What an audit came to, in counts and in words.
import { counted } from "../../define/counted.ts";
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

/** What a kind of audit says in its own words. */
export interface ResultWords {
  /** What was compared, such as "5 records of shop/orders, chosen at random, were compared with books/invoices". */
  readonly looked: (counts: AuditCounts, isSample: boolean) => string;
  /** What is to be known of it besides. */
  readonly notes: readonly string[];
}

export function resultOf(course: Course): Promise<AuditResult> {
  return resultIn(course, { looked: lookedIn(course.parts.auditable), notes: notesOf(course) });
}

export async function resultIn(steps: Steps, { looked, notes }: ResultWords): Promise<AuditResult> {
  const { causes, missed } = await causesOf(steps);
  const { asked, counts } = steps;
  const wrong = wrongIn(counts);
  const size = asked.sample === undefined ? 0 : counts.source;
  return {
    verdict: wrong === 0 && counts.unchecked === 0 && unreadableIn(counts) === 0 ? "agree" : "differ",
    summary: `${looked(counts, size > 0)}: ${agreement(counts, wrong)}.`,
    counts,
    causes,
    missed,
    ...(size === 0 ? {} : { sample: { size, differing: wrong, shareMax: shareMax(wrong, size) } }),
    notes: [...notes, ...notesOfLimits(steps)],
  };
}

/** What was found by kind and cause, and what webhooks and polls missed. */
async function causesOf(steps: Steps): Promise<Pick<AuditResult, "causes" | "missed">> {
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
function wrongIn(counts: AuditCounts): number {
  return WRONG.reduce((sum, kind) => sum + countOf(counts, kind), 0) - counts.mended;
}

function countOf(counts: AuditCounts, kind: FindingKind): number {
  if (kind === "in-flight") return counts.inFlight;
  if (kind === "duplicate") return counts.duplicates;
  return counts[kind];
}

function unreadableIn({ sourceUnreadable = 0, targetUnreadable = 0 }: AuditCounts): number {
  return sourceUnreadable + targetUnreadable;
}

function agreement(counts: AuditCounts, wrong: number): string {
  const { unchecked, mended } = counts;
  const unreadable = unreadableIn(counts);
  const looks = unchecked > 0 ? `, and ${unchecked} more look different` : "";
  const more = unreadable > 0 ? `${looks}, and ${unreadable} could not be read` : looks;
  const repaired = mended > 0 ? `; ${mended} were mended` : "";
  return `${wrong === 0 && more === "" ? "they agree" : `${wrong} do not agree${more}`}${repaired}`;
}

function lookedIn({ from, to }: Auditable): ResultWords["looked"] {
  return ({ source, target }, isSample) =>
    isSample
      ? `${source} records of ${from.id}, chosen at random, were compared with ${to.id}`
      : `${source} records of ${from.id} and ${target} of ${to.id} were compared`;
}

/** The note, where it holds. */
export const when = (holds: boolean, note: string): readonly string[] => (holds ? [note] : []);

function notesOf(course: Course): readonly string[] {
  const { from, to, fields } = course.parts.auditable;
  return [
    ...when(
      fields.length === 0,
      `${to.id} cannot show its fields as they are written: only whether records are there was compared`,
    ),
    ...notesOfUnreadable(course.counts, [from.id, to.id]),
    ...when(!course.both.source.isListed, `${from.id} cannot be listed: only records that are known were looked at`),
    ...when(!course.both.target.isListed, `${to.id} cannot be listed: only linked records were looked at`),
  ];
}

/** By the ids of both resources. */
export function notesOfUnreadable(
  { sourceUnreadable = 0, targetUnreadable = 0 }: AuditCounts,
  [source, target]: readonly [string, string],
): readonly string[] {
  const note = (count: number, id: string): readonly string[] =>
    when(
      count > 0,
      `${counted(count, "record")} of ${id} could not be read: the connector does not tell which they are`,
    );
  return [...note(sourceUnreadable, source), ...note(targetUnreadable, target)];
}

function notesOfLimits({ asked, counts }: Steps): readonly string[] {
  const { unchecked, hidden = 0, missing, extra, different } = counts;
  const { upTo } = asked.repair ?? {};
  const wrong = missing + extra + different;
  return [
    ...when(
      unchecked > 0,
      `${unchecked} more look different and were not read again: mend what they have in common first`,
    ),
    ...when(hidden > 0, `${hidden} records are not shown to this account: nobody can tell whether they agree`),
    ...when(
      upTo !== undefined && wrong > upTo,
      `nothing was repaired: ${wrong} records differ, and no more than ${upTo} are mended unasked`,
    ),
  ];
}
