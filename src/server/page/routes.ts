// Serves the pages and takes their forms. Who comes has been judged before.
import * as z from "zod";
import type { Hono } from "hono";
import type { Control } from "../../control.ts";
import type { ParkedGroup, ParkedRow } from "../../store/store.ts";
import type { ApiContext, ApiEnvironment } from "../api.ts";
import { sentForm } from "../sent-body.ts";
import { failurePage, layout } from "./layout.ts";
import { overview, type Overview } from "./overview.ts";
import { recordPage } from "./record.ts";

/** How many rows one page shows. */
const PARKED_SHOWN = 100;
const CONFLICTS_SHOWN = 20;
/** Among them the last of each sync is looked for. */
const AUDITS_READ = 200;
const REQUESTS_SHOWN = 30;

/** The longest key, name or reason that is taken, in characters. */
const TEXT_MAX = 1_000;
const text = z.string().min(1).max(TEXT_MAX);
const retryForm = z.object({ sync: text, key: text });
const discardForm = z.object({ sync: text, key: text, reason: text });
const deletionForm = z.object({ sync: text });
const putBackForm = z.object({ conflict: z.coerce.number().int().positive(), side: text });

export function addPage(api: Hono<ApiEnvironment>, control: Control): void {
  api.get("/", async (context) => {
    const page = await overviewOf(control);
    const { status } = page;
    const main = overview({ ...page, mayAct: mayAct(context) });
    return context.html(
      layout({ title: `${status.project} – Bowline`, main, nonce: context.get("nonce"), live: true }),
    );
  });

  api.get("/record", async (context) => {
    const key = context.req.query("key") ?? "";
    const fault = keyFault(key);
    if (fault !== undefined) return context.html(failurePage(fault, context.get("nonce")), 400);
    const [status, story, rows] = await Promise.all([control.status(), control.story(key), control.parked({ key })]);
    const parked = { rows, now: status.at, mayAct: mayAct(context) };
    const main = recordPage({ key, story, parked });
    return context.html(layout({ title: `${key} – Bowline`, main, nonce: context.get("nonce"), live: true, key }));
  });

  api.post("/page/retry", async (context) => {
    await control.retryParked(retryForm.parse(await sentForm(context)));
    return back(context);
  });

  api.post("/page/discard", async (context) => {
    const { sync, key, reason } = discardForm.parse(await sentForm(context));
    await control.discardParked({ sync, key }, reason);
    return back(context);
  });

  api.post("/page/deletions/allow", async (context) => {
    const { sync } = deletionForm.parse(await sentForm(context));
    await control.retryParked({ sync, cause: "deletions" });
    return back(context);
  });

  api.post("/page/deletions/refuse", async (context) => {
    await control.refuseDeletions(deletionForm.parse(await sentForm(context)).sync);
    return back(context);
  });

  api.post("/page/put-back", async (context) => {
    const { conflict, side } = putBackForm.parse(await sentForm(context));
    await control.putBack(conflict, side);
    return back(context);
  });
}

/** What is wrong with the key that a person looks for, and what to do. */
function keyFault(key: string): string | undefined {
  if (text.safeParse(key).success) return undefined;
  const got = key === "" ? "none" : `one of ${key.length.toLocaleString("en")}`;
  const max = TEXT_MAX.toLocaleString("en");
  return `could not show a record: expected its key or title, at most ${max} characters, and got ${got}; type it in above`;
}

async function overviewOf(control: Control): Promise<Omit<Overview, "mayAct">> {
  const [status, groups, open, newest, alerts, webhooks, drifts, audits, requests] = await Promise.all([
    control.status(),
    control.parkedGroups(),
    control.conflicts({ open: true, limit: CONFLICTS_SHOWN }),
    control.conflicts({ limit: CONFLICTS_SHOWN }),
    control.alerts(),
    control.webhooks(),
    control.drift(),
    control.audits({ limit: AUDITS_READ }),
    control.requests({ limit: REQUESTS_SHOWN }),
  ]);
  const settled = newest.filter(({ id }) => open.every((one) => one.id !== id));
  const conflicts = [...open, ...settled].slice(0, CONFLICTS_SHOWN);
  return {
    status,
    groups,
    parked: await parkedOf(control, groups),
    conflicts,
    alerts,
    webhooks,
    drifts,
    audits,
    requests,
  };
}

/** Held deletions are told together: of ten thousand none may hide what else waits. */
async function parkedOf(control: Control, groups: readonly ParkedGroup[]): Promise<readonly ParkedRow[]> {
  const causes = new Set(groups.map(({ cause }) => cause).filter((cause) => cause !== "deletions"));
  const found = await Promise.all([...causes].map((cause) => control.parked({ cause, limit: PARKED_SHOWN })));
  return found
    .flat()
    .toSorted((one, other) => one.since - other.since)
    .slice(0, PARKED_SHOWN);
}

function mayAct(context: ApiContext): boolean {
  return context.get("admission").as === "owner";
}

function back(context: ApiContext): Response {
  return context.body(null, 303, { location: "/" });
}
