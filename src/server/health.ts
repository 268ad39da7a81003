// What /health says to whoever watches the process: counts only, because anybody may ask.
import type { Control, SyncHealth } from "../control.ts";
import { StoreError } from "../store/store.ts";

export type Health = { readonly ok: true } | { readonly ok: false; readonly because: readonly string[] };

export async function healthOf(control: Control, refusing?: () => string | undefined): Promise<Health> {
  const because: string[] = [];
  if (refusing?.() !== undefined) because.push("webhooks are being refused");
  try {
    const { syncs } = await control.status();
    const behind = syncs.filter(isLate).length;
    if (behind > 0) because.push(`${behind} of ${syncs.length} syncs are behind`);
  } catch (error) {
    because.push(error instanceof StoreError ? `the store: ${error.code}` : "the status could not be read");
  }
  return because.length === 0 ? { ok: true } : { ok: false, because };
}

/** A held sync is late too once its oldest change is too old: somebody must mend the connection. */
function isLate({ health, behindMs, freshWithinMs }: SyncHealth): boolean {
  return health === "behind" || behindMs > freshWithinMs;
}
