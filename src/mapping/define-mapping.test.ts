import assert from "node:assert/strict";
import { test } from "node:test";
import { decimal } from "./decimal.ts";
import { defineMapping } from "./define-mapping.ts";
import type { Linked, Mapping } from "./mapping.ts";
import { text } from "./text.ts";

interface Line {
  readonly title: string;
  readonly sku: string | null;
  readonly quantity: number;
  readonly total: string;
}

interface Order {
  readonly name: string;
  readonly note: string | null;
  readonly currency: string;
  readonly status: "paid" | "open" | null;
  readonly shipping: string;
  readonly customer: { readonly id: string } | null;
  readonly lines: readonly Line[];
}

interface Invoice {
  number: string;
  memo?: string | undefined;
  currency: string;
  closed?: boolean | undefined;
  customer: { value: string };
  lines: { amount: string; label?: string | undefined; item?: string | undefined; kind: "sale" | "shipping" }[];
}

const customers = { name: "customers" };
const items = { name: "items" };

const invoice: Mapping<Order, Invoice> = defineMapping<Order, Invoice, keyof Invoice>(
  ({ field, table, link, concat, each, when, one, constant }) => ({
    number: field((order) => order.name),
    memo: field((order) => order.note).orOmit(),
    currency: table((order) => order.currency, { USD: "dollars", EUR: "euros" }).otherwise.park("no such account"),
    closed: table((order) => order.status, { paid: true, open: false }).orOmit(),
    customer: link(
      () => customers,
      (order) => order.customer?.id,
      (key) => ({ value: key }),
    ).orPark("the order has no customer"),
    lines: concat(
      each(
        (order) => order.lines,
        ({ field, link }) => ({
          amount: field((line) => line.total, decimal(2)),
          label: field((line, order) => `${order.name}: ${line.title}`, text({ max: 12 })),
          item: link(items, (line) => line.sku).orOmit(),
          kind: constant("sale"),
        }),
      ),
      when(
        (order) => order.shipping !== "0",
        one({ amount: field((order) => order.shipping, decimal(2)), kind: constant("shipping") }),
      ),
    ),
  }),
);

const tea: Line = { title: "Tea", sku: "T1", quantity: 2, total: "9.5" };
const cake: Line = { title: "Cake", sku: null, quantity: 1, total: "0" };
const order: Order = {
  name: "#1",
  note: "",
  currency: "USD",
  status: "open",
  shipping: "4.995",
  customer: { id: "c1" },
  lines: [tea, cake],
};

const all: Linked = (sync, key) => `${sync}/${key}`;

test("a record is mapped by all its rules; an empty text, 0 and false are values", () => {
  assert.deepEqual(invoice.apply(order, all), {
    kind: "mapped",
    fields: {
      number: "#1",
      memo: "",
      currency: "dollars",
      closed: false,
      customer: { value: "customers/c1" },
      lines: [
        { amount: "9.50", label: "#1: Tea", item: "items/T1", kind: "sale" },
        { amount: "0.00", label: "#1: Cake", kind: "sale" },
        { amount: "5.00", kind: "shipping" },
      ],
    },
  });
});

test("what is null is left out where the rule says so, and a condition that does not hold gives no line", () => {
  const mapped = invoice.apply({ ...order, note: null, status: null, shipping: "0", lines: [] }, all);
  assert.deepEqual(mapped, {
    kind: "mapped",
    fields: { number: "#1", currency: "dollars", customer: { value: "customers/c1" }, lines: [] },
  });
});

test("the links of a record are known before it is mapped, each once, those of lines too", () => {
  assert.deepEqual(invoice.links({ ...order, lines: [tea, cake, tea] }), [
    { sync: "customers", key: "c1" },
    { sync: "items", key: "T1" },
  ]);
});

test("a record whose links are not made yet waits for all of them", () => {
  assert.deepEqual(
    invoice.apply(order, () => undefined),
    {
      kind: "wait",
      on: [
        { sync: "customers", key: "c1" },
        { sync: "items", key: "T1" },
      ],
    },
  );
});

test("a parked record tells every field that is wrong, with value, rule and reason", () => {
  const bad = { ...order, currency: "CHF", customer: null, lines: [tea, { ...cake, total: "1,5" }] };
  assert.deepEqual(invoice.apply(bad, all), {
    kind: "park",
    problems: [
      { field: "currency", value: '"CHF"', rule: "USD → dollars, EUR → euros", reason: 'no such account: got "CHF"' },
      {
        field: "customer",
        value: "",
        rule: "the record that customers linked it to",
        reason: "the order has no customer",
      },
      {
        field: "lines[1].amount",
        value: '"1,5"',
        rule: "decimal(2)",
        reason: 'could not convert "1,5": expected decimal text such as "1299.90"',
      },
    ],
  });
});

test("each reason quotes the value it is about once, cut short: it stands alone in lists, logs and alerts", () => {
  interface Source {
    readonly status: string;
    readonly state: string;
    readonly amount: string;
    readonly code: string;
    readonly owner: string;
    readonly note: string;
  }
  const mapping = defineMapping<Source, Readonly<Record<string, unknown>>, never>(({ field, table, link, each }) => ({
    status: table((one) => one.status, { open: 1 }).otherwise.park(),
    state: table((one) => one.state, { open: 1 }).otherwise.park("nobody knows it"),
    amount: field((one) => one.amount, decimal(2)),
    code: field(
      (one) => one.code,
      () => {
        throw new Error("expected one of A, B");
      },
    ),
    owner: link(customers, (one) => one.owner as never),
    note: each(
      (one) => one.note as never,
      () => ({}),
    ),
  }));
  const long = "x".repeat(500);
  const mapped = mapping.apply(
    { status: "gone\u0007", state: long, amount: long, code: "C", owner: 7 as never, note: "text" },
    all,
  );
  assert.deepEqual(mapped.kind === "park" && mapped.problems.map(({ field, reason }) => `${field}: ${reason}`), [
    'status: the table has no entry for this value: got "gone\\u0007"',
    `state: nobody knows it: got "${"x".repeat(58)}…`,
    `amount: could not convert "${"x".repeat(79)}: expected decimal text such as "1299.90"`,
    'code: expected one of A, B: got "C"',
    "owner: the key of a link has to be text: got 7",
    'note: each(…) needs a list: got "text"',
  ]);
});

test("an accessor that throws parks the record with the error's message, and links never throw", () => {
  const broken = { ...order, lines: null } as unknown as Order;
  const mapped = invoice.apply(broken, all);
  assert.equal(mapped.kind, "park");
  assert.deepEqual(mapped.kind === "park" && mapped.problems.map(({ field, reason }) => ({ field, reason })), [
    { field: "lines", reason: "each(…) needs a list" },
  ]);
  assert.deepEqual(invoice.links(broken), [{ sync: "customers", key: "c1" }]);
  assert.deepEqual(invoice.links(null as unknown as Order), []);
  const none = invoice.apply(null as unknown as Order, all);
  assert.match(none.kind === "park" ? (none.problems[0]?.reason ?? "") : "", /Cannot read properties of null/);
});

test("a value that the types say is never null parks the record when it is", () => {
  const mapped = invoice.apply({ ...order, name: null as unknown as string }, all);
  assert.equal(mapped.kind === "park" && mapped.problems[0]?.field, "number");
});

test("a long value is cut in the problem", () => {
  const mapped = invoice.apply({ ...order, shipping: "x".repeat(500) }, all);
  assert.equal(mapped.kind === "park" && mapped.problems[0]?.value.length, 200);
});

test("a map that cannot be read gives a mapping with its fault, which parks instead of throwing", () => {
  const mapping = defineMapping<Order, Invoice, never>(() => ({ number: "#1" }) as never);
  assert.match(mapping.fault ?? "", /could not read number: expected a rule such as field\(…\)/);
  assert.equal(mapping.apply(order, all).kind, "park");
});

test("every target field is explained with its source, its rule, and what happens without a value", () => {
  assert.deepEqual(invoice.explain(), [
    { target: "number", sources: ["name"], rule: "as it is", ifMissing: "never missing" },
    { target: "memo", sources: ["note"], rule: "as it is", ifMissing: "left out" },
    {
      target: "currency",
      sources: ["currency"],
      rule: "USD → dollars, EUR → euros",
      ifMissing: "no entry: parked: no such account",
    },
    { target: "closed", sources: ["status"], rule: "paid → true, open → false", ifMissing: "left out" },
    {
      target: "customer",
      sources: ["customer.id"],
      rule: "the record that customers linked it to",
      ifMissing: "parked: the order has no customer",
    },
    { target: "lines", sources: ["lines"], rule: "one for each", ifMissing: "never missing" },
    { target: "lines[].amount", sources: ["lines[].total"], rule: "decimal(2)", ifMissing: "never missing" },
    {
      target: "lines[].label",
      sources: ["name", "lines[].title"],
      rule: "computed from name, lines[].title; text, trimmed, cut at 12 characters",
      ifMissing: "never missing",
    },
    {
      target: "lines[].item",
      sources: ["lines[].sku"],
      rule: "the record that items linked it to",
      ifMissing: "left out",
    },
    { target: "lines[].kind", sources: [], rule: 'always "sale"', ifMissing: "never missing" },
    { target: "lines", sources: [], rule: "one, under a condition on shipping", ifMissing: "never missing" },
    { target: "lines[].amount", sources: ["shipping"], rule: "decimal(2)", ifMissing: "never missing" },
    { target: "lines[].kind", sources: [], rule: 'always "shipping"', ifMissing: "never missing" },
  ]);
});
