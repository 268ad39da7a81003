// Lists and searches: the newest first, a page after or before an object, and what it costs when that object is gone.
import { isBody, numberOf, textOf, type Body } from "./body.ts";
import { idOf, type Call, type Endpoint } from "./call.ts";
import { invalid, noSuch } from "./errors.ts";
import type { Kind } from "./ledger.ts";
import type { Params } from "./params.ts";
import { matcher } from "./search.ts";

const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 100;

export type Filter = (params: Params) => ((body: Body) => boolean) | undefined;

export interface Listed {
  readonly kind: Kind;
  /** Such as "/v1/customers". */
  readonly path: string;
  /** Such as "customer": then "customer_read" is needed. */
  readonly permission: string;
  readonly filters?: readonly Filter[];
  /** Which are listed when no filter says otherwise. */
  readonly unless?: Filter;
  readonly searchable?: boolean;
  /** Hides what is too new or too old to be shown. */
  readonly shown?: (body: Body, call: Call) => boolean;
  /** Is an id that was deleted an error in `starting_after`? */
  readonly startingAfterDeletedFails: boolean;
}

export function listAndRetrieve(listed: Listed): readonly Endpoint[] {
  const { kind, path, permission, searchable = false } = listed;
  const read = `${permission}_read`;
  return [
    { method: "GET", path, permission: read, run: (call) => list(listed, call) },
    ...(searchable
      ? [
          {
            method: "GET",
            path: `${path}/search`,
            permission: read,
            run: (call: Call) => search(listed, call),
          } as const,
        ]
      : []),
    {
      method: "GET",
      path: `${path}/{id}`,
      permission: read,
      run: (call) => {
        call.params.finish();
        const stub = call.ledger.gone.get(idOf(call));
        // A deleted invoice or price is missing; what is left of the others is shown with 200.
        if (stub !== undefined && (kind === "customer" || kind === "product")) return stub;
        return call.ledger.get(kind, idOf(call));
      },
    },
  ];
}

function list(listed: Listed, call: Call): Body {
  const { params, ledger } = call;
  const { kind, path, filters = [], shown = () => true } = listed;
  const conditions = [byCreated, ...filters, ...(listed.unless === undefined ? [] : [listed.unless])]
    .map((filter) => filter(params))
    .filter((condition) => condition !== undefined);
  const found = ledger
    .newestFirst(kind)
    .filter((body) => shown(body, call) && conditions.every((condition) => condition(body)));
  return pageOf(found, path, call, listed);
}

/** One page of a list by the parameters that all lists have. */
export function pageOf(
  found: readonly Body[],
  url: string,
  { params, ledger }: Call,
  { kind, startingAfterDeletedFails }: Pick<Listed, "kind" | "startingAfterDeletedFails">,
): Body {
  const limit = limitOf(params);
  const after = params.text("starting_after");
  const before = params.text("ending_before");
  params.finish();
  if (after && before) throw invalid("You cannot use both starting_after and ending_before.", { unsaved: true });
  const anchor = after || before;
  const isGone = anchor && !found.some((body) => body["id"] === anchor) && ledger.find(kind, anchor) === undefined;
  if (anchor && isGone && startingAfterDeletedFails && !url.endsWith("/lines")) {
    throw noSuch(kind.replaceAll("_", " "), anchor, after ? "starting_after" : "ending_before", 400);
  }
  const at = anchor ? found.findIndex((body) => body["id"] === anchor) : -1;
  const first = before ? Math.max(0, at - limit) : at + 1;
  const end = before ? Math.max(0, at) : first + limit;
  const data = found.slice(first, end);
  return { object: "list", data, has_more: before ? first > 0 : found.length > end, url };
}

function search(listed: Listed, call: Call): Body {
  const { params, ledger } = call;
  const limit = limitOf(params);
  const matches = matcher(params.requiredText("query"));
  const start = placeOf(params.text("page"));
  params.finish();
  const found = ledger.searched(listed.kind).filter(matches);
  const end = start + limit;
  return {
    object: "search_result",
    data: found.slice(start, end),
    has_more: found.length > end,
    next_page: found.length > end ? Buffer.from(String(end)).toString("base64url") : null,
    url: `${listed.path}/search`,
  };
}

function placeOf(page: string | null | undefined): number {
  if (!page) return 0;
  const place = Number(Buffer.from(page, "base64url").toString());
  if (!Number.isInteger(place)) throw invalid("Invalid page", { param: "page", unsaved: true });
  return place;
}

function limitOf(params: Params): number {
  const limit = params.integer("limit") ?? LIMIT_DEFAULT;
  if (limit >= 1 && limit <= LIMIT_MAX) return limit;
  const code = "parameter_invalid_integer";
  throw invalid("This value must be between 1 and 100.", { code, param: "limit", unsaved: true });
}

/** `created=1` or `created[gte]=1`. */
function byCreated(params: Params): ((body: Body) => boolean) | undefined {
  const raw = params.raw("created");
  if (raw === undefined) return undefined;
  if (typeof raw === "string") return (body) => body["created"] === params.integer("created");
  const range = params.part("created")!;
  const bounds = {
    gt: range.integer("gt"),
    gte: range.integer("gte"),
    lt: range.integer("lt"),
    lte: range.integer("lte"),
  };
  range.finish();
  return (body) => {
    const created = numberOf(body, "created");
    return (
      !(typeof bounds.gt === "number" && created <= bounds.gt) &&
      !(typeof bounds.gte === "number" && created < bounds.gte) &&
      !(typeof bounds.lt === "number" && created >= bounds.lt) &&
      !(typeof bounds.lte === "number" && created > bounds.lte)
    );
  };
}

/** Only those whose field is what the parameter of the same name says. */
export function equal(name: string, field = name): Filter {
  return (params) => {
    const wanted = params.text(name);
    return wanted ? (body) => textOf(body, field) === wanted : undefined;
  };
}

export function flagged(name: string): Filter {
  return (params) => {
    const wanted = params.flag(name);
    return wanted === undefined ? undefined : (body) => body[name] === wanted;
  };
}

/** Only those whose field is one of a list. */
export function amongst(name: string, field: string): Filter {
  return (params) => {
    const wanted = params.texts(name);
    return wanted.length === 0 ? undefined : (body) => wanted.includes(textOf(body, field) ?? "");
  };
}

/** Only those in which some part has a field that is what the parameter says. */
export function within(name: string, part: (body: Body) => unknown): Filter {
  return (params) => {
    const wanted = params.text(name);
    return wanted ? (body) => part(body) === wanted : undefined;
  };
}

export function parentSubscription(body: Body): unknown {
  const parent = body["parent"];
  const details = isBody(parent) ? parent["subscription_details"] : undefined;
  return isBody(details) ? details["subscription"] : undefined;
}
