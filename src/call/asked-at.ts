// When a call was asked by the provider's own clock, which its answer tells. What a listing shows is as old as that, whatever
// our clock says.
import type { WireResponse } from "../world/world.ts";

/** A clock that is further from ours than this is not believed: both may be wrong by a time zone, neither by more. */
const CLOCKS_APART_MS_MAX = 24 * 3_600_000;

/**
 * The header Date is written when the answer is, so the call was asked at most its own duration before. In milliseconds since
 * 1970; undefined where the answer does not tell. `beganAt` and `endedAt` are by our clock.
 */
export function askedAt(
  { headers }: Pick<WireResponse, "headers">,
  { beganAt, endedAt }: { readonly beganAt: number; readonly endedAt: number },
): number | undefined {
  const answeredAt = Date.parse(headers["date"] ?? "");
  if (Number.isNaN(answeredAt) || Math.abs(answeredAt - endedAt) > CLOCKS_APART_MS_MAX) return undefined;
  return answeredAt - Math.max(0, endedAt - beganAt);
}
