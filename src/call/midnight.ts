// When the next day begins in a zone, whatever its clocks do in between.

const DAY_MS = 86_400_000;
/** The longest day there is has two hours more than 24. */
const DAY_MS_MAX = DAY_MS + 2 * 3_600_000;

/** Answers the first midnight at or after a time. */
export function midnightsIn(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const dayOf = (at: number): string => format.format(at);
  let from = 0;
  let until = 0;
  return (at) => {
    if (at > from && at <= until) return until;
    const day = dayOf(at - 1);
    let same = at - 1;
    let next = at - 1 + DAY_MS_MAX;
    while (next - same > 1) {
      const middle = Math.floor((same + next) / 2);
      if (dayOf(middle) === day) same = middle;
      else next = middle;
    }
    from = at - 1;
    until = next;
    return until;
  };
}
