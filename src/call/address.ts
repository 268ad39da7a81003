// Joins the path of a call to the base address of its connection, so that whatever a record's key holds, the call (and the
// credential in it) stays on that origin and below that path.
import type { ApiRequest } from "../define/connector.ts";

export interface BaseAddress {
  /** "https://demo.myshopify.com" */
  readonly origin: string;
  /** "/admin/api/2026-07", or "". */
  readonly path: string;
}

/** Throws when the address cannot be called. */
export function baseAddress(url: string, connection: string): BaseAddress {
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== "https:" && parsed.protocol !== "http:")) {
    throw new TypeError(
      `cannot reach the connection "${connection}": wanted a base URL with http or https, got "${url}"`,
    );
  }
  if (parsed.username !== "" || parsed.password !== "" || parsed.search !== "" || parsed.hash !== "") {
    throw new TypeError(
      `cannot reach the connection "${connection}": wanted a base URL without user, query and fragment; ` +
        "put credentials in the connection's settings",
    );
  }
  return { origin: parsed.origin, path: parsed.pathname.replace(/\/+$/, "") };
}

/** The whole URL, or undefined and no call when the path would lead elsewhere. */
export function address(base: BaseAddress, request: ApiRequest): string | undefined {
  const { path } = request;
  // A link to the next page comes whole; it may stay on the origin only.
  const isWhole = path.startsWith(base.origin) && path.charAt(base.origin.length) === "/";
  const below = isWhole ? path.slice(base.origin.length) : base.path + path;
  if (!isWhole && path.charAt(0) !== "/") return undefined;
  if (!PLAIN.test(below) || leadsUp(below)) return undefined;
  const url = base.origin + below;
  if (request.query === undefined) return url;
  const query = queryOf(request.query);
  if (query === "") return url;
  return `${url}${below.includes("?") ? "&" : "?"}${query}`;
}

/** One slash, then what may stand in a path and a query as it is; anything else must come percent-encoded. */
const PLAIN = /^\/(?!\/)[\w\-.~!$&'()*+,;=:@/?%[\]|{}]*$/;

/** Does a part of the path mean "above"? Percent-encoded dots mean it too. */
function leadsUp(path: string): boolean {
  if (!path.includes("/.") && !/%2e/i.test(path)) return false;
  const end = path.indexOf("?");
  const parts = (end === -1 ? path : path.slice(0, end)).split("/");
  return parts.some((part) => /^(?:\.|%2e){1,2}$/i.test(part));
}

function queryOf(query: NonNullable<ApiRequest["query"]>): string {
  let text = "";
  for (const name in query) {
    const value = query[name];
    if (value === undefined) continue;
    text += `${text === "" ? "" : "&"}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  }
  return text;
}
