// What an audit of a two-way sync came to, in counts and in words.
import { shareMax } from "../confidence.ts";
import { causesOf, wrongIn } from "../result.ts";
import type { AuditCounts, AuditResult } from "../report.ts";
import { SIDES } from "../../../reconcile/merge.ts";
import type { PairCourse } from "./pair-course.ts";

export async function pairResultOf(course: PairCourse): Promise<AuditResult> {
  const { causes, missed } = await causesOf(course);
  const { counts } = course;
  const wrong = wrongIn(counts);
  const size = course.asked.sample === undefined ? 0 : counts.source;
  return {
    verdict: wrong === 0 && counts.unchecked === 0 ? "agree" : "differ",
    summary: summaryOf(course, counts, wrong, size > 0),
    counts,
    causes,
    missed,
    ...(size === 0 ? {} : { sample: { size, differing: wrong, shareMax: shareMax(wrong, size) } }),
    notes: notesOf(course, counts),
  };
}

function summaryOf({ sync }: PairCourse, counts: AuditCounts, wrong: number, isSample: boolean): string {
  const [first, second] = sync.sides.map(({ resource }) => resource.id);
  const { pairs = 0, source, target } = counts;
  const looked = isSample
    ? `${pairs} pairs of ${first} and ${second}, chosen at random, were compared`
    : `${pairs} pairs among ${source} records of ${first} and ${target} of ${second} were compared`;
  const more = counts.unchecked > 0 ? `, and ${counts.unchecked} more look different` : "";
  const mended = counts.mended > 0 ? `; ${counts.mended} were mended` : "";
  return `${looked}: ${wrong === 0 && more === "" ? "they agree" : `${wrong} do not agree${more}`}${mended}.`;
}

function notesOf({ asked, sync, sides }: PairCourse, counts: AuditCounts): readonly string[] {
  const { unchecked, missing, extra, different, conflicts = 0 } = counts;
  const { upTo } = asked.repair ?? {};
  const wrong = missing + extra + different;
  const when = (holds: boolean, note: string): readonly string[] => (holds ? [note] : []);
  return [
    ...SIDES.flatMap((side) =>
      when(
        asked.sample === undefined && !sides[side].isListed,
        `${sync.sides[side].resource.id} cannot be listed: only records that are known were looked at`,
      ),
    ),
    ...when(asked.sample !== undefined, "a sample is of pairs: records without a counterpart were not looked at"),
    ...when(conflicts > 0, `${conflicts} conflicts wait for a person: see \`bowline conflicts --open\``),
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
