// From redirect to redirect, for as many as the request allows; each is a call like every other. A write whose answer leads
// elsewhere may have been done already: what fails there does not make it one that was not.
import type { ApiRequest } from "../define/connector.ts";
import { CallFailed, type Outcome } from "../define/outcome.ts";
import type { BaseAddress } from "./address.ts";
import { redirected, REDIRECTS_MAX, type Redirected } from "./redirect.ts";
import type { Ended } from "./sender.ts";

export interface Followed {
  /** The request that ended it. */
  readonly last: ApiRequest;
  readonly ended: Ended;
  /** One of the redirects answered a write that may have been done. */
  readonly wasWrite: boolean;
}

export async function follow(
  base: BaseAddress,
  { request, url }: Redirected,
  first: Ended,
  call: (next: Redirected) => Promise<Ended>,
): Promise<Followed> {
  let asked: Redirected = { request, url };
  let ended = first;
  let wasWrite = false;
  const most = Math.min(request.redirectsMax ?? 0, REDIRECTS_MAX);
  for (let followed = 0; followed < most && ended.outcome.kind !== "done"; followed += 1) {
    const { answer } = ended;
    const next = answer && redirected(base, asked.request, { url: asked.url, answer });
    if (next === undefined) break;
    // A read that is led elsewhere ends `unavailable`.
    wasWrite ||= ended.outcome.kind === "unknown";
    asked = next;
    ended = await call(next).catch(heldBack);
  }
  const isUnsure = wasWrite && ended.outcome.kind !== "done";
  return { last: asked.request, ended: isUnsure ? { ...ended, outcome: unsure(ended.outcome) } : ended, wasWrite };
}

/** It was not sent: the limits leave no room, or the connection is held. */
function heldBack(error: unknown): Ended {
  if (error instanceof CallFailed) return { outcome: error.outcome };
  throw error;
}

function unsure({ kind, reason = kind }: Outcome): Outcome {
  return { kind: "unknown", reason: `it may have been done, and where its answer led: ${reason}` };
}
