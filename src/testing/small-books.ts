// Small books for tests of the whole engine: a provider that keeps clients and bills and remembers idempotency keys, and the
// connector that writes to it.
import { z } from "zod";
import type { Auth } from "../define/auth.ts";
import type { Answer, Api } from "../define/connector.ts";
import { defineConnector, defineResource } from "../define/define-connector.ts";
import type { Outcome } from "../define/outcome.ts";
import type { Write } from "../define/resource.ts";
import type { FetchHandler } from "../world/in-process.ts";
import { befallen, type Trouble } from "./troubles.ts";

export const BOOKS = "https://books.example";
const KEYS_KEPT_MS = 86_400_000;

const stored = z.object({ id: z.string() });
const clientFields = z.object({ name: z.string() });
const billFields = z.object({ note: z.string().max(100), client: z.string().optional() });
type ClientFields = z.infer<typeof clientFields>;
export type BillFields = z.infer<typeof billFields>;

export interface Stored {
  readonly id: string;
  readonly isVoid: boolean;
  readonly note?: string;
  readonly client?: string;
  readonly name?: string;
}

export interface SmallBooks {
  readonly clients: Map<string, Stored>;
  readonly bills: Map<string, Stored>;
  readonly troubles: Trouble[];
  /** Each write that came, such as "POST /bills", with its idempotency key. */
  readonly writes: { readonly what: string; readonly key: string | null; readonly body: string }[];
  token: string;
  /** OAuth 2: the refresh tokens that were shown. */
  readonly refreshed: string[];
  readonly fetch: FetchHandler;
  notes(): readonly string[];
}

export function smallBooks(): SmallBooks {
  const troubles: Trouble[] = [];
  const byKey = new Map<string, string>();
  const books: SmallBooks = {
    clients: new Map(),
    bills: new Map(),
    troubles,
    writes: [],
    token: "books-token",
    refreshed: [],
    notes: () => [...books.bills.values()].filter(({ isVoid }) => !isVoid).map(({ note = "" }) => note),
    fetch: async (request) => (new URL(request.url).pathname === "/token" ? tokenOf(request) : inBooks(request)),
  };

  async function tokenOf(request: Request): Promise<Response> {
    books.refreshed.push(new URLSearchParams(await request.text()).get("refresh_token") ?? "");
    const refresh_token = `refresh-${books.refreshed.length}`;
    return Response.json({ access_token: books.token, refresh_token, expires_in: 3_600, token_type: "bearer" });
  }

  const inBooks = befallen(async (request) => {
    const shown = request.headers.get("x-token") ?? request.headers.get("authorization")?.replace("Bearer ", "");
    if (shown !== books.token) return Response.json({}, { status: 401 });
    const [kind = "", id] = new URL(request.url).pathname.slice(1).split("/");
    const all = kind === "clients" ? books.clients : books.bills;
    if (request.method === "GET") return Response.json([...all.values()]);
    const key = request.headers.get("idempotency-key");
    const body = await request.text();
    books.writes.push({ what: `${request.method} ${new URL(request.url).pathname}`, key, body });
    const made = id ?? byKey.get(key ?? "") ?? `${kind}-${all.size + 1}`;
    if (key !== null) byKey.set(key, made);
    const before = all.get(made);
    if (id !== undefined && before === undefined) return Response.json({}, { status: 404 });
    const fields = body === "" ? before : (JSON.parse(body) as object);
    all.set(made, { ...fields, id: made, isVoid: request.method === "DELETE" });
    return Response.json(all.get(made));
  }, troubles);

  return books;
}

function writeTo<Fields extends object>(
  kind: "clients" | "bills",
): Omit<Write<{ id: string }, Fields, "void">, "fields"> {
  const send = async (api: Api, method: "POST" | "PUT" | "DELETE", path: string, key: string, body?: object) => {
    const answer = await api.request({
      method,
      path,
      headers: { "idempotency-key": key },
      ...(body === undefined ? {} : { body }),
    });
    return { key: (answer.json as Stored).id };
  };
  return {
    safety: { kind: "idempotency-key", retentionMs: KEYS_KEPT_MS },
    create: (api, { fields, idempotencyKey }) => send(api, "POST", `/${kind}`, idempotencyKey, fields),
    update: (api, { key, fields, idempotencyKey }) => send(api, "PUT", `/${kind}/${key}`, idempotencyKey, fields),
    removals: {
      void: async (api, { key, idempotencyKey }) => {
        await send(api, "DELETE", `/${kind}/${key}`, idempotencyKey);
        return undefined;
      },
    },
    lookup: async (api, { fields }) => {
      const { json } = await api.request({ method: "GET", path: `/${kind}` });
      const wanted = "name" in fields ? (one: Stored) => one.name === fields.name : () => false;
      return (json as readonly Stored[]).filter(wanted).map(({ id }) => ({ key: id }));
    },
  };
}

const settings = z.object({
  token: z.string().optional(),
  url: z.string(),
  clientId: z.string().optional(),
  clientSecret: z.string().optional(),
  refreshToken: z.string().optional(),
});

const common = {
  settings,
  baseUrl: ({ url }: z.infer<typeof settings>) => url,
  limits: [{ kind: "concurrency", name: "calls", count: 2, every: true }],
  // As GraphQL and others do: the status is 200, and the body says that nothing was done.
  outcome: ({ json }: Answer): Outcome | undefined => {
    const { error } = z.looseObject({ error: z.string().optional() }).safeParse(json).data ?? {};
    return error === undefined ? undefined : { kind: "invalid", reason: error };
  },
  resources: {
    clients: defineResource<{ id: string }, ClientFields, "void">({
      name: "clients",
      schema: stored,
      key: ({ id }) => id,
      write: { ...writeTo<ClientFields>("clients"), fields: clientFields },
    }),
    bills: defineResource<{ id: string }, BillFields, "void">({
      name: "bills",
      schema: stored,
      key: ({ id }) => id,
      write: { ...writeTo<BillFields>("bills"), fields: billFields },
    }),
  },
} as const;

const header: Auth = { kind: "header", header: "x-token", setting: "token" };
const oauth2: Auth = {
  kind: "oauth2",
  tokenUrl: ({ url }) => `${String(url)}/token`,
  clientIdSetting: "clientId",
  clientSecretSetting: "clientSecret",
  refreshTokenSetting: "refreshToken",
  clientAuth: "basic",
};

export const booksConnector = defineConnector({ ...common, name: "small-books", title: "Small Books", auth: header });
/** The same books, signed in with a refresh token. */
export const oauthBooksConnector = defineConnector({
  ...common,
  name: "oauth-books",
  title: "OAuth Books",
  auth: oauth2,
});
