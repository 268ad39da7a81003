// Frontdesk, a help desk that does not exist, as a connector of one's own: where it is, how to sign in, what it limits, how it
// fails. The guide that goes along it is docs/writing-a-connector.md.
import { z } from "zod";
import { type Answer, defineConnector, type Outcome, readHeaders } from "../../../src/index.ts";
import { tickets } from "./tickets.ts";
import { webhook } from "./webhook.ts";

const settings = z.strictObject({
  /** "acme" in https://acme.frontdesk.example. */
  subdomain: z.string().regex(/^[a-z0-9-]+$/, "expected the first part of the help desk's address, such as acme"),
  token: z.string().min(1),
  /** What signs webhooks. Without it none is taken, and changes are found by asking. */
  webhookSecret: z.string().min(1).optional(),
  /** Where the API is instead, such as a simulator: "http://127.0.0.1:4321". */
  baseUrl: z.url().optional(),
});

type Settings = z.output<typeof settings>;

function baseUrl({ subdomain, baseUrl: host = `https://${subdomain}.frontdesk.example` }: Settings): string {
  return `${host}/api/v1`;
}

/** To read it again and try anew, as after other conflicts, helps nothing: a closed ticket takes no change at all. */
function outcome({ status, json }: Answer): Outcome | undefined {
  if (status !== 409 || problem.safeParse(json).data?.error.code !== "ticket_closed") return undefined;
  return { kind: "invalid", code: "ticket_closed", reason: "the ticket is closed there, and takes no changes" };
}

const problem = z.object({ error: z.object({ code: z.string() }) });
const account = z.object({ id: z.string(), name: z.string(), plan: z.string() });

export const frontdesk = defineConnector({
  name: "frontdesk",
  title: "Frontdesk",
  settings,
  apiVersion: "2026-01",
  headers: { "frontdesk-version": "2026-01" },
  baseUrl,
  auth: { kind: "header", header: "authorization", prefix: "Bearer ", setting: "token" },
  about: async (api) => account.parse((await api.request({ method: "GET", path: "/account" })).json),
  limits: [{ kind: "rate", name: "minute", count: 120, perMs: 60_000, windows: "clock", every: true }],
  readLimits: readHeaders({
    limit: "minute",
    remaining: "ratelimit-remaining",
    size: "ratelimit-limit",
    reset: "ratelimit-reset",
    resetAs: "seconds",
  }),
  outcome,
  webhook,
  subscriptions: { how: "by-hand", where: "Settings › Webhooks, on the pages of the help desk" },
  resources: { tickets },
});
