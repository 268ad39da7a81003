// The JSON API and the page over one Control: who comes is judged first, then the table of routes does the rest.
import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Hono, type Context } from "hono";
import type { Connecting } from "../auth/connecting.ts";
import type { Control } from "../control.ts";
import { failureOf, type ApiFailure } from "./api-failure.ts";
import { CONTROL_ROUTES, type Route } from "./control-routes.ts";
import {
  admit,
  cookieName,
  cookieValue,
  isOurHost,
  isSame,
  wrongHost,
  type Admission,
  type GuardOptions,
  type Visit,
} from "./guard.ts";
import { healthOf } from "./health.ts";
import type { ProcessFigures } from "./metrics.ts";
import { addMetrics } from "./metrics-route.ts";
import { addConnectPages, addJourney } from "./connect-routes.ts";
import { failurePage } from "./page/layout.ts";
import { addPage } from "./page/routes.ts";
import { securityHeaders } from "./security-headers.ts";
import { sentJson } from "./sent-body.ts";

export interface ApiOptions {
  readonly control: Control;
  /** Takes browsers to providers' pages and back. Default: it does not. */
  readonly connecting?: Connecting;
  /** Where it is known from outside, such as "https://bowline.example.com". Default: as it is reached. */
  readonly publicUrl?: string;
  /** The control token; at least 16 characters. */
  readonly token: string;
  /** Opens /metrics and nothing else. Default: there is none. */
  readonly metricsToken?: string;
  /** The host it listens on, by which a browser may reach it. Default: loopback and plain addresses only. */
  readonly host?: string;
  /** Further names by which a browser may reach it, such as that of a proxy in front. Default: none. */
  readonly hosts?: readonly string[];
  /** The page may be read on this machine without the token; changing anything still needs it. Default false. */
  readonly openPage?: boolean;
  /** Why webhooks are being refused now, for /health and /metrics; the edge knows. Default: they are not. */
  readonly refusing?: () => string | undefined;
  /** What /metrics tells of the process. Default: nothing. */
  readonly processFigures?: () => ProcessFigures;
  /** Hears of faults in our own code. */
  readonly onFault?: (error: unknown) => void;
  /** The largest body of a call, in bytes. Default 16 MiB. */
  readonly bodyBytesMax?: number;
}

export interface ApiEnvironment {
  readonly Bindings: { readonly incoming?: IncomingMessage };
  readonly Variables: { admission: Admission & { readonly ok: true }; nonce: string; bodyBytesMax: number };
}
export type ApiContext = Context<ApiEnvironment>;

const TOKEN_LENGTH_MIN = 16;
/** Any of them says that a proxy brings somebody. */
const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

const staleAddress: ApiFailure = {
  status: 401,
  code: "no-token",
  message: 'this address is no longer valid: open the one that "bowline page" prints',
};

const UNKNOWN_BROWSER =
  'this browser was not let in yet: open the address that "bowline page" prints, then come back to this one';

export function createApi(options: ApiOptions): Hono<ApiEnvironment> {
  const {
    control,
    token,
    metricsToken = "",
    host,
    hosts = [],
    openPage = false,
    bodyBytesMax = 16 * 1024 * 1024,
  } = options;
  if (token.length < TOKEN_LENGTH_MIN) {
    throw new RangeError(`token: expected at least ${TOKEN_LENGTH_MIN} characters, got ${token.length}`);
  }
  const outside = options.publicUrl === undefined ? [] : [new URL(options.publicUrl).hostname];
  const names = [...(host === undefined ? [] : [host]), ...outside, ...hosts].map((name) => name.toLowerCase());
  const guard: GuardOptions = { token, metricsToken, hosts: names, openPage };
  const api = new Hono<ApiEnvironment>();
  let answers = 0;

  api.use(async (context, next) => {
    answers += 1;
    const nonce = createHmac("sha256", token).update(`nonce ${answers}`).digest("base64url");
    context.set("nonce", nonce);
    context.set("bodyBytesMax", bodyBytesMax);
    await next();
    for (const [name, value] of Object.entries(securityHeaders(nonce))) context.res.headers.set(name, value);
  });
  api.get("/", async (context, next) => {
    const given = context.req.query("token");
    return given === undefined ? next() : letIn(context, given, guard);
  });
  api.use(async (context, next) => {
    const admission = admit(visitOf(context), guard);
    if (!admission.ok) return refuse(context, admission);
    context.set("admission", admission);
    return next();
  });

  api.get("/health", async (context) => {
    const health = await healthOf(control, options.refusing);
    return context.json(health, health.ok ? 200 : 503);
  });
  addMetrics(api, control, options);
  for (const route of Object.values(CONTROL_ROUTES)) addRoute(api, control, route as Route<unknown, unknown>);
  addPage(api, control);
  if (options.connecting !== undefined) {
    addJourney(api, options.connecting);
    addConnectPages(api, control);
  }

  api.notFound((context) => refuse(context, { status: 404, code: "no-such-path", message: "there is nothing here" }));
  api.onError((error, context) => {
    const failure = failureOf(error);
    if (failure.status === 500) options.onFault?.(error);
    return refuse(context, failure);
  });
  return api;
}

function addRoute(api: Hono<ApiEnvironment>, control: Control, route: Route<unknown, unknown>): void {
  api.on(route.method, route.path, async (context) => {
    const given = route.method === "GET" ? context.req.query() : await sentJson(context);
    const result = await route.call(control, route.input.parse({ ...given, ...context.req.param() }));
    return result === undefined ? context.body(null, 204) : context.json(result as object);
  });
}

/** The token in the printed address is exchanged for a cookie, and leaves the address bar. */
function letIn(context: ApiContext, given: string, { token, hosts }: GuardOptions): Response {
  const host = context.req.header("host");
  if (!isOurHost(host, hosts)) return refuse(context, wrongHost(host));
  if (!isSame(given, token)) return refuse(context, staleAddress);
  const secure = context.req.header("x-forwarded-proto") === "https" ? "; Secure" : "";
  const cookie = `${cookieName(host)}=${cookieValue(token)}; Path=/; HttpOnly; SameSite=Strict${secure}`;
  return context.body(null, 303, { location: "/", "set-cookie": cookie });
}

function refuse(context: ApiContext, { status, code, message }: ApiFailure): Response {
  if (status === 401) context.header("www-authenticate", "Bearer");
  const wantsPage = context.req.header("accept")?.includes("text/html") ?? false;
  // A person in a browser sends no header: the printed address is what lets them in.
  const words = code === "no-token" && message !== staleAddress.message ? UNKNOWN_BROWSER : message;
  if (wantsPage) return context.html(failurePage(words, context.get("nonce")), status);
  return context.json({ error: { code, message } }, status);
}

function visitOf(context: ApiContext): Visit {
  const header = (name: string): string | undefined => context.req.header(name);
  return {
    method: context.req.method,
    path: context.req.path,
    host: header("host"),
    origin: header("origin"),
    fetchSite: header("sec-fetch-site"),
    authorization: header("authorization"),
    cookie: header("cookie"),
    forwarded: PROXY_HEADERS.some((name) => header(name) !== undefined),
    remoteAddress: context.env?.incoming?.socket.remoteAddress,
  };
}
