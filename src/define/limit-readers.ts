// What answers tell of limits, in the forms that providers use: a connector names the ones it meets in its `readLimits`.
// What cannot be read tells nothing.
import type { Answer, LimitReading } from "./connector.ts";

export type LimitReader = (answer: Answer) => readonly LimitReading[];

/**
 * How a reset is written: seconds or milliseconds from now, or since 1970. `guess`: by its size, which is right for all but
 * milliseconds from now.
 */
export type ResetAs = "seconds" | "milliseconds" | "epoch-seconds" | "epoch-milliseconds" | "guess";

/** All that these readers find. */
export function readAll(...readers: readonly LimitReader[]): LimitReader {
  return (answer) => readers.flatMap((read) => read(answer));
}

export interface HeaderNames {
  /** The name of the limit that they tell of. */
  readonly limit: string;
  /** Header names, in lower case. */
  readonly remaining: string;
  readonly size?: string;
  readonly reset?: string;
  /** Default: guess. */
  readonly resetAs?: ResetAs;
}

/** A header for each figure: `X-RateLimit-Remaining`, `X-RateLimit-Limit`, `X-RateLimit-Reset`, and their kin. */
export function readHeaders({ limit, remaining, size, reset, resetAs = "guess" }: HeaderNames): LimitReader {
  return ({ headers }) =>
    reading(limit, {
      available: numberIn(headers[remaining]),
      size: size === undefined ? undefined : numberIn(headers[size]),
      ...(reset === undefined ? {} : resetOf(numberIn(headers[reset]), resetAs)),
    });
}

export interface UsedOf {
  readonly limit: string;
  /** In lower case. */
  readonly header: string;
  /** The word before the figures, where a header tells of several: "api-usage" in `api-usage=12/100`. */
  readonly after?: string;
}

/** How much is used of how much: `X-Shopify-Shop-Api-Call-Limit: 32/40`, `Sforce-Limit-Info: api-usage=1234/100000`. */
export function readUsedOf({ limit, header, after }: UsedOf): LimitReader {
  return ({ headers }) => {
    const parts = (headers[header] ?? "").split(/[;,]/).map((part) => part.trim());
    const text =
      after === undefined ? parts[0] : parts.find((part) => part.startsWith(`${after}=`))?.slice(after.length + 1);
    const found = /^(\d{1,15})\s*\/\s*(\d{1,15})(?!\d)/.exec(text ?? "");
    if (found === null) return [];
    const size = Number(found[2]);
    return reading(limit, { available: Math.max(0, size - Number(found[1])), size });
  };
}

export interface Pairs {
  readonly limit: string;
  /** In lower case. */
  readonly header: string;
  /** The words for each figure. Default: total, remaining, resets. */
  readonly size?: string;
  readonly remaining?: string;
  readonly reset?: string;
  /** Default: seconds. */
  readonly resetAs?: ResetAs;
}

/** One header with all figures: `Zendesk-RateLimit-Tickets-Index: total=100; remaining=99; resets=41`. */
export function readPairs(pairs: Pairs): LimitReader {
  const { limit, header, size = "total", remaining = "remaining", reset = "resets", resetAs = "seconds" } = pairs;
  return ({ headers }) => {
    const figures = parametersOf(headers[header] ?? "");
    return reading(limit, {
      available: numberIn(figures.get(remaining)),
      size: numberIn(figures.get(size)),
      ...resetOf(numberIn(figures.get(reset)), resetAs),
    });
  };
}

/** What the call cost: `X-MS-Resource-Unit: 3`. */
export function readCost({ limit, header }: { readonly limit: string; readonly header: string }): LimitReader {
  return ({ headers }) => reading(limit, { cost: numberIn(headers[header]) });
}

/**
 * The fields of the IETF's draft: `RateLimit: "burst";r=50;t=30` with `RateLimit-Policy: "burst";q=100;w=60`, and the forms
 * of its earlier versions: `RateLimit: limit=100, remaining=50, reset=30`, and `RateLimit-Limit`, `-Remaining`, `-Reset`.
 * `limits` gives the limit of each policy by its name; "" is the one without a name.
 */
export function readRateLimitFields(limits: Readonly<Record<string, string>>): LimitReader {
  return ({ headers }) => {
    const field = headers["ratelimit"];
    if (field === undefined) {
      const limit = limits[""] ?? Object.values(limits)[0];
      return limit === undefined ? [] : SEPARATE(limit)({ headers } as Answer);
    }
    if (/(^|[,;\s])remaining\s*=/.test(field)) return earlierForm(field, limits);
    const policies = new Map(itemsOf(headers["ratelimit-policy"] ?? "").map((item) => [item.name, item.parameters]));
    return itemsOf(field).flatMap(({ name, parameters }) => {
      const limit = limits[name] ?? (Object.keys(limits).length === 1 ? Object.values(limits)[0] : undefined);
      if (limit === undefined) return [];
      return reading(limit, {
        available: numberIn(parameters.get("r")),
        size: numberIn(policies.get(name)?.get("q")),
        ...resetOf(numberIn(parameters.get("t")), "seconds"),
      });
    });
  };
}

const SEPARATE = (limit: string): LimitReader =>
  readHeaders({
    limit,
    remaining: "ratelimit-remaining",
    size: "ratelimit-limit",
    reset: "ratelimit-reset",
    resetAs: "guess",
  });

function earlierForm(field: string, limits: Readonly<Record<string, string>>): readonly LimitReading[] {
  const limit = limits[""] ?? Object.values(limits)[0];
  const figures = parametersOf(field);
  if (limit === undefined) return [];
  return reading(limit, {
    available: numberIn(figures.get("remaining")),
    size: numberIn(figures.get("limit")),
    ...resetOf(numberIn(figures.get("reset")), "seconds"),
  });
}

interface Item {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** `"burst";r=50;t=30, "daily";r=5`: a list of names, each with its parameters. */
function itemsOf(field: string): readonly Item[] {
  return field
    .slice(0, FIELD_CHARS_MAX)
    .split(",")
    .map((item) => {
      const [name = "", ...parameters] = item.split(";");
      return { name: name.trim().replace(/^"|"$/g, ""), parameters: parametersOf(parameters.join(";")) };
    });
}

const FIELD_CHARS_MAX = 2_000;

/** `a=1; b=2`, or with commas. */
function parametersOf(text: string): ReadonlyMap<string, string> {
  const pairs = text
    .slice(0, FIELD_CHARS_MAX)
    .split(/[;,]/)
    .map((part) => part.split("=", 2).map((word) => word.trim()));
  return new Map(pairs.map(([name = "", value = ""]) => [name.toLowerCase(), value]));
}

/** A figure that is not negative; of several that were joined ("100, 100;w=10") the first. */
function numberIn(text: string | undefined): number | undefined {
  const found = /^\s*(\d{1,15}(?:\.\d{1,9})?)\s*(?:$|[,;])/.exec(text ?? "")?.[1];
  return found === undefined ? undefined : Number(found);
}

function resetOf(figure: number | undefined, as: ResetAs): Pick<LimitReading, "resetInMs" | "resetAt"> {
  if (figure === undefined) return {};
  switch (as === "guess" ? guessed(figure) : as) {
    case "seconds":
      return { resetInMs: figure * 1_000 };
    case "milliseconds":
      return { resetInMs: figure };
    case "epoch-seconds":
      return { resetAt: figure * 1_000 };
    case "epoch-milliseconds":
      return { resetAt: figure };
  }
}

function guessed(figure: number): Exclude<ResetAs, "guess" | "milliseconds"> {
  if (figure >= 1e12) return "epoch-milliseconds";
  return figure >= 1e9 ? "epoch-seconds" : "seconds";
}

type Figures = { readonly [Name in Exclude<keyof LimitReading, "limit">]?: number | undefined };

/** What is known of it; nothing, where a reset is all there is. */
function reading(limit: string, figures: Figures): readonly LimitReading[] {
  const known = Object.fromEntries(Object.entries(figures).filter(([, figure]) => figure !== undefined));
  const tells = figures.available !== undefined || figures.size !== undefined || figures.cost !== undefined;
  return tells ? [{ limit, ...known }] : [];
}
