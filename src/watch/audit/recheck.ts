// What looks different is read on both sides as it is now, and judged by the sync's mapping.
import type { AuditFindingRow } from "../../store/audit.ts";
import { changedAt } from "./cause.ts";
import type { Course } from "./course.ts";
import { lookAtBoth, type Looked } from "./look-both.ts";
import { settleSuspects, type LookedAt } from "./settle-suspects.ts";
import { SideRows } from "./side-rows.ts";
import { findWrongLinks } from "./wrong-links.ts";

export async function recheck(course: Course): Promise<void> {
  const { freshWithinMs } = course.parts.auditable;
  await settleSuspects(course, { freshWithinMs, look: (rows) => lookAtRows(course, rows) });
  await findWrongLinks(course);
  await course.next(course.asked.repair === undefined ? "sweep" : "repair");
}

export async function lookAtRows(course: Course, rows: readonly AuditFindingRow[]): Promise<readonly LookedAt[]> {
  const keys = rows.map(({ key }) => key);
  return (await lookAtBoth(course.both, keys)).map((looked) => lookedAt(course, looked));
}

function lookedAt(course: Course, looked: Looked): LookedAt {
  const { key, read, judged } = looked;
  const { pending } = read.facts;
  const at = changedAt(read);
  return {
    key,
    about: { key },
    hash: read.sourceHash,
    isAsListed: isAsListed(course, looked),
    ...(judged === undefined ? {} : { judged }),
    ...(pending === undefined ? {} : { pending }),
    ...(at === undefined ? {} : { changedAt: at }),
  };
}

/** Did the listing show the source record as it is now? */
function isAsListed({ asked, parts }: Course, { key, read, linked }: Looked): boolean {
  const { source, facts } = read;
  if (asked.sample !== undefined) return false;
  if (source === undefined || facts.listed === undefined)
    return (source === undefined) === (facts.listed === undefined);
  const rows = new SideRows(parts.auditable, "source", 1);
  rows.addSource(key, source, linked);
  const now = rows.rows();
  return now.expects?.[0] === facts.listed.expects && Buffer.compare(now.digests, facts.listed.digests) === 0;
}
