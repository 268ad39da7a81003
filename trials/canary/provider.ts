// The provider of the probes: it gives out tokens, keeps things and copies, fails in every way, and whenever it fails it quotes
// every secret of the account back, in every form that an error page or a debug field might have it in.
import { CutConnection, serve } from "../../src/rehearse/simulators.ts";
import { ACCOUNTS, variableOf, type Account, type Canaries } from "./canaries.ts";

/** How the first write of a thing ends; "fine" at once, the others afterwards. */
export const WRITE_TROUBLES = [
  "fine",
  "mapping",
  "connector",
  "invalid",
  "denied",
  "missing",
  "conflict",
  "throttled",
  "fault",
  "page",
  "cut",
  "half",
  "redirect",
  "xml",
  "error in 200",
] as const;
type Trouble = (typeof WRITE_TROUBLES)[number];

export interface Provider {
  readonly url: string;
  /** How often each kind of error was forced. */
  readonly forced: Readonly<Record<string, number>>;
  /** Canaries that were shown to it, or given out by it. */
  readonly presented: ReadonlySet<string>;
  /** Answers that quoted secrets. */
  readonly quotes: number;
  close(): Promise<void>;
}

/** After so many listings some accounts are refused, and some are answered what their connector cannot read. */
const LISTINGS_BEFORE_TROUBLE = 2;
const TOKEN_SECONDS = 3;

export async function openProvider(canaries: Canaries): Promise<Provider> {
  const forced: Record<string, number> = {};
  const presented = new Set<string>();
  const state = { quotes: 0, issued: 0 };
  const written = new Set<string>();
  const listings = new Map<string, number>();
  const tokenCalls = new Map<string, number>();
  const owned = new Map<string, string[]>();
  const force = (kind: string): void => void (forced[kind] = (forced[kind] ?? 0) + 1);
  const next = (counts: Map<string, number>, name: string): number => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts.get(name)!;
  };

  const served = await serve(async (request) => {
    const url = new URL(request.url);
    const [, name = "", ...rest] = url.pathname.split("/");
    const account = ACCOUNTS.find((one) => one.name === name);
    if (account === undefined) return new Response("nobody", { status: 404 });
    const body = await request.text();
    const mine = ownedBy(account);
    note(request, body, mine);
    const quote = quoteOf([request.headers.get("authorization") ?? "", url.search, ...mine]);
    if (rest[0] === "token") return token(account, body, quote);
    if (rest[0] === "copies") return copy(account, JSON.parse(body) as { note: string; trouble: Trouble }, quote, mine);
    return things(account, rest[1], quote);
  });

  return {
    url: served.url,
    forced,
    presented,
    get quotes() {
      return state.quotes;
    },
    close: () => served.close(),
  };

  function ownedBy({ name, slots }: Account): string[] {
    let mine = owned.get(name);
    if (mine === undefined) owned.set(name, (mine = slots.map((slot) => canaries.settings[variableOf(name, slot)]!)));
    return mine;
  }

  function note(request: Request, body: string, mine: readonly string[]): void {
    const headers = [...request.headers.values()].join("\n");
    const basic = Buffer.from(/Basic (\S+)/.exec(headers)?.[1] ?? "", "base64").toString();
    const form = [...new URLSearchParams(body).values(), ...new URL(request.url).searchParams.values()].join("\n");
    const seen = [headers, basic, form].join("\n");
    for (const secret of mine) if (seen.includes(secret)) presented.add(secret);
  }

  /** Everything secret of the account, as it is and as it may be coded. */
  function quoteOf(secrets: readonly string[]): string {
    state.quotes += 1;
    const given = secrets.filter((secret) => secret !== "");
    const bytes = given.map((secret) => Buffer.from(secret));
    return [
      `you sent ${given.join(" and ")}`,
      `in hex ${bytes.map((one) => one.toString("hex")).join(" ")}`,
      `in base64 ${bytes.map((one) => one.toString("base64")).join(" ")}`,
      `in base64url ${bytes.map((one) => one.toString("base64url")).join(" ")}`,
      `with a name ${bytes.map((one) => Buffer.concat([Buffer.from("u:"), one]).toString("base64")).join(" ")}`,
      `in an address ${given.map(encodeURIComponent).join("&")}`,
      `in a document ${JSON.stringify({ debug: given })}`,
    ].join("; ");
  }

  function token({ name, replica }: Account, _body: string, quote: string): Response {
    const call = next(tokenCalls, name);
    if (call === 1) {
      force("token page");
      return new Response(`<html><pre>${quote}</pre></html>`, {
        status: 500,
        headers: { "content-type": "text/html" },
      });
    }
    if (call === 3) {
      force("token later");
      const answer = {
        error: "temporarily_unavailable",
        error_description: quote,
        error_uri: `https://x.example/?${quote}`,
      };
      return Response.json(answer, { status: 400 });
    }
    if (call >= 6 && replica === 3) {
      force("token revoked");
      return Response.json({ error: "invalid_grant", error_description: quote }, { status: 400 });
    }
    const access = issue(name);
    const refresh =
      name.startsWith("oauth-refresh") || name.startsWith("oauth-private") ? { refresh_token: issue(name) } : {};
    const answer = { access_token: access, token_type: "Bearer", expires_in: TOKEN_SECONDS, ...refresh, debug: quote };
    return Response.json(answer);
  }

  function issue(name: string): string {
    const issued = canaries.tokens[state.issued % canaries.tokens.length]!;
    state.issued += 1;
    owned.get(name)!.push(issued);
    presented.add(issued);
    return issued;
  }

  function things({ name, replica }: Account, id: string | undefined, quote: string): Response {
    const all = WRITE_TROUBLES.map((trouble, index) => thing(trouble, index));
    if (id !== undefined) return Response.json(all.find((one) => one.id === id) ?? {}, { status: 200 });
    const listing = next(listings, name);
    if (listing > LISTINGS_BEFORE_TROUBLE && replica === 1) {
      force("unreadable page");
      return Response.json({ records: [], broken: true, debug: quote });
    }
    if (listing > LISTINGS_BEFORE_TROUBLE && replica === 2) {
      force("refused");
      return Response.json({ error: quote }, { status: 401, headers: { "www-authenticate": "Bearer" } });
    }
    return Response.json({ debug: quote, records: all });
  }

  function copy(
    { name }: Account,
    { note: kind }: { readonly note: string; readonly trouble: Trouble },
    quote: string,
    mine: readonly string[],
  ): Response | Promise<Response> {
    const done = Response.json({ id: `copy of ${kind}`, debug: quote });
    const isFirst = !written.has(`${name} ${kind}`);
    written.add(`${name} ${kind}`);
    const html = { "content-type": "text/html" };
    if (kind === "fine") return done;
    if (kind === "invalid" || kind === "denied") force(kind);
    if (kind === "invalid") return Response.json({ error: { message: quote, fields: mine } }, { status: 422 });
    if (kind === "denied") return new Response(quote, { status: 403, headers: { "content-type": "text/plain" } });
    if (!isFirst) return done;
    force(kind);
    switch (kind as Trouble) {
      case "missing":
        return Response.json({ message: quote }, { status: 404 });
      case "conflict":
        return Response.json({ message: quote }, { status: 409 });
      case "throttled":
        return Response.json({ message: quote }, { status: 429, headers: { "retry-after": "1" } });
      case "fault":
        return Response.json({ error: quote, stack: quote }, { status: 500 });
      case "page":
        return new Response(`<html><title>${quote}</title><a href="?${quote}">`, { status: 502, headers: html });
      case "cut":
        throw new CutConnection();
      case "half":
        return new Response(`{"id":"copy","debug":"${quote.replaceAll('"', "")}`, {
          headers: { "content-type": "application/json" },
        });
      case "redirect": {
        const location = `https://elsewhere.example/?${mine.map(encodeURIComponent).join("&")}`;
        return new Response(quote, { status: 307, headers: { location, "x-debug": encodeURIComponent(mine.join()) } });
      }
      case "xml":
        return new Response(`<fault><token>${quote}</token></fault>`, {
          status: 400,
          headers: { "content-type": "text/xml" },
        });
      case "error in 200":
        return Response.json({ error: quote, data: null });
      default:
        return done;
    }
  }
}

function thing(
  trouble: Trouble,
  index: number,
): { readonly id: string; readonly note: string; readonly version: string } {
  return { id: `t${index}`, note: trouble, version: "1" };
}
