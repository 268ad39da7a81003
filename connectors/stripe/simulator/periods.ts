// When a period that began ends: months and years by the calendar, at the last day where the month is shorter.
import { numberOf, type Body } from "./body.ts";

const DAY_SECONDS = 86_400;

export function addPeriod(start: number, recurring: Body): number {
  const count = numberOf(recurring, "interval_count");
  switch (recurring["interval"]) {
    case "day":
      return start + count * DAY_SECONDS;
    case "week":
      return start + count * 7 * DAY_SECONDS;
    case "year":
      return addMonths(start, 12 * count);
    default:
      return addMonths(start, count);
  }
}

function addMonths(start: number, count: number): number {
  const from = new Date(start * 1_000);
  const to = new Date(start * 1_000);
  to.setUTCDate(1);
  to.setUTCMonth(from.getUTCMonth() + count);
  const days = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), days));
  return Math.floor(to.getTime() / 1_000);
}
