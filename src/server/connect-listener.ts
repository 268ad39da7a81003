// A server for nothing but the way to a provider's page and back, while no engine runs: where `bowline connect` waits.
import { createHash } from "node:crypto";
import { Hono } from "hono";
import type { Connecting } from "../auth/connecting.ts";
import type { Clock, Random } from "../world/world.ts";
import type { ApiEnvironment } from "./api.ts";
import { addJourney } from "./connect-routes.ts";
import { isOurHost } from "./guard.ts";
import { failurePage } from "./page/layout.ts";
import { securityHeaders } from "./security-headers.ts";
import { createServer, type BowlineServer } from "./server.ts";

export interface ConnectListenerOptions {
  readonly connecting: Connecting;
  readonly host: string;
  readonly port: number;
  readonly publicUrl?: string;
  readonly clock: Clock;
  readonly random: Random;
}

export function connectListener(options: ConnectListenerOptions): BowlineServer {
  const { host, port, clock } = options;
  return createServer({ host, port, clock, edge: () => false, api: journeyApp(options) });
}

function journeyApp({ connecting, host, publicUrl, random }: ConnectListenerOptions): Hono<ApiEnvironment> {
  const hosts = [host, ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])];
  const secret = random.bytes(16);
  const app = new Hono<ApiEnvironment>();
  let answers = 0;
  app.use(async (context, next) => {
    answers += 1;
    const nonce = createHash("sha256").update(secret).update(String(answers)).digest("base64url");
    context.set("nonce", nonce);
    if (isOurHost(context.req.header("host"), hosts)) await next();
    else context.res = context.html(failurePage("This is not the name of this server.", nonce), 421);
    for (const [name, value] of Object.entries(securityHeaders(nonce))) context.res.headers.set(name, value);
  });
  addJourney(app, connecting);
  app.notFound((context) => context.html(failurePage("There is nothing here.", context.get("nonce")), 404));
  return app;
}
