// Whether a sync can be audited at all, before anything is asked of its systems.
import { resourcesOf } from "../../define/config.ts";
import type { Sync } from "../../define/sync.ts";
import type { TwoWaySync } from "../../define/two-way.ts";
import type { AuditAsked } from "./report.ts";

/** What it lacks; undefined: nothing. */
export function auditFault(sync: Sync | TwoWaySync, { sample }: AuditAsked): string | undefined {
  const { name } = sync;
  for (const { id, resource } of resourcesOf(sync)) {
    if (sample !== undefined && resource.read === undefined) {
      return `could not audit a sample of ${name}: expected ${id} to be read by key, and it cannot be. Audit all of it.`;
    }
    if (resource.read === undefined && resource.everything === undefined) {
      return `could not audit ${name}: expected ${id} to be listed or read by key, and its connector does neither.`;
    }
  }
  return undefined;
}
