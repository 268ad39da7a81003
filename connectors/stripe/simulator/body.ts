// An object as Stripe shows it, and the few ways in which we look into one.

export type Body = { [field: string]: unknown };

export function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function copyOf<Value>(value: Value): Value {
  return structuredClone(value);
}

export function textOf(body: Body | undefined, field: string): string | undefined {
  const value = body?.[field];
  return typeof value === "string" ? value : undefined;
}

export function numberOf(body: Body, field: string): number {
  const value = body[field];
  return typeof value === "number" ? value : 0;
}

/** The list object in which Stripe wraps what belongs to something. */
export function listOf(data: readonly Body[], url: string, shown = data.length): Body {
  return { object: "list", data: data.slice(0, shown), has_more: data.length > shown, url };
}

export const NO_ADDRESS: Body = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};
