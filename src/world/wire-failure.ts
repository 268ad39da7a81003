// Says in our words why an HTTP exchange failed, and above all whether the provider may have received the request.
import { REFUSED_ADDRESS } from "./public-address.ts";
import { WireFailure } from "./world.ts";

/** How far the exchange had come when it failed. */
export type Progress = "unsent" | "unanswered" | "answering";

export function requestFailure(error: Error, progress: Progress): WireFailure {
  const code = codeOf(error);
  // A parser that cannot make sense of the bytes gives no code.
  const kind = progress !== "unsent" && error.name === "HTTPParserError" ? "truncated" : kindOf(code, progress);
  const message = code === "" || error.message.includes(code) ? error.message : `${error.message} (${code})`;
  return new WireFailure(kind, progress === "unsent" ? "no" : "maybe", message, { cause: error });
}

/** Happy eyeballs fail with one error for each address they tried; the first one tells. */
function codeOf(error: Error & { readonly code?: unknown; readonly errors?: unknown }): string {
  if (typeof error.code === "string") return error.code;
  if (Array.isArray(error.errors) && error.errors[0] instanceof Error) return codeOf(error.errors[0]);
  return error.cause instanceof Error ? codeOf(error.cause) : "";
}

function kindOf(code: string, progress: Progress): WireFailure["kind"] {
  if (code === REFUSED_ADDRESS) return "refused-address";
  if (RESOLVE.has(code)) return "resolve";
  if (TIMEOUT.has(code)) return "timeout";
  if (code === "UND_ERR_HEADERS_OVERFLOW" || code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") return "too-large";
  if (progress === "unsent") return TLS.test(code) ? "tls" : "connect";
  return progress === "answering" ? "truncated" : "reset";
}

const RESOLVE = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME", "ENODATA"]);
const TIMEOUT = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);
const TLS = /TLS|SSL|CERT|SIGNATURE|UNABLE_TO|EPROTO|CRL|ISSUER/;
