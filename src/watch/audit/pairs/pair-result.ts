// What an audit of a two-way sync came to, in counts and in words.
import { notesOfUnreadable, resultIn, when, type ResultWords } from "../result.ts";
import type { AuditResult } from "../report.ts";
import { SIDES } from "../../../reconcile/merge.ts";
import type { PairCourse } from "./pair-course.ts";

export function pairResultOf(course: PairCourse): Promise<AuditResult> {
  return resultIn(course, { looked: lookedIn(course), notes: notesOf(course) });
}

function lookedIn({ sync }: PairCourse): ResultWords["looked"] {
  const [first, second] = sync.sides.map(({ resource }) => resource.id);
  return ({ pairs = 0, source, target }, isSample) =>
    isSample
      ? `${pairs} pairs of ${first} and ${second}, chosen at random, were compared`
      : `${pairs} pairs among ${source} records of ${first} and ${target} of ${second} were compared`;
}

function notesOf({ asked, counts, sync, sides }: PairCourse): readonly string[] {
  const { conflicts = 0 } = counts;
  const [first, second] = sync.sides;
  return [
    ...notesOfUnreadable(counts, [first.resource.id, second.resource.id]),
    ...SIDES.flatMap((side) =>
      when(
        asked.sample === undefined && !sides[side].isListed,
        `${sync.sides[side].resource.id} cannot be listed: only records that are known were looked at`,
      ),
    ),
    ...when(asked.sample !== undefined, "a sample is of pairs: records without a counterpart were not looked at"),
    ...when(conflicts > 0, `${conflicts} conflicts wait for a person: see \`bowline conflicts --open\``),
  ];
}
