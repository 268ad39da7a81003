// Who may do what at the API and the page (pure). A page in the same browser from somewhere else must neither read nor do
// anything: not through a made-up host name, nor a foreign form, nor a cookie sent along.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { isLoopback } from "./connections-by-address.ts";
import type { ApiFailure } from "./api-failure.ts";

export interface Visit {
  readonly method: string;
  readonly path: string;
  /** Headers; undefined: it was not sent. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  /** Came through a proxy, which makes everybody look local. */
  readonly forwarded: boolean;
  readonly remoteAddress: string | undefined;
}

export interface GuardOptions {
  /** The control token: whoever has it may do everything. */
  readonly token: string;
  /** Whoever has it may read the metrics; empty: nobody. */
  readonly metricsToken: string;
  /** Names by which a browser may reach us, besides loopback and plain addresses. */
  readonly hosts: readonly string[];
  /** May the page and the metrics be read on this machine without a token? */
  readonly openPage: boolean;
}

/** `reader` may look at the page or the metrics only. */
export type Admission =
  | { readonly ok: true; readonly as: "owner" | "reader" | "anyone" }
  | ({ readonly ok: false } & ApiFailure);

export const METRICS_PATH = "/metrics";
/** Paths that show the page or the metrics. */
const PAGES = new Set(["/", "/record", METRICS_PATH]);
/** The way to a provider's page, and back. */
const JOURNEY = /^\/connect\/[^/]+\/(go|callback)$/;

export function admit(visit: Visit, options: GuardOptions): Admission {
  if (visit.path === "/health") return { ok: true, as: "anyone" };
  const reads = visit.method === "GET" || visit.method === "HEAD";
  // By whatever name a program that watches reaches us: a page that pointed its own name here does not know the token.
  if (reads && visit.path === METRICS_PATH && hasToken(visit.authorization, options.metricsToken)) {
    return { ok: true, as: "reader" };
  }
  if (!isOurHost(visit.host, options.hosts)) return { ok: false, ...wrongHost(visit.host) };
  // Whoever comes back from a provider is judged by what is in the address and by the browser's own secret.
  if (visit.method === "GET" && JOURNEY.test(visit.path)) return { ok: true, as: "anyone" };
  const byCookie = isSame(cookieOf(visit) ?? "", cookieValue(options.token));
  if (!reads && isForeign(visit, byCookie)) {
    return refusal(403, "cross-site", "could not take a change that another site's page sent");
  }
  if (byCookie || hasToken(visit.authorization, options.token)) return { ok: true, as: "owner" };
  if (reads && PAGES.has(visit.path) && options.openPage && isLocal(visit)) return { ok: true, as: "reader" };
  return refusal(401, "no-token", "could not let you in: the control token is wanted, as Authorization: Bearer …");
}

function refusal(status: ApiFailure["status"], code: string, message: string): Admission {
  return { ok: false, status, code, message };
}

export function wrongHost(host: string | undefined): ApiFailure {
  const message =
    `could not answer for the host ${host ?? "(none)"}: expected localhost, a plain address, or the name in publicUrl; ` +
    "if that is how this server is reached, set publicUrl in the project";
  return { status: 421, code: "wrong-host", message };
}

/** A name that an attacker can point to this machine is not ours; a plain address cannot be pointed elsewhere. */
export function isOurHost(host: string | undefined, hosts: readonly string[]): boolean {
  if (host === undefined) return false;
  const name = host.replace(/:\d+$/, "").toLowerCase();
  if (name === "localhost" || hosts.includes(name)) return true;
  return isIP(name.replace(/^\[|\]$/g, "")) !== 0;
}

/** Did a page of another origin make this request? Who comes with a cookie must prove that none did. */
function isForeign({ origin, fetchSite, host }: Visit, byCookie: boolean): boolean {
  if (fetchSite !== undefined && fetchSite !== "same-origin") return true;
  if (origin !== undefined) return origin !== `http://${host}` && origin !== `https://${host}`;
  return byCookie && fetchSite === undefined;
}

function isLocal({ remoteAddress, forwarded, host }: Visit): boolean {
  if (remoteAddress === undefined || forwarded || !isLoopback(remoteAddress)) return false;
  const name = (host ?? "").replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || isLoopback(name.replace(/^\[|\]$/g, ""));
}

function hasToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
  return given !== undefined && isSame(given, token);
}

/** Compares in constant time, whatever the lengths. */
export function isSame(given: string, expected: string): boolean {
  if (expected === "") return false;
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** What the browser keeps instead of the token; it opens only the page, and ends with the token. */
export function cookieValue(token: string): string {
  return createHmac("sha256", token).update("the page's cookie").digest("base64url");
}

/** Cookies do not know ports, and several Bowlines may run on one machine: the name tells them apart. */
export function cookieName(host: string | undefined): string {
  return `bowline_${/:(\d+)$/.exec(host ?? "")?.[1] ?? "page"}`;
}

function cookieOf({ cookie = "", host }: Visit): string | undefined {
  const name = `${cookieName(host)}=`;
  const found = cookie.split(/; */).find((one) => one.startsWith(name));
  return found?.slice(name.length);
}
