// Sends one of our documents and gives back its data; reads connections to their end; makes pages smaller when the shop
// finds a query too dear.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { NamedDocument } from "./documents/fragments.ts";
import { estimateCost } from "./estimate-cost.ts";

/** A page of a connection as GraphQL gives it. */
export interface Connection {
  readonly nodes: readonly unknown[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

type Data = Readonly<Record<string, unknown>>;

/** Most of a nested list's items that one follow-up query asks for. */
const FOLLOW_UP_SIZE = 25;

export async function ask(api: Api, document: NamedDocument, variables: Data): Promise<Data> {
  const answer = await api.request({
    method: "POST",
    path: "/graphql.json",
    body: { query: document.text, operationName: document.name, variables },
    writes: document.writes,
    ...(document.safe === undefined ? {} : { safe: document.safe }),
    cost: estimateCost(document, variables),
  });
  return (answer.json as { readonly data: Data }).data;
}

/** Where the rest of a connection is found. */
export interface Rest {
  readonly document: NamedDocument;
  /** The field of the answer that holds the connection's owner, such as "order". */
  readonly owner: string;
  readonly field: string;
  readonly id: string;
  /** When the owner was last changed, as first read: the rest must be of that same state. */
  readonly updatedAt?: string;
}

/** Reads the rest of a connection that began inside another answer. */
export async function restOf(api: Api, begun: Connection, rest: Rest): Promise<readonly unknown[]> {
  const nodes = [...begun.nodes];
  let { hasNextPage, endCursor } = begun.pageInfo;
  while (hasNextPage) {
    const data = await ask(api, rest.document, { id: rest.id, first: FOLLOW_UP_SIZE, after: endCursor });
    const held = data[rest.owner] as Data | null;
    if (held === null || (rest.updatedAt !== undefined && held["updatedAt"] !== rest.updatedAt))
      throw changed(rest, held);
    const page = held[rest.field] as Connection;
    nodes.push(...page.nodes);
    ({ hasNextPage, endCursor } = page.pageInfo);
  }
  return nodes;
}

/** Half of one state and half of another is no record: it is read again from its beginning. */
function changed({ owner, field, id }: Rest, held: Data | null): CallFailed {
  const what = held === null ? "deleted" : "changed";
  return new CallFailed(
    { kind: "unavailable", reason: `${what} while it was read` },
    `Cannot read all ${field} of ${id}: wanted the ${owner} as it was, but it was ${what} meanwhile; read it again`,
  );
}

/**
 * Reads a page of up to `size` records. The size that the shop accepted is kept in the cursor, so that a shop whose queries
 * are dearer than we reckon is asked too much only once.
 */
export async function pageOf(
  api: Api,
  { document, field, variables, size, cursor }: PageRequest,
): Promise<{ readonly nodes: readonly unknown[]; readonly next?: string }> {
  const [, sizeText, after] = /^(\d+)\|(.+)$/s.exec(cursor ?? "") ?? [];
  let first = sizeText === undefined ? size : Number(sizeText);
  for (;;) {
    try {
      const data = await ask(api, document, { ...variables, first, after: after ?? null });
      const { nodes, pageInfo } = data[field] as Connection;
      return pageInfo.hasNextPage && pageInfo.endCursor !== null
        ? { nodes, next: `${first}|${pageInfo.endCursor}` }
        : { nodes };
    } catch (error) {
      if (!isTooDear(error) || first === 1) throw error;
      first = Math.max(1, Math.floor(first / 2));
    }
  }
}

export interface PageRequest {
  readonly document: NamedDocument;
  /** The field of the answer that holds the connection. */
  readonly field: string;
  readonly variables: Data;
  readonly size: number;
  readonly cursor?: string | undefined;
}

/** Reads records by their keys, in smaller lots when the shop finds the query too dear. */
export async function nodesOf(
  api: Api,
  document: NamedDocument,
  ids: readonly string[],
  variables: Data = {},
): Promise<readonly unknown[]> {
  try {
    const { nodes } = await ask(api, document, { ...variables, ids });
    return (nodes as readonly unknown[]).filter((node) => node !== null && hasId(node));
  } catch (error) {
    if (!isTooDear(error) || ids.length === 1) throw error;
    const middle = Math.ceil(ids.length / 2);
    const halves = [ids.slice(0, middle), ids.slice(middle)];
    const read: unknown[] = [];
    for (const half of halves) read.push(...(await nodesOf(api, document, half, variables)));
    return read;
  }
}

/** A key of another type comes back as an empty object: the fragment did not fit. */
function hasId(node: unknown): boolean {
  return typeof (node as { readonly id?: unknown }).id === "string";
}

function isTooDear(error: unknown): boolean {
  return error instanceof CallFailed && error.outcome.code === "MAX_COST_EXCEEDED";
}

/** The search text for records changed at or after a time. */
export function updatedSince(since: number): string {
  return `updated_at:>='${new Date(since).toISOString().slice(0, 19)}Z'`;
}

/** A value inside a search text, quoted so that it is matched whole. */
export function quoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
