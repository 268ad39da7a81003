// What about a connection a person should look into before it stops working (pure).
import type { ConnectionView } from "./control.ts";

const DAY_MS = 86_400_000;
/** The end of an API's version is told so many days before. */
const VERSION_DAYS = 90;
/** A refresh token that ends within so many days is told: it is renewed only while the connection is used. */
const REFRESH_DAYS = 14;

export function connectionWarnings(view: Omit<ConnectionView, "warnings">, now: number): readonly string[] {
  const found: string[] = [];
  if (view.scopesMissing.length > 0) {
    found.push(`not granted: ${view.scopesMissing.join(", ")}; connect it again and agree to all`);
  }
  const versionDays = daysUntil(view.apiVersionEnds === undefined ? undefined : Date.parse(view.apiVersionEnds), now);
  if (versionDays !== undefined && versionDays <= VERSION_DAYS) {
    const version = `version ${view.apiVersion ?? "in use"} of the API`;
    found.push(
      versionDays < 0
        ? `${version} is no longer served since ${view.apiVersionEnds}: upgrade the connector`
        : `${version} is served until ${view.apiVersionEnds}, ${versionDays} more days: upgrade the connector`,
    );
  }
  const refreshDays = daysUntil(view.refreshExpiresAt, now);
  if (refreshDays !== undefined && refreshDays <= REFRESH_DAYS) {
    found.push(
      refreshDays < 0
        ? "its refresh token has ended: connect it again"
        : `its refresh token ends in ${refreshDays} days unless it is used before: connect it again`,
    );
  }
  return found;
}

/** Whole days that are left; undefined: no end is known. */
function daysUntil(end: number | undefined, now: number): number | undefined {
  return end === undefined || Number.isNaN(end) ? undefined : Math.floor((end - now) / DAY_MS);
}
