// Where a redirect leads that a request allows to be followed (pure): only on the same origin, so that no credential and no
// body reaches another, and through the same check of the path as every call.
import type { Answer, ApiRequest } from "../define/connector.ts";
import { address, type BaseAddress } from "./address.ts";

/** However many a request allows. */
export const REDIRECTS_MAX = 10;

export interface Redirected {
  readonly request: ApiRequest;
  readonly url: string;
}

const KEEP_METHOD = new Set([307, 308]);
const REDIRECTS = new Set([301, 302, 303, ...KEEP_METHOD]);

/** Undefined: it is not followed, and the answer is what the call ended with. */
export function redirected(
  base: BaseAddress,
  request: ApiRequest,
  { url, answer }: { readonly url: string; readonly answer: Answer },
): Redirected | undefined {
  const location = answer.headers["location"];
  if (!REDIRECTS.has(answer.status) || location === undefined || location === "") return undefined;
  const target = URL.parse(location, url);
  if (target === null || target.origin !== base.origin) return undefined;
  // With a user in it another server might take it for another host.
  if (target.username !== "" || target.password !== "") return undefined;
  const { query: _, ...rest } = request;
  const there = { ...methodAfter(rest, answer.status), path: base.origin + target.pathname + target.search };
  const to = address(base, there);
  return to === undefined ? undefined : { request: there, url: to };
}

/**
 * 303 asks for the result with GET; so do 301 and 302 after a POST, by long habit. Every other redirect asks for the same
 * request again, which a body that was read once cannot be.
 */
function methodAfter(request: ApiRequest, status: number): ApiRequest {
  const becomesGet = status === 303 || (!KEEP_METHOD.has(status) && request.method === "POST");
  if (!becomesGet || request.method === "GET") return request;
  const { body: _, headers, writes: __, ...rest } = request;
  return { ...rest, ...(headers === undefined ? {} : { headers: withoutContent(headers) }), method: "GET" };
}

function withoutContent(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-|^idempotency-key$/i.test(name)));
}
