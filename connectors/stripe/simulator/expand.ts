// Puts whole objects where ids stand, and lists that are shown only when they are asked for.
import { copyOf, isBody, listOf, type Body } from "./body.ts";
import { invalid } from "./errors.ts";
import type { Ledger } from "./ledger.ts";

const DEPTH_MAX = 4;

/** Lists that belong to an object and are not shown unless asked for. */
const HIDDEN: Readonly<Record<string, (ledger: Ledger, id: string) => Body>> = {
  "invoice.payments": (ledger, id) =>
    listOf(
      ledger.newestFirst("invoice_payment").filter((one) => one["invoice"] === id),
      "/v1/invoice_payments",
    ),
  "charge.refunds": (ledger, id) =>
    listOf(
      ledger.newestFirst("refund").filter((one) => one["charge"] === id),
      `/v1/charges/${id}/refunds`,
    ),
  "customer.subscriptions": (ledger, id) =>
    listOf(
      ledger.newestFirst("subscription").filter((one) => one["customer"] === id && one["status"] !== "canceled"),
      `/v1/customers/${id}/subscriptions`,
    ),
};

export function expanded(ledger: Ledger, answer: Body, paths: readonly string[]): Body {
  const copy = copyOf(answer);
  for (const path of paths) {
    const names = path.split(".");
    if (names.length > DEPTH_MAX) throw invalid(`You cannot expand more than ${DEPTH_MAX} levels: ${path}`);
    if (path === "total_count") continue;
    into(ledger, copy, names, path);
  }
  return copy;
}

function into(ledger: Ledger, body: Body, [name = "", ...rest]: readonly string[], path: string): void {
  const hidden = HIDDEN[`${String(body["object"])}.${name}`];
  if (hidden !== undefined && body[name] === undefined) body[name] = copyOf(hidden(ledger, String(body["id"])));
  if (!(name in body)) {
    throw invalid(`This property cannot be expanded (${name}).`, { param: "expand", unsaved: true });
  }
  const value = body[name];
  if (typeof value === "string") {
    const whole = ledger.any(value);
    if (whole === undefined) throw invalid(`This property cannot be expanded (${path}).`, { param: "expand" });
    body[name] = copyOf(whole);
  }
  const below = body[name];
  if (rest.length === 0) return;
  for (const one of Array.isArray(below) ? below : [below]) if (isBody(one)) into(ledger, one, rest, path);
}
