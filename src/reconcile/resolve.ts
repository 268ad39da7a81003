// What to do about a write whose outcome is unknown, before anything else is written for its record (pure).
//
// A request that was not answered may still land later, so "searched, not found, made again" is only sound after a quiet
// time: longer than the provider takes to finish what it began, and for its search to show it.
import type { Outcome } from "../define/outcome.ts";
import { KEY_MARGIN_MS, type Safety } from "../define/resource.ts";
import type { PendingWrite } from "../store/store.ts";

export type Resolution =
  /** Send the same bytes with the same id again. */
  | { readonly do: "repeat" }
  /** Find what the first try may have left. */
  | { readonly do: "lookup" }
  | { readonly do: "wait"; readonly until: number }
  | { readonly do: "ask"; readonly reason: string };

/** How long a provider may still work on a request that it never answered, in milliseconds. */
export const LATE_LANDING_MS = 120_000;
/** How often a write is sent at the most when nothing but a search tells whether it landed. */
export const LOOKUP_SENDS_MAX = 2;

/** A search that ends so ends so tomorrow as well: asking again and again would keep the record from everybody's sight. */
export const SEARCH_REFUSED: ReadonlySet<Outcome["kind"]> = new Set(["invalid", "missing", "denied"]);

export interface Unresolved {
  readonly safety: Safety;
  readonly canLookUp: boolean;
  readonly write: PendingWrite;
  /** The file of state was restored: the same may have been made under an id that nobody knows any more. */
  readonly isDoubted?: boolean;
  readonly now: number;
}

export function resolve({ safety, canLookUp, write, isDoubted = false, now }: Unresolved): Resolution {
  if (safety.kind === "upsert" || write.absent === true) return { do: "repeat" };
  const isKeyLost = isDoubted && write.action === "create";
  if (!isKeyLost && safety.kind === "idempotency-key" && now < write.armedAt + safety.retentionMs - KEY_MARGIN_MS) {
    return { do: "repeat" };
  }
  const quietUntil = write.armedAt + LATE_LANDING_MS + (safety.kind === "lookup" ? safety.lagMs : 0);
  // Setting the same values, or taking out of use what is already out of use, changes nothing the second time.
  if (write.action !== "create") return now < quietUntil ? { do: "wait", until: quietUntil } : { do: "repeat" };
  if (!canLookUp) {
    const why = isDoubted ? "it may have been made since the backup that was restored" : "the provider did not answer";
    return { do: "ask", reason: `${why}, and what it may have made cannot be looked up` };
  }
  return now < quietUntil ? { do: "wait", until: quietUntil } : { do: "lookup" };
}
