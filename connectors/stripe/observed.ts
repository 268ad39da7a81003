// Which of Stripe's events may mean a change of which resource, and where in the event its id stands. There is no other
// way to learn of an edit: lists know when an object was made, not when it was changed.

/** By the field of the event's object that holds the id. */
type Watched = Readonly<Record<string, readonly string[]>>;

const kinds = (prefix: string, ...verbs: readonly string[]): readonly string[] =>
  verbs.map((verb) => `${prefix}.${verb}`);

export const WATCHED = {
  customers: {
    id: kinds("customer", "created", "updated", "deleted"),
    customer: kinds("customer.discount", "created", "updated", "deleted"),
  },
  products: { id: kinds("product", "created", "updated", "deleted") },
  prices: { id: kinds("price", "created", "updated", "deleted") },
  invoiceItems: { id: kinds("invoiceitem", "created", "deleted") },
  invoices: {
    id: [
      ...kinds(
        "invoice",
        "created",
        "deleted",
        "updated",
        "finalized",
        "finalization_failed",
        "sent",
        "paid",
        "voided",
      ),
      ...kinds("invoice", "marked_uncollectible", "overdue", "overpaid", "payment_action_required", "will_be_due"),
      ...kinds("invoice", "payment_attempt_required", "payment_failed", "payment_succeeded"),
    ],
    invoice: [...kinds("invoice_payment", "paid"), ...kinds("credit_note", "created", "updated", "voided")],
  },
  paymentIntents: {
    id: [
      ...kinds("payment_intent", "created", "succeeded", "payment_failed", "processing", "requires_action", "canceled"),
      ...kinds("payment_intent", "amount_capturable_updated", "partially_funded"),
    ],
  },
  charges: {
    id: kinds("charge", "succeeded", "failed", "pending", "captured", "expired", "refunded", "updated"),
    charge: [
      ...kinds("charge.dispute", "created", "updated", "closed", "funds_reinstated", "funds_withdrawn"),
      ...kinds("refund", "created", "updated", "failed"),
      "charge.refund.updated",
    ],
  },
  refunds: { id: [...kinds("refund", "created", "updated", "failed"), "charge.refund.updated"] },
  subscriptions: {
    id: [
      ...kinds("customer.subscription", "created", "updated", "deleted", "paused", "resumed", "trial_will_end"),
      ...kinds("customer.subscription", "pending_update_applied", "pending_update_expired"),
    ],
  },
} as const satisfies Readonly<Record<string, Watched>>;

export type WatchedName = keyof typeof WATCHED;

/** These ids never come back, so that the event itself is the last word on them. A product's may: it is read. */
const FINAL: ReadonlySet<string> = new Set([
  "customer.deleted",
  "price.deleted",
  "invoice.deleted",
  "invoiceitem.deleted",
]);

export function typesOf(name: WatchedName): readonly string[] {
  return Object.values(WATCHED[name] as Watched).flat();
}

export interface Told {
  readonly resource: WatchedName;
  readonly key: string;
  readonly isFinal: boolean;
}

const PLACES: ReadonlyMap<string, readonly (readonly [WatchedName, string])[]> = placesByType();

/** The records that an event is about. */
export function toldBy(type: string, object: Readonly<Record<string, unknown>>): readonly Told[] {
  return (PLACES.get(type) ?? []).flatMap(([resource, field]) => {
    const key = object[field];
    if (typeof key !== "string" || key === "") return [];
    return [{ resource, key, isFinal: field === "id" && FINAL.has(type) }];
  });
}

function placesByType(): Map<string, (readonly [WatchedName, string])[]> {
  const places = new Map<string, (readonly [WatchedName, string])[]>();
  for (const [name, fields] of Object.entries(WATCHED) as [WatchedName, Watched][]) {
    for (const [field, types] of Object.entries(fields)) {
      for (const type of types) places.set(type, [...(places.get(type) ?? []), [name, field]]);
    }
  }
  return places;
}
