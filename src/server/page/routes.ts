// Serves the pages and takes their forms. Who comes has been judged before.
import * as z from "zod";
import type { Hono } from "hono";
import type { Control } from "../../control.ts";
import type { ApiContext, ApiEnvironment } from "../api.ts";
import { layout } from "./layout.ts";
import { overview } from "./overview.ts";
import { recordPage } from "./record.ts";

/** How many rows one page shows. */
const PARKED_SHOWN = 100;
const AUDITS_SHOWN = 10;
const REQUESTS_SHOWN = 30;

const text = z.string().min(1).max(1_000);
const retryForm = z.object({ sync: text, key: text });
const discardForm = z.object({ sync: text, key: text, reason: text });

export function addPage(api: Hono<ApiEnvironment>, control: Control): void {
  api.get("/", async (context) => {
    const [status, parked, audits, requests] = await Promise.all([
      control.status(),
      control.parked({ limit: PARKED_SHOWN }),
      control.audits({ limit: AUDITS_SHOWN }),
      control.requests({ limit: REQUESTS_SHOWN }),
    ]);
    const main = overview({ status, parked, audits, requests, mayAct: mayAct(context) });
    return context.html(
      layout({ title: `${status.project} – Bowline`, main, nonce: context.get("nonce"), live: true }),
    );
  });

  api.get("/record", async (context) => {
    const key = text.parse(context.req.query("key"));
    const [status, story, rows] = await Promise.all([control.status(), control.story(key), control.parked({ key })]);
    const parked = { rows, now: status.at, mayAct: mayAct(context) };
    const main = recordPage({ key, story, parked });
    return context.html(layout({ title: `${key} – Bowline`, main, nonce: context.get("nonce"), live: true, key }));
  });

  api.post("/page/retry", async (context) => {
    await control.retryParked(retryForm.parse(await context.req.parseBody()));
    return back(context);
  });

  api.post("/page/discard", async (context) => {
    const { sync, key, reason } = discardForm.parse(await context.req.parseBody());
    await control.discardParked({ sync, key }, reason);
    return back(context);
  });
}

function mayAct(context: ApiContext): boolean {
  return context.get("admission").as === "owner";
}

function back(context: ApiContext): Response {
  return context.body(null, 303, { location: "/" });
}
