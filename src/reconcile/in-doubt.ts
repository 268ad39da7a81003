// A creation that the file of state knew of before it was restored: the file that was lost may have gone on with it.
import type { Claim, PendingWrite } from "../store/store.ts";

/** As if it had been sent just before the restore, and nobody had answered. */
export function withDoubt<Doubted extends Claim & { readonly write: PendingWrite }>(claim: Doubted): Doubted {
  const { doubtedSince = claim.write.armedAt } = claim;
  // That it was looked up and not found, or sent so often, was true of the file that was lost when its backup was made.
  const { absent: _absent, ...write } = claim.write;
  return { ...claim, write: { ...write, armedAt: doubtedSince, sends: 0 } };
}

/** The same of a creation that was armed before the restore; what was armed since is left as it is. */
export function sinceRestored<Resolved extends Claim & { readonly write: PendingWrite }>(claim: Resolved): Resolved {
  const { write, doubtedSince = 0 } = claim;
  return write.action === "create" && write.armedAt < doubtedSince ? withDoubt(claim) : claim;
}
