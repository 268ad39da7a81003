// May a logged request be made again by a person, and how (pure)? What is not certain to change nothing more is refused, with
// the reason.
import type { ApiRequest } from "../define/connector.ts";
import { KEY_MARGIN_MS } from "../define/resource.ts";
import type { Repeat, RequestEntry } from "../store/store.ts";
import { JSON_TYPE, type EncodedBody } from "./encode-body.ts";
import { REDACTED } from "./redact.ts";

const KEY_HEADERS = new Set(["idempotency-key", "x-idempotency-key"]);

/** What the log says of it; undefined: nobody can tell that it would change nothing more. */
export function repeatOf({ safe, headers }: ApiRequest, body: EncodedBody, writes: boolean): Repeat | undefined {
  if (body.described === true) return "unkept";
  if (!writes) return "read";
  if (safe === true) return "safe";
  if (safe === "by-key") return "key";
  for (const name in headers) if (KEY_HEADERS.has(name.toLowerCase())) return "key";
  return undefined;
}

/** Those that the connector set for this request, and the type of a body that is no JSON. */
export function loggedHeaders({ headers }: ApiRequest, { type }: EncodedBody): ApiRequest["headers"] {
  return type === undefined || type === JSON_TYPE ? headers : { "content-type": type, ...headers };
}

export type Repeatable =
  | { readonly may: true; readonly request: ApiRequest }
  /** `reason` is for people. */
  | { readonly may: false; readonly reason: string };

export interface RepeatFacts {
  readonly entry: RequestEntry;
  readonly now: number;
  /** How long the provider knows the idempotency keys of this sync's writes; undefined: it is not known. */
  readonly keysKnownMs: number | undefined;
  /** Was something written for the same record after it? */
  readonly isSuperseded: boolean;
}

export function repeatable(facts: RepeatFacts): Repeatable {
  const reason = refusal(facts);
  if (reason !== undefined) return { may: false, reason };
  const { method, url, requestBody, requestHeaders, repeat } = facts.entry;
  const headers = requestHeaders === undefined ? {} : (JSON.parse(requestHeaders) as Record<string, string>);
  const safe = repeat === "safe" ? true : repeat === "key" ? "by-key" : undefined;
  return {
    may: true,
    request: {
      method: method as ApiRequest["method"],
      path: url,
      headers:
        requestBody === undefined || "content-type" in headers ? headers : { "content-type": JSON_TYPE, ...headers },
      writes: repeat !== "read",
      ...(safe === undefined ? {} : { safe }),
      ...(requestBody === undefined ? {} : { body: requestBody }),
    },
  };
}

function refusal({ entry, now, keysKnownMs, isSuperseded }: RepeatFacts): string | undefined {
  const { url, requestBody = "", requestHeaders = "", repeat } = entry;
  if (repeat === undefined) return "it may have changed something, and nothing keeps it from being done twice";
  if (repeat === "unkept") return "the log does not hold all that was sent";
  if ([url, requestBody, requestHeaders].some((text) => text.includes(REDACTED)))
    return "a secret in it was not logged";
  if (repeat === "read") return undefined;
  if (isSuperseded) return "something else was written for the same record since, which it would undo";
  if (repeat === "safe") return undefined;
  if (keysKnownMs === undefined) return "it is not known how long the provider remembers its idempotency key";
  const isKnown = now < entry.at + keysKnownMs - KEY_MARGIN_MS;
  return isKnown ? undefined : "the provider may have forgotten its idempotency key, and would do it again";
}
