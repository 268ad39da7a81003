// Changes of a subscription: its items are compared with those that are there, so that each keeps its id and its history.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { RemoveOrder, UpdateOrder, Written } from "../../src/define/resource.ts";
import { ask, isMissing } from "./ask.ts";
import type { Form } from "./form.ts";
import type { Kind } from "./kind.ts";
import { readOne } from "./reading.ts";
import type { StripeSubscription, StripeSubscriptionFields } from "./subscriptions.ts";
import { writtenOf } from "./stamp.ts";
import { stepwise } from "./stepwise.ts";
import { change, keyOf, update, type Saving } from "./writing.ts";

export async function updateSubscription(
  engine: Api,
  kind: Kind<StripeSubscription>,
  order: UpdateOrder<StripeSubscriptionFields, StripeSubscription>,
  saving: Saving<StripeSubscriptionFields>,
): Promise<Written<StripeSubscription>> {
  const api = stepwise(engine);
  const { key, fields, idempotencyKey } = order;
  // It says how the items change, and is nothing that a subscription has.
  const changed = order.changed.filter((name) => name !== "items" && name !== "proration_behavior");
  const written = changed.length > 0 ? await update(api, kind, { ...order, changed }, saving) : undefined;
  const now = written?.record ?? (await readExisting(api, kind, key));
  if (!order.changed.includes("items")) return writtenOf(now);
  const items = itemsToSend(now, fields.items);
  if (items.length === 0) return writtenOf(now);
  const form: Form = { items, proration_behavior: fields.proration_behavior };
  return change(api, kind, { id: key, form, idempotencyKey: keyOf(idempotencyKey, form) });
}

/** New prices, other quantities, and prices that are gone; what is as it should be is not named. */
export function itemsToSend(
  { items: { data } }: Pick<StripeSubscription, "items">,
  wanted: StripeSubscriptionFields["items"],
): readonly Form[] {
  const there = new Map(data.map((item) => [item.price.id, item]));
  const prices = new Set(wanted.map(({ price }) => price));
  const set = wanted.flatMap(({ price, quantity }): Form[] => {
    const item = there.get(price);
    if (item === undefined) return [{ price, quantity }];
    return quantity === undefined || item.quantity === quantity ? [] : [{ id: item.id, quantity }];
  });
  const gone = data.filter(({ price }) => !prices.has(price.id)).map(({ id }): Form => ({ id, deleted: true }));
  return [...set, ...gone];
}

async function readExisting(api: Api, kind: Kind<StripeSubscription>, id: string): Promise<StripeSubscription> {
  const subscription = await readOne(api, kind, id);
  if (subscription !== undefined) return subscription;
  const message = `Could not change subscription ${id}: it is gone`;
  throw new CallFailed({ kind: "missing", reason: message }, message);
}

/** Canceling takes no idempotency key; a subscription that was canceled before says that it is missing, and is shown. */
export async function cancelSubscription(
  api: Api,
  kind: Kind<StripeSubscription>,
  { key }: RemoveOrder,
): Promise<Written<StripeSubscription>> {
  try {
    return writtenOf(await ask<StripeSubscription>(api, { method: "DELETE", route: `${kind.route}/{id}`, id: key }));
  } catch (error) {
    if (!isMissing(error)) throw error;
    const subscription = await readOne(api, kind, key);
    if (subscription?.status !== "canceled") throw error;
    return writtenOf(subscription);
  }
}
