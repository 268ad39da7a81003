// Connecting an account in a browser: the page that leads there, the way to the provider, and the way back. The browser that
// sets out is given a secret of its own, and only that browser may come back.
import { unknownName } from "../define/did-you-mean.ts";
import type { Context, Hono } from "hono";
import type { Callback } from "../auth/authorization.ts";
import { JOURNEY_MS, type Connecting } from "../auth/connecting.ts";
import { ControlError, type Control } from "../control.ts";
import type { ApiEnvironment } from "./api.ts";
import { connectPage, journeyPage, strayPage } from "./page/connect.ts";

type App = Hono<ApiEnvironment>;

/** The most parameters that a callback is read with. */
const PARAMETERS_MAX = 50;

/** The way to the provider's page and back: for anybody, since ticket, state and the browser's secret say who it is. */
export function addJourney(app: App, connecting: Connecting): void {
  app.get("/connect/:name/go", (context) => {
    const name = context.req.param("name");
    const out = connecting.go(name, context.req.query("ticket") ?? "");
    if (out === undefined) return context.html(strayPage(name, context.get("nonce")), 404);
    return context.body(null, 303, {
      location: out.url,
      "set-cookie": `${cookieName(context)}=${out.session}; Max-Age=${JOURNEY_MS / 1000}; ${cookieAttributes(context, name)}`,
    });
  });

  app.get("/connect/:name/callback", async (context) => {
    const name = context.req.param("name");
    const progress = await connecting.callback(name, sessionOf(context), callbackOf(new URL(context.req.url)));
    context.header("set-cookie", `${cookieName(context)}=; Max-Age=0; ${cookieAttributes(context, name)}`);
    return context.html(journeyPage(name, progress, context.get("nonce")), progress.state === "connected" ? 200 : 400);
  });
}

/** The page for a person without a terminal, who has the server's token. */
export function addConnectPages(app: App, control: Control): void {
  app.get("/connect/:name", async (context) => {
    const name = context.req.param("name");
    const views = await control.connections();
    const view = views.find(({ connection }) => connection === name);
    if (view === undefined) {
      const names = views.map(({ connection }) => connection);
      throw new ControlError("unknown-connection", unknownName("connection", name, names));
    }
    // A link that somebody else wrote does nothing: the token's cookie does not come along with it.
    const answer = await control.connect(name);
    return context.html(connectPage(view, answer, context.get("nonce")));
  });
}

function callbackOf({ searchParams }: URL): Callback {
  const callback = new Map<string, string[]>();
  for (const [name, value] of [...searchParams].slice(0, PARAMETERS_MAX)) {
    callback.set(name, [...(callback.get(name) ?? []), value]);
  }
  return callback;
}

/** Lax: it comes along when the provider sends the browser back. Only to this connection's own address. */
function cookieAttributes(context: Context<ApiEnvironment>, connection: string): string {
  const secure = context.req.header("x-forwarded-proto") === "https" ? "; Secure" : "";
  return `Path=/connect/${encodeURIComponent(connection)}; HttpOnly; SameSite=Lax${secure}`;
}

/** Cookies do not know ports, and several Bowlines may run on one machine. */
function cookieName(context: Context<ApiEnvironment>): string {
  return `bowline_connect_${/:(\d+)$/.exec(context.req.header("host") ?? "")?.[1] ?? "page"}`;
}

function sessionOf(context: Context<ApiEnvironment>): string | undefined {
  const name = `${cookieName(context)}=`;
  const found = (context.req.header("cookie") ?? "").split(/; */).find((one) => one.startsWith(name));
  return found?.slice(name.length);
}
