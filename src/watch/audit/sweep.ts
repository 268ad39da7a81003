// Takes away what an audit listed: what was found stays.
import type { Store } from "../../store/store.ts";

/** Rows that are swept away in one go. */
const SWEEP_ROWS = 5_000;

/** A slice at a time. What a stop leaves goes at the next start. */
export async function sweepAudit(store: Store, id: number, isStopped: () => boolean): Promise<void> {
  while (!isStopped() && (await store.sweepAudit(id, SWEEP_ROWS)) > 0);
}
