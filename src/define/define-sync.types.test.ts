// What must not compile. The compiler is the test: a line marked so that compiles after all is an error of `tsc`.
import { test } from "node:test";
import { decimal } from "../mapping/decimal.ts";
import { isoDate } from "../mapping/iso-date.ts";
import type { RulesMissing, Tools, Unruled } from "../mapping/tools.ts";
import { defineSync } from "./define-sync.ts";
import type { FieldsOf, RecordOf } from "./resource.ts";
import { booksConnector, shopConnector } from "./testing/small-project.ts";

const shop = shopConnector.connect("shop", { token: "1" });
const books = booksConnector.connect("books", { token: "1", company: "1" });

type Order = RecordOf<typeof shop.orders.resource>;
type Invoice = FieldsOf<typeof books.invoices.resource>;

const common = { name: "orders", purpose: "Orders become invoices.", owner: "Finance", freshWithin: "5m" } as const;

const customers = defineSync({
  ...common,
  from: shop.customers,
  to: books.buyers,
  map: ({ field }) => ({ name: field((customer) => customer.name) }),
  onDelete: "deactivate",
});

/** Judges a mapping of orders to invoices as `defineSync` does. */
function judge<Names extends PropertyKey>(
  map: (tools: Tools<Order>) => RulesMissing<Unruled<Invoice, Names>, Invoice, Names>,
): unknown {
  return map;
}

test("a mapping that answers every question compiles", () => {
  defineSync({
    ...common,
    from: shop.orders,
    to: books.invoices,
    only: (order) => order.status === "paid",
    map: ({ field, table, link, each, one, when, concat, constant, object }) => ({
      number: field((order) => order.name),
      day: field((order) => order.placedAt, isoDate("UTC")),
      memo: field((order) => order.note).orOmit(),
      currency: table((order) => order.currency, { USD: "dollars", EUR: "euros" }).otherwise.park("unknown to us"),
      terms: table((order) => order.status, { paid: "now", open: "later" }).or("later"),
      customer: link(
        customers,
        (order) => order.customer?.id,
        (key) => ({ value: key }),
      ).orPark("the order has no customer"),
      lines: concat(
        each(
          (order) => order.lines,
          ({ field, link, object }) => ({
            kind: constant("sale"),
            amount: field((line) => line.total, decimal(2)),
            label: field((line, order) => `${order.name} ${line.title}`),
            detail: object({
              item: link(
                () => customers,
                (line) => line.sku,
                (key) => ({ value: key }),
              ).orOmit(),
              count: field((line) => line.quantity),
            }),
          }),
        ),
        when(
          (order) => order.shipping !== "0",
          one({ kind: constant("sale"), amount: field((order) => order.shipping), detail: constant({}) }),
        ),
        one(
          (order) => order.note,
          ({ field }) => ({
            kind: constant("discount"),
            amount: field((note) => note.slice(0, 3)),
            percent: constant(false),
          }),
        ),
      ),
      tags: each(
        (order) => order.lines,
        ({ field }) => ({ word: field((line) => line.title) }),
      ),
      tax: object({ total: field((order) => order.note, decimal(2)).orOmit() }),
    }),
    onDelete: "void",
    onOutOfScope: "delete",
    onExisting: "link",
    pollEvery: "1m",
    everythingEvery: "1d",
  });
});

/** The required fields, answered; each wrong mapping spoils one. */
function answered({ field, constant }: Tools<Order>) {
  return {
    number: field((order) => order.name),
    currency: constant("dollars"),
    customer: constant({ value: "1" }),
    lines: constant([]),
  } as const;
}

export const wrongMappings: readonly (() => unknown)[] = [
  () =>
    // @ts-expect-error a required target field has no rule
    judge(({ constant }) => ({ currency: constant("euros"), customer: constant({ value: "1" }), lines: constant([]) })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error the target has no such field
      memmo: tools.constant("hello"),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error the source has no such field
      memo: tools.field((order) => order.nots),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error the source may be null
      memo: tools.field((order) => order.note),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error a path through null may be absent
      number: tools.field((order) => order.customer?.id),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error a required field may not be left out
      number: tools.field((order) => order.note).orOmit(),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error the instead is of another type
      number: tools.field((order) => order.note).or(0),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error a number is no text
      number: tools.field((order) => order.total),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error any text is none of these words
      terms: tools.field((order) => order.kind),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error a constant that the target does not know
      terms: tools.constant("sometime"),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error money is text: a number was rounded already
      number: tools.field((order) => order.total, decimal(2)),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error a converter that may give null leaves the question open too
      number: tools.field(
        (order) => order.name,
        (name) => (name === "" ? null : name),
      ),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error pounds have no equivalent
      currency: tools.table((order) => order.currency, { USD: "dollars", EUR: "euros" }),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error any text needs an otherwise
      terms: tools.table((order) => order.kind, { web: "now" }),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error every entry is there, but the source may be null
      terms: tools.table((order) => order.status, { paid: "now", open: "later" }),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error otherwise does not answer for null
      terms: tools.table((order) => order.status, { paid: "now" }).otherwise("later"),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error the source has no such value
      terms: tools.table((order) => order.currency, { USD: "now", EURO: "later" }).otherwise.omit(),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error the target has no such value
      currency: tools.table((order) => order.currency, { USD: "dollars", EUR: "euro" }).otherwise.park(),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error a required field may not be left out by a table either
      currency: tools.table((order) => order.currency, { USD: "dollars" }).otherwise.omit(),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error an omission stays one, whatever is answered for null
      currency: tools
        .table((order) => order.status, { paid: "dollars" })
        .otherwise.omit()
        .or("euros"),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error the order may have no customer
      number: tools.link(customers, (order) => order.customer?.id),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error the target wants an object with the key
      customer: tools.link(customers, (order) => order.id),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error keys are text
      number: tools.link(customers, (order) => order.total),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      tags: tools.each(
        (order) => order.lines,
        // @ts-expect-error a required field of an item has no rule
        ({ field }) => ({ weight: field((line) => line.quantity) }),
      ),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      tags: tools.each(
        (order) => order.lines,
        ({ field }) => ({
          // @ts-expect-error the item's field is of another type
          word: field((line) => line.quantity),
        }),
      ),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      tags: tools.each(
        (order) => order.lines,
        ({ field }) => ({
          word: field((line) => line.title),
          // @ts-expect-error items have no such field
          wait: field((line) => line.quantity),
        }),
      ),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      lines: tools.concat(
        tools.each(
          (order) => order.lines,
          ({ field, constant }) => ({
            kind: constant("sale"),
            // @ts-expect-error the item's value may be null
            amount: field((line) => line.sku),
            detail: constant({}),
          }),
        ),
      ),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      tags: tools.each(
        // @ts-expect-error each needs a list
        (order) => order.customer,
        ({ constant }) => ({ word: constant("x") }),
      ),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      tax: tools.object({
        // @ts-expect-error an object has no such field
        totl: tools.constant("1"),
      }),
    })),
  () =>
    judge((tools) => ({
      ...answered(tools),
      // @ts-expect-error a value is no rule
      number: "#1",
    })),
];

const orders = { ...common, from: shop.orders, map: answered, onDelete: "keep" } as const;

export const wrongSyncs: readonly (() => unknown)[] = [
  // @ts-expect-error invoices cannot be deactivated
  () => defineSync({ ...orders, to: books.invoices, onDelete: "deactivate" }),
  // @ts-expect-error nobody said what becomes of an invoice when its order is deleted
  () => defineSync({ ...common, from: shop.orders, to: books.invoices, map: answered }),
  // @ts-expect-error a number without a unit is no duration
  () => defineSync({ ...orders, to: books.invoices, freshWithin: "5" }),
  // @ts-expect-error reports can only be read
  () => defineSync({ ...common, from: shop.orders, to: books.reports, map: () => ({}), onDelete: "keep" }),
  // @ts-expect-error orders have no such field
  () => defineSync({ ...orders, to: books.invoices, only: (order) => order.payed }),
  // @ts-expect-error a connection is no resource
  () => defineSync({ ...orders, to: books }),
];
