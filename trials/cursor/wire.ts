// The wire between Bowline and the provider: answers take a while, some fail, the world moves on between two pages, and
// sometimes Bowline dies there. All that goes over it makes the trace.
import type { Hash } from "node:crypto";
import { pause } from "../../src/world/pause.ts";
import {
  WireFailure,
  type Clock,
  type Network,
  type Random,
  type WireRequest,
  type WireResponse,
} from "../../src/world/world.ts";
import type { Change, Listed, Provider, Query } from "./provider.ts";
import type { Quirks } from "./quirks.ts";

export interface WireOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly quirks: Quirks;
  readonly provider: Provider;
  readonly trace: Hash;
  /** A page was answered, and there are more. */
  readonly onPage: () => void;
}

const ANSWER_MS_MIN = 30;
const ANSWER_MS_MAX = 3_000;
const EDITS_SHARE = 0.15;
/** More edits than this between pages would only make more pages. */
const EDITS_MAX = 40;

export class Wire implements Network {
  pages = 0;
  looks = 0;
  failed = 0;
  /** Complete listings that were begun. */
  wholes = 0;
  /** Listings that were begun though the one before had not come to its end. */
  anew = 0;
  /** How often each change was listed. */
  readonly reads = new Map<Change, number>();
  readonly #options: WireOptions;
  #isCalm = false;
  #edits = 0;
  readonly #underWay = new Set<Query["kind"]>();

  constructor(options: WireOptions) {
    this.#options = options;
  }

  /** From now on nothing fails, and nobody dies or edits between pages. */
  calm(): void {
    this.#isCalm = true;
  }

  async send({ url }: WireRequest): Promise<WireResponse> {
    const { clock, random, trace, quirks, provider } = this.#options;
    const { pathname, searchParams: query } = new URL(url);
    const answerMs = Math.round(ANSWER_MS_MIN + random.next() ** 3 * (ANSWER_MS_MAX - ANSWER_MS_MIN));
    trace.update(`${clock.now()} ${pathname} ${query.toString()}\n`);
    await pause(this.#options.clock, answerMs / 2);
    const isFailing = !this.#isCalm && random.next() < quirks.failureShare;
    const isFollowing = ["offset", "cursor", "afterKey"].some((name) => query.has(name));
    if (isFailing && isFollowing) provider.met.add("page-failed");
    if (isFailing) return this.#fail(answerMs / 2);
    const answer = pathname === "/records" ? this.#read(query) : this.#list(pathname, query);
    trace.update(`${answer.body}\n`);
    await pause(this.#options.clock, answerMs / 2);
    return { status: answer.status, headers: this.#headers(), body: Buffer.from(answer.body) };
  }

  async #fail(afterMs: number): Promise<WireResponse> {
    const { random } = this.#options;
    this.failed += 1;
    await pause(this.#options.clock, afterMs);
    const kind = random.next();
    if (kind < 0.3) throw new WireFailure("reset", "maybe", "cut");
    if (kind < 0.5) throw new WireFailure("truncated", "maybe", "cut while it was answered");
    const status = kind < 0.8 ? 500 : kind < 0.9 ? 503 : 429;
    return { status, headers: this.#headers(), body: Buffer.from("{}") };
  }

  #read(query: URLSearchParams): Answered {
    this.looks += 1;
    const found = this.#options.provider.read(query.get("keys")?.split(",") ?? []);
    return answered(200, { records: found.map(asRecord) });
  }

  #list(pathname: string, query: URLSearchParams): Answered {
    const { provider } = this.#options;
    const asked = queryOf(pathname, query);
    const isFirst = asked.cursor === undefined && asked.afterKey === undefined && asked.offset === 0;
    if (isFirst) this.#begun(asked.kind);
    const listed = provider.list(asked);
    if (listed === undefined) return answered(400, { error: "this cursor is not known any more" });
    this.pages += 1;
    for (const change of [...listed.changes, ...listed.deleted]) {
      this.reads.set(change, (this.reads.get(change) ?? 0) + 1);
    }
    if (!listed.more) this.#underWay.delete(asked.kind);
    const { changes, deleted, ...rest } = listed;
    const body = { ...rest, records: changes.map(asRecord), deleted: deleted.map(({ key }) => key) };
    if (listed.more && !this.#isCalm) this.#between(listed);
    return answered(200, body);
  }

  #begun(kind: Query["kind"]): void {
    if (kind === "everything") this.wholes += 1;
    if (this.#underWay.has(kind)) this.anew += 1;
    this.#underWay.add(kind);
  }

  /** The page is on its way, and somebody edits a record of the listing; or Bowline dies when it comes. */
  #between({ changes }: Listed): void {
    const { random, quirks, provider, onPage } = this.#options;
    if (quirks.editsWhilePaging && this.#edits < EDITS_MAX && random.next() < EDITS_SHARE) {
      this.#edits += 1;
      const keys = random.next() < 0.5 ? changes.map(({ key }) => key) : provider.keys();
      const key = keys[Math.floor(random.next() * keys.length)];
      if (key !== undefined) {
        provider.met.add("edited-while-paging");
        if (random.next() < 0.25) provider.remove(key);
        else provider.edit(key);
      }
    }
    onPage();
  }

  #headers(): Readonly<Record<string, string>> {
    const { quirks, provider, clock } = this.#options;
    const at = quirks.date === "stamps" ? provider.now() : clock.now();
    const date: Record<string, string> = quirks.date === "none" ? {} : { date: new Date(at).toUTCString() };
    return { "content-type": "application/json", ...date };
  }
}

interface Answered {
  readonly status: number;
  readonly body: string;
}

function answered(status: number, body: unknown): Answered {
  return { status, body: JSON.stringify(body) };
}

function queryOf(pathname: string, query: URLSearchParams): Query {
  const number = (name: string): number | undefined => (query.has(name) ? Number(query.get(name)) : undefined);
  return {
    kind: pathname === "/changes" ? "changes" : "everything",
    since: number("since") ?? 0,
    afterStamp: number("afterStamp"),
    afterKey: query.get("afterKey") ?? undefined,
    offset: number("offset") ?? 0,
    cursor: query.get("cursor") ?? undefined,
  };
}

function asRecord({ key, value, stamp }: Change) {
  return { id: key, value, stamp };
}
