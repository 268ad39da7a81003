// Frontdesk on the wire, written from what its documentation would say and not from the connector: signing in, paging, its
// limit, idempotency keys, revisions, closed tickets, signed webhooks. Its tickets are the truth that a test compares with.
import { createHmac, randomUUID } from "node:crypto";
import { CutConnection, type OutgoingWebhook, type SimulatorWorld } from "../../../src/rehearse/simulators.ts";

export interface StoredTicket {
  readonly id: string;
  readonly revision: number;
  readonly status: "open" | "escalated" | "closed";
  readonly subject: string;
  readonly body: string;
  readonly requester_email: string | null;
  readonly reference: string | null;
  readonly updated_at: string;
}

/** `throttled`: refused, nothing is done. `cut`: done, and the connection is cut before the answer. */
export type Trouble = "throttled" | "cut";

export interface FrontdeskSimulator {
  readonly tickets: ReadonlyMap<string, StoredTicket>;
  /** Each request that came, such as "GET /tickets". */
  readonly calls: readonly string[];
  /** What befalls the next writes, one each. */
  readonly troubles: Trouble[];
  /** Somebody at the desk opens a ticket, or edits one. */
  put(id: string, changes: Partial<StoredTicket>): StoredTicket;
  /** Somebody at the desk deletes one. */
  delete(id: string): void;
  /** What the desk sends of a ticket; signed now, unless told otherwise. */
  webhookOf(event: string, id: string, url: string, at?: number): OutgoingWebhook;
  fetch(request: Request): Promise<Response>;
}

export interface FrontdeskOptions {
  readonly clock: SimulatorWorld["clock"];
  readonly token: string;
  readonly webhookSecret: string;
}

const CALLS_PER_MINUTE = 120;
const MINUTE_MS = 60_000;
const EMPTY = { status: "open", subject: "", body: "", requester_email: null, reference: null } as const;

export function createFrontdeskSimulator({ clock, token, webhookSecret }: FrontdeskOptions): FrontdeskSimulator {
  const tickets = new Map<string, StoredTicket>();
  const answered = new Map<string, StoredTicket>();
  const troubles: Trouble[] = [];
  const calls: string[] = [];
  let minute = { began: 0, used: 0 };

  function put(id: string, changes: Partial<StoredTicket>): StoredTicket {
    const before = tickets.get(id);
    const { subject, ...rest } = { ...EMPTY, ...before, ...changes };
    const revision = (before?.revision ?? 0) + 1;
    const stored = { ...rest, subject: subject.trim(), id, revision, updated_at: new Date(clock.now()).toISOString() };
    tickets.set(id, stored);
    return stored;
  }

  /** What is left of this minute, this call taken off; below 0: refused. */
  function takeFromLimit(): number {
    const began = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
    minute = { began, used: (minute.began === began ? minute.used : 0) + 1 };
    return CALLS_PER_MINUTE - minute.used;
  }

  function answer(request: Request, path: string, body: string): Response {
    if (request.headers.get("authorization") !== `Bearer ${token}`) return refusal(401, "not_signed_in");
    if (request.method === "GET" && path === "/account") {
      return Response.json({ id: "acc-1", name: "Acme Support", plan: "team" });
    }
    if (request.method === "GET") return Response.json(listing(new URL(request.url).searchParams));
    return written(request, path, body);
  }

  function listing(query: URLSearchParams): object {
    const ids = query.get("ids")?.split(",");
    const reference = query.get("reference");
    const since = query.get("updated_since") ?? "";
    const found = [...tickets.values()]
      .filter((one) => ids === undefined || ids.includes(one.id))
      .filter((one) => reference === null || one.reference === reference)
      .filter((one) => one.updated_at >= since && one.id > (query.get("cursor") ?? ""))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
    const page = found.slice(0, Number(query.get("limit") ?? 20));
    return { tickets: page, next_cursor: found.length > page.length ? page.at(-1)?.id : null };
  }

  function written(request: Request, path: string, body: string): Response {
    const key = request.headers.get("idempotency-key") ?? randomUUID();
    const first = answered.get(key);
    if (first !== undefined) return Response.json(first);
    const [, , id = `T-${tickets.size + 1}`, action] = path.split("/");
    const before = tickets.get(id);
    if (before === undefined && path !== "/tickets") return refusal(404, "not_found");
    const match = request.headers.get("if-match");
    if (match !== null && match !== String(before?.revision)) return refusal(412, "revision_outdated");
    if (before?.status === "closed" && action !== "close") return refusal(409, "ticket_closed");
    const changes = action === "close" ? { status: "closed" as const } : (JSON.parse(body) as Partial<StoredTicket>);
    const stored = put(id, changes);
    answered.set(key, stored);
    return Response.json(stored, { status: before === undefined ? 201 : 200 });
  }

  return {
    tickets,
    calls,
    troubles,
    put,
    delete: (id) => void tickets.delete(id),
    webhookOf(event, id, url, at = clock.now()) {
      const body = JSON.stringify({ event, ticket_id: id });
      const time = String(at);
      const signature = createHmac("sha256", webhookSecret).update(`${time}.${body}`).digest("hex");
      const headers = {
        "content-type": "application/json",
        "frontdesk-delivery": randomUUID(),
        "frontdesk-time": time,
        "frontdesk-signature": signature,
      };
      return { url, headers, body };
    },
    async fetch(request) {
      const path = new URL(request.url).pathname.replace(/^\/api\/v1/, "");
      calls.push(`${request.method} ${path}`);
      const body = await request.text();
      const left = takeFromLimit();
      const trouble = request.method === "GET" ? undefined : troubles.shift();
      const isRefused = left < 0 || trouble === "throttled";
      const response = isRefused ? refusal(429, "too_many_calls", { "retry-after": "1" }) : answer(request, path, body);
      if (trouble === "cut") throw new CutConnection();
      response.headers.set("ratelimit-limit", String(CALLS_PER_MINUTE));
      response.headers.set("ratelimit-remaining", String(Math.max(0, left)));
      response.headers.set("ratelimit-reset", String(Math.ceil((minute.began + MINUTE_MS - clock.now()) / 1_000)));
      return response;
    },
  };
}

function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json({ error: { code, message: code.replaceAll("_", " ") } }, { status, headers });
}
