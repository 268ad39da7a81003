// How many records may be taken out of use within a short time before a person is asked (pure): a mistake, or a listing that
// lied, deletes many at once.
import type { Claim, RemovalsMax } from "../store/store.ts";
import type { Fate } from "./after-call.ts";

/** Removals within this time count as made at once, in milliseconds. */
const REMOVALS_WITHIN_MS = 3_600_000;
/** So many are believed whatever their share. */
const REMOVALS_FEW = 10;

/** What a person asked for is not held for a person. */
export function removalsMax(
  { deletedShareMax }: { readonly deletedShareMax: number },
  { priority }: Claim,
  now: number,
): { readonly removals?: RemovalsMax } {
  if (priority === "person") return {};
  return { removals: { share: deletedShareMax, few: REMOVALS_FEW, since: now - REMOVALS_WITHIN_MS } };
}

export function heldDeletion(sync: string, reason: string, detail: unknown): Fate {
  return {
    to: "parked",
    cause: "deletions",
    reason,
    todo: `See whether they were meant to be deleted: then \`bowline deletions allow ${sync}\`; if not, restore them, or keep their counterparts with \`bowline deletions refuse ${sync}\`.`,
    detail,
  };
}
