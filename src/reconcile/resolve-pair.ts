// What to do about a write of a pair whose outcome is unknown. A creation is repeated only where that leaves one record, else
// looked up. An update is never repeated as it was: after a quiet time both sides are read and merged anew, so that an edit
// that came meanwhile is not written over. Of a removal it is found out first whether it was one.
import type { ConnectedResource } from "../define/connection.ts";
import { CallFailed } from "../define/outcome.ts";
import type { Written } from "../define/resource.ts";
import type { PendingWrite, RequestEntry } from "../store/store.ts";
import type { Fate } from "./after-call.ts";
import { LATE_LANDING_MS, LOOKUP_SENDS_MAX, resolve, SEARCH_REFUSED } from "./resolve.ts";

export type PairResolution =
  | { readonly do: "repeat"; readonly requests: readonly RequestEntry[]; readonly write: Partial<PendingWrite> }
  | { readonly do: "found"; readonly written: Written<unknown>; readonly requests: readonly RequestEntry[] }
  | { readonly do: "decide-anew" }
  /** Whether it was taken out of use shows in the record itself. */
  | { readonly do: "look" }
  | { readonly do: "settle"; readonly fate: Fate; readonly requests: readonly RequestEntry[] };

export interface UnresolvedPair {
  readonly write: PendingWrite;
  readonly resource: ConnectedResource;
  readonly now: number;
  readonly candidates: (entries: RequestEntry[]) => Promise<readonly Written<unknown>[]>;
}

export async function resolvePair({ write, resource, now, candidates }: UnresolvedPair): Promise<PairResolution> {
  const definition = resource.resource.write;
  if (definition === undefined) throw new Error(`${resource.id} cannot be written: expected a resource with \`write\``);
  if (write.action !== "create") {
    const quietUntil = write.armedAt + LATE_LANDING_MS;
    if (now < quietUntil) return waitUntil(write, quietUntil);
    return { do: write.action === "remove" ? "look" : "decide-anew" };
  }
  const next = resolve({ safety: definition.safety, canLookUp: definition.lookup !== undefined, write, now });
  if (next.do === "repeat") return { do: "repeat", requests: [], write: {} };
  if (next.do === "wait") return waitUntil(write, next.until);
  if (next.do === "ask") return { do: "settle", fate: ask(resource, write, next.reason), requests: [] };
  const requests: RequestEntry[] = [];
  try {
    const found = await candidates(requests);
    const [only] = found;
    if (only !== undefined && found.length === 1) return { do: "found", written: only, requests };
    const which = found.map(({ key }) => key).join(", ");
    if (found.length > 1) {
      return { do: "settle", fate: ask(resource, write, `several records look like it: ${which}`), requests };
    }
    if (write.sends < LOOKUP_SENDS_MAX) return { do: "repeat", requests, write: { armedAt: now, absent: true } };
    return { do: "settle", fate: ask(resource, write, "it was sent twice, and cannot be found"), requests };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const { kind, reason = kind, retryAfterMs = 30_000 } = error.outcome;
    const told = `could not look up whether it was written: ${reason}`;
    if (SEARCH_REFUSED.has(kind)) return { do: "settle", fate: ask(resource, write, told), requests };
    return waitUntil(write, now + retryAfterMs, told, requests);
  }
}

function waitUntil(
  write: PendingWrite,
  until: number,
  reason = "a late answer may still land; it is looked at after that",
  requests: readonly RequestEntry[] = [],
): PairResolution {
  return { do: "settle", fate: { to: "unknown", until, reason, write, attempts: 0 }, requests };
}

function ask({ id }: ConnectedResource, write: PendingWrite, reason: string): Fate {
  const todo = `Look in ${id}: if it is there, discard this row, and it is matched when it is listed; if not, discard it too, and ask for it anew with \`bowline sync --full\`.`;
  return { to: "parked", cause: "unknown-outcome", reason, todo, write };
}
