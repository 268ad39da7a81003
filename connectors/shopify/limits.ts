// The bucket of points: how big we take it to be, and what each answer tells of it.
import type { Answer, Limit, LimitReading } from "../../src/define/connector.ts";
import { BUCKET_SECONDS, POINTS_PER_SECOND, type ShopifySettings } from "./settings.ts";

const POINTS = "points";

/** What we begin with, by the shop's plan; each answer tells the shop's own figures. */
export function shopifyLimits({ plan = "standard" }: Pick<ShopifySettings, "plan">): readonly Limit[] {
  const perSecond = POINTS_PER_SECOND[plan];
  return [{ kind: "points", name: POINTS, size: perSecond * BUCKET_SECONDS, perSecond, every: true }];
}

interface Cost {
  readonly requested?: number;
  readonly actual?: number;
  readonly available?: number;
  readonly size?: number;
  readonly perSecond?: number;
}

export function readCost(answer: Answer): Cost | undefined {
  const body = answer.json as { readonly extensions?: { readonly cost?: Record<string, unknown> } } | null | undefined;
  const cost = body?.extensions?.cost;
  if (typeof cost !== "object" || cost === null) return undefined;
  const status = (cost["throttleStatus"] ?? {}) as Record<string, unknown>;
  return {
    ...number("requested", cost["requestedQueryCost"]),
    ...number("actual", cost["actualQueryCost"]),
    ...number("available", status["currentlyAvailable"]),
    ...number("size", status["maximumAvailable"]),
    ...number("perSecond", status["restoreRate"]),
  };
}

export function readShopifyLimits(answer: Answer): readonly LimitReading[] {
  const read = readCost(answer);
  if (read === undefined) return [];
  return [
    {
      limit: POINTS,
      ...number("available", read.available),
      ...number("size", read.size),
      ...number("perSecond", read.perSecond),
      ...number("cost", read.actual),
    },
  ];
}

function number<Name extends string>(name: Name, value: unknown): { readonly [Key in Name]?: number } {
  return typeof value === "number" && Number.isFinite(value) ? ({ [name]: value } as { [Key in Name]: number }) : {};
}
