// What a sync says of its audits. How many differences a scheduled one may mend unasked: a number that is none would mend nothing, or
// everything, in silence.
import type { Duration } from "./duration.ts";
import type { Findings } from "./fault.ts";
import { refuseWrongKeys, type KnownKeys } from "./known-keys.ts";

export interface AuditOptions {
  readonly every: Duration;
  readonly repairUpTo?: number;
}

const AUDIT_KEYS = { every: "checked", repairUpTo: "optional" } satisfies KnownKeys<AuditOptions>;

/** `whose` is how people know the sync: `the sync orders`. */
export function refuseWrongAudit(whose: string, audit: AuditOptions | undefined): void {
  if (audit !== undefined) refuseWrongKeys(`the audit of ${whose}`, audit, AUDIT_KEYS);
}

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
