// One call to Stripe: its address and form, the account it is for, and the limit it takes from.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import { encodeForm, type Form } from "./form.ts";
import { limitOf } from "./limits.ts";

/** The version whose shapes this connector knows; named on each call, so that the account's default is nothing to us. */
export const API_VERSION = "2026-10-28.endive";

export interface Ask {
  readonly method: "GET" | "POST" | "DELETE";
  /** Such as "/invoices/{id}/void". */
  readonly route: string;
  /** What stands for `{id}`. */
  readonly id?: string;
  /** In the address of a GET or DELETE, in the body of a POST. */
  readonly form?: Form;
  readonly idempotencyKey?: string;
  /** It names all that it sets; of a POST with an idempotency key it need not be said. */
  readonly safe?: true;
}

/** Anything that Stripe answers: an object with an `object` that names its kind. */
export interface StripeObject {
  readonly id: string;
  readonly object: string;
  readonly deleted?: boolean | undefined;
}

export async function ask<Body>(api: Api, { method, route, id, form = {}, idempotencyKey, safe }: Ask): Promise<Body> {
  const path = id === undefined ? route : route.replace("{id}", encodeURIComponent(id));
  const text = encodeForm(form);
  const inBody = method === "POST";
  const account = api.settings["stripeAccount"];
  const answer = await api.request({
    method,
    path: inBody || text === "" ? path : `${path}?${text}`,
    headers: {
      ...(typeof account === "string" ? { "stripe-account": account } : {}),
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      ...(inBody ? { "content-type": "application/x-www-form-urlencoded" } : {}),
    },
    ...(inBody ? { body: text } : {}),
    limits: [limitOf(method, route)],
    // What is gone stays gone.
    ...(safe === true || method === "DELETE" ? { safe: true } : {}),
  });
  const { json } = answer;
  if (typeof json === "object" && json !== null && "object" in json) return json as Body;
  const message = `Could not read the answer to ${method} ${route}: expected an object of Stripe, got something else`;
  throw new CallFailed({ kind: method === "GET" ? "unavailable" : "unknown", reason: message }, message);
}

export function isMissing(error: unknown): error is CallFailed {
  return error instanceof CallFailed && error.outcome.kind === "missing";
}
