// How many differences a scheduled audit may mend unasked: a number that is none would mend nothing, or everything, in silence.
import type { Findings } from "./fault.ts";

export function checkAudit(
  audit: { readonly repairUpTo: number } | undefined,
  place: string,
  { errors }: Findings,
): void {
  if (audit === undefined || (Number.isSafeInteger(audit.repairUpTo) && audit.repairUpTo >= 0)) return;
  const given = JSON.stringify(audit.repairUpTo);
  errors.push({
    place: `${place} › audit › repairUpTo`,
    message: `cannot mend up to ${given === "null" ? String(audit.repairUpTo) : given} differences: expected a whole number of 0 or more`,
  });
}
