// Subscriptions: items at recurring prices, a first invoice at once, and an end that stays to be seen.
import { isBody, listOf, numberOf, textOf, type Body } from "./body.ts";
import { idOf, type Call, type Endpoint } from "./call.ts";
import { invalid, missingParameter, noSuch } from "./errors.ts";
import { blankInvoice, invoiceItemBody, lineOfItem, sums } from "./invoice-body.ts";
import { collect, finalize } from "./invoice-status.ts";
import type { Ledger } from "./ledger.ts";
import type { Params } from "./params.ts";
import { addPeriod } from "./periods.ts";
import { blankSubscription, itemBody, itemsOf } from "./subscription-body.ts";
import { times } from "./unit-amounts.ts";

const DAY_SECONDS = 86_400;
const WRITE = "subscription_write";

export const subscriptionEndpoints: readonly Endpoint[] = [
  { method: "POST", path: "/v1/subscriptions", permission: WRITE, run: create },
  { method: "POST", path: "/v1/subscriptions/{id}", permission: WRITE, run: update },
  { method: "DELETE", path: "/v1/subscriptions/{id}", permission: WRITE, run: cancel },
];

function create({ ledger, params }: Call): Body {
  const customer = params.text("customer");
  if (!customer) throw missingParameter("customer");
  const given = params.parts("items").map((part) => newItem(ledger, part));
  if (given.length === 0) throw missingParameter("items");
  const days = params.integer("trial_period_days");
  const until = params.integer("trial_end");
  const behavior = params.oneOf("payment_behavior", ["allow_incomplete", "default_incomplete", "error_if_incomplete"]);
  params.text("currency");
  params.text("proration_behavior");
  const changes = changesIn(params, {});
  params.finish();
  const buyer = ledger.get("customer", customer, "customer");
  const trialEnd =
    typeof until === "number" ? until : typeof days === "number" ? ledger.now + days * DAY_SECONDS : null;
  const subscription = { ...blankSubscription(ledger, customer), ...changes };
  const id = String(subscription["id"]);
  const start = ledger.now;
  const end = trialEnd ?? addPeriod(start, given[0]!.price["recurring"] as Body);
  const items = given.map(({ price, quantity, metadata }) =>
    itemBody(ledger, id, price, quantity, metadata, start, end),
  );
  Object.assign(subscription, {
    currency: given[0]!.price["currency"],
    items: itemsOf(id, items),
    trial_start: trialEnd === null ? null : start,
    trial_end: trialEnd,
    status: trialEnd === null ? "incomplete" : "trialing",
  });
  const pays = trialEnd === null && subscription["collection_method"] === "charge_automatically";
  const method = textOf(subscription, "default_payment_method") ?? methodOf(buyer);
  if (pays && method === undefined && behavior !== "default_incomplete") {
    const message = "This customer has no attached payment source or default payment method.";
    throw invalid(message, { code: "resource_missing" });
  }
  ledger.add("subscription", subscription, "customer.subscription.created");
  if (trialEnd === null) begin(ledger, subscription, items, pays ? method : undefined);
  return ledger.get("subscription", id);
}

function methodOf(buyer: Body): string | undefined {
  const settings = buyer["invoice_settings"];
  return isBody(settings) ? textOf(settings, "default_payment_method") : undefined;
}

/** The first invoice; with a payment method that is taken the subscription becomes active. */
function begin(ledger: Ledger, subscription: Body, items: readonly Body[], method: string | undefined): void {
  const id = String(subscription["id"]);
  const customer = ledger.get("customer", String(subscription["customer"]), "customer");
  const details = { metadata: subscription["metadata"], subscription: id };
  const invoice: Body = {
    ...blankInvoice(ledger, customer, String(subscription["currency"])),
    billing_reason: "subscription_create",
    collection_method: subscription["collection_method"],
    parent: { quote_details: null, subscription_details: details, type: "subscription_details" },
  };
  if (typeof subscription["days_until_due"] === "number") {
    invoice["due_date"] = ledger.now + subscription["days_until_due"] * DAY_SECONDS;
  }
  const place = String(invoice["id"]);
  ledger.lines.set(
    place,
    items.map((item) => lineOf(ledger, place, subscription, item)),
  );
  ledger.add("invoice", invoice);
  ledger.emit("invoice.created", ledger.change("invoice", place, sums(ledger, place)));
  finalize(ledger, place);
  const isSent = subscription["collection_method"] === "send_invoice";
  const isFree = ledger.get("invoice", place)["status"] === "paid";
  if (!isSent && !isFree && method !== undefined) tryCollect(ledger, place, method);
  const isPaid = ledger.get("invoice", place)["status"] === "paid";
  const changes = { latest_invoice: place, status: isPaid || isSent ? "active" : "incomplete" };
  ledger.change("subscription", id, changes, "customer.subscription.updated");
}

function tryCollect(ledger: Ledger, invoice: string, method: string): void {
  try {
    collect(ledger, invoice, method);
  } catch {
    // A first payment that fails leaves the subscription incomplete; the events tell why.
  }
}

function lineOf(ledger: Ledger, invoice: string, subscription: Body, item: Body): Body {
  const price = item["price"] as Body;
  const each = String(price["unit_amount_decimal"]);
  const quantity = numberOf(item, "quantity");
  const sold = {
    amount: times(each, quantity),
    currency: String(price["currency"]),
    quantity,
    unitAmount: each,
    price: String(price["id"]),
    product: String(price["product"]),
    description: `${quantity} × ${String(ledger.find("product", String(price["product"]))?.["name"])}`,
    period: { end: item["current_period_end"], start: item["current_period_start"] },
    discountable: true,
    metadata: {},
  };
  const line = lineOfItem(ledger, invoiceItemBody(ledger, String(subscription["customer"]), invoice, sold), invoice);
  const details = {
    invoice_item: null,
    proration: false,
    proration_details: { credited_items: null },
    subscription: subscription["id"],
    subscription_item: item["id"],
  };
  const parent = { invoice_item_details: null, subscription_item_details: details, type: "subscription_item_details" };
  return { ...line, parent, subscription: subscription["id"] };
}

interface NewItem {
  readonly price: Body;
  readonly quantity: number;
  readonly metadata: Body;
}

function newItem(ledger: Ledger, part: Params): NewItem {
  const price = ledger.get("price", part.requiredText("price"), "items[0][price]");
  const quantity = part.integer("quantity") ?? 1;
  const metadata = part.metadata({});
  part.finish();
  if (price["type"] !== "recurring") {
    const message =
      "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.";
    throw invalid(message, { param: "items[0][price]" });
  }
  return { price, quantity, metadata };
}

function changesIn(params: Params, metadata: Body): Body {
  const changes: Body = {};
  for (const name of ["description", "default_payment_method"]) {
    const value = params.text(name);
    if (value !== undefined) changes[name] = value;
  }
  const method = params.oneOf("collection_method", ["charge_automatically", "send_invoice"]);
  if (method !== undefined) changes["collection_method"] = method;
  const ends = params.flag("cancel_at_period_end");
  if (ends !== undefined) changes["cancel_at_period_end"] = ends;
  for (const name of ["days_until_due", "cancel_at"]) {
    const value = params.integer(name);
    if (value !== undefined) changes[name] = value;
  }
  if (params.has("metadata")) changes["metadata"] = params.metadata(metadata);
  return changes;
}

function update(call: Call): Body {
  const { ledger, params } = call;
  const id = idOf(call);
  const before = ledger.get("subscription", id);
  const changes = changesIn(params, before["metadata"] as Body);
  params.text("proration_behavior");
  const trial = params.text("trial_end");
  if (params.has("items")) changes["items"] = itemsOf(id, itemsAfter(call, before));
  params.finish();
  if (before["status"] === "canceled") {
    const onlyMetadata = Object.keys(changes).every((name) => name === "metadata");
    const message = "A canceled subscription can only update its cancellation_details and metadata.";
    if (!onlyMetadata) throw invalid(message, { code: "invalid_canceled_subscription_fields" });
  }
  if (trial) changes["trial_end"] = trial === "now" ? ledger.now : Number(trial);
  if (changes["cancel_at_period_end"] === true) {
    const [first] = (before["items"] as { data: Body[] }).data;
    Object.assign(changes, { cancel_at: first?.["current_period_end"] ?? null, canceled_at: ledger.now });
  }
  if (changes["cancel_at_period_end"] === false) Object.assign(changes, { cancel_at: null, canceled_at: null });
  return ledger.change("subscription", id, changes, "customer.subscription.updated");
}

/** Items with an id are changed or deleted, those without are new, those that are not named stay. */
function itemsAfter({ ledger, params }: Call, before: Body): readonly Body[] {
  const items = [...(before["items"] as { data: Body[] }).data];
  for (const part of params.parts("items")) {
    const id = part.text("id");
    if (!id) {
      const { price, quantity, metadata } = newItem(ledger, part);
      const first = items[0]!;
      const [start, end] = [numberOf(first, "current_period_start"), numberOf(first, "current_period_end")];
      items.push(itemBody(ledger, String(before["id"]), price, quantity, metadata, start, end));
      continue;
    }
    const place = items.findIndex((item) => item["id"] === id);
    const item = items[place];
    if (item === undefined) throw noSuch("subscription_item", id, "items[0][id]", 400);
    const isDeleted = part.flag("deleted") ?? false;
    const price = part.text("price");
    const quantity = part.integer("quantity");
    const metadata = part.metadata(item["metadata"] as Body);
    part.finish();
    if (isDeleted) items.splice(place, 1);
    else {
      items[place] = {
        ...item,
        metadata,
        ...(price ? { price: ledger.get("price", price, "items[0][price]") } : {}),
        ...(typeof quantity === "number" ? { quantity } : {}),
      };
    }
  }
  if (items.length === 0) throw invalid("A subscription must have at least one active plan.", { param: "items" });
  return items;
}

function cancel(call: Call): Body {
  const { ledger, params } = call;
  params.flag("invoice_now");
  params.flag("prorate");
  params.finish();
  const id = idOf(call);
  if (ledger.get("subscription", id)["status"] === "canceled") throw noSuch("subscription", id, "id", 404);
  const ended = { status: "canceled", canceled_at: ledger.now, ended_at: ledger.now, cancel_at_period_end: false };
  return ledger.change("subscription", id, ended, "customer.subscription.deleted");
}

export function subscriptionItems(call: Call): Body {
  const { ledger, params } = call;
  const id = params.requiredText("subscription");
  const items = ledger.get("subscription", id, "subscription")["items"] as { data: Body[] };
  params.integer("limit");
  params.finish();
  return listOf(items.data, "/v1/subscription_items");
}
