import assert from "node:assert/strict";
import { test } from "node:test";
import Big from "big.js";
import { readPaths } from "./read-paths.ts";

interface Order {
  readonly name: string;
  readonly email?: string | null;
  readonly phone: string;
  readonly total: string;
  readonly tax: number;
  readonly paid: boolean;
  readonly at: string;
  readonly tags: readonly string[];
  readonly customer: { readonly id: string; readonly name: { readonly first: string; readonly last: string } } | null;
  readonly lines: readonly { readonly title: string; readonly quantity: number; readonly find: string }[];
}

type Case = readonly [says: string, read: (order: Order) => unknown, paths: readonly string[], direct?: string];

const CASES: readonly Case[] = [
  ["a field", (order) => order.name, ["name"], "name"],
  ["a nested field", (order) => order.customer?.name.first, ["customer.name.first"], "customer.name.first"],
  ["destructuring", ({ customer }) => customer?.id, ["customer.id"], "customer.id"],
  ["a field named as a method", (order) => order.at, ["at"], "at"],
  ["a list", (order) => order.lines, ["lines"], "lines"],
  ["an item", (order) => order.lines[0]?.title, ["lines[].title"], "lines[].title"],
  ["an item's field named as a method", (order) => order.lines.at(0)?.find, ["lines[].find"], "lines[].find"],
  ["else", (order) => order.email ?? order.phone, ["email", "phone"]],
  ["one or the other", (order) => (order.paid ? order.total : order.phone), ["paid", "total", "phone"]],
  ["a template", (order) => `${order.name} of ${order.customer?.name.last}`, ["name", "customer.name.last"]],
  ["arithmetic", (order) => order.tax * 2 + 1, ["tax"]],
  ["a comparison", (order) => order.tax > 10, ["tax"]],
  ["equality", (order) => order.name === "#1", ["name"]],
  ["map and join", (order) => order.lines.map((line) => line.title).join(", "), ["lines[].title"]],
  ["a filter", (order) => order.lines.filter((line) => line.quantity > 0), ["lines[].quantity"]],
  [
    "filter and map",
    (order) => order.lines.filter((line) => line.quantity).map((line) => line.title),
    ["lines[].quantity", "lines[].title"],
  ],
  ["find", (order) => order.lines.find((line) => line.quantity > 0)?.title, ["lines[].quantity", "lines[].title"]],
  ["reduce", (order) => order.lines.reduce((sum, line) => sum + line.quantity, 0), ["lines[].quantity"]],
  ["some", (order) => order.lines.some((line) => line.title === "Tea"), ["lines[].title"]],
  [
    "a loop",
    (order) => {
      let sum = 0;
      for (const line of order.lines) sum += line.quantity;
      return sum;
    },
    ["lines[].quantity"],
  ],
  [
    "a counted loop",
    (order) => {
      let sum = 0;
      for (let at = 0; at < order.lines.length; at += 1) sum += order.lines[at]?.quantity ?? 0;
      return sum;
    },
    ["lines[].quantity"],
  ],
  ["text methods", (order) => order.name.trim().toLowerCase().replace("#", "").split("-")[0], ["name"]],
  ["length", (order) => order.tags.length, ["tags"]],
  ["includes", (order) => order.tags.includes("vip"), ["tags"]],
  ["a number's text", (order) => order.tax.toFixed(2), ["tax"]],
  ["toString", (order) => order.tax.toString(), ["tax"]],
  ["Number", (order) => Number(order.total) / 100, ["total"]],
  ["a library", (order) => new Big(order.total).times(2).toFixed(2), ["total"]],
  ["a date", (order) => new Date(order.at).toISOString(), ["at"]],
  ["a spread", (order) => [...order.tags], ["tags[]"]],
  ["JSON", (order) => JSON.stringify(order.customer), ["customer"]],
  [
    "throwing",
    (order) => {
      if (order.name.length < 5) throw new Error("no");
      return order.name;
    },
    ["name"],
  ],
  ["nothing", () => 1, []],
];

for (const [says, read, paths, direct] of CASES) {
  test(`the fields that an accessor reads are known: ${says}`, () => {
    const found = readPaths(read as (source: unknown) => unknown);
    assert.deepEqual(found.paths.toSorted(), paths.toSorted());
    assert.equal(found.direct, direct);
  });
}

test("an accessor that follows parents without end is stopped", () => {
  interface Node {
    readonly parent: Node | null;
  }
  const root = (node: Node): Node => {
    let top = node;
    while (top.parent !== null && top.parent !== undefined) top = top.parent;
    return top;
  };
  assert.match(readPaths(root as (source: unknown) => unknown).paths.join(), /^parent\.parent/);
});

test("paths of an item begin at its list, those of the whole record do not", () => {
  const read = (line: unknown, order: unknown): unknown =>
    `${(order as Order).name} ${(line as { readonly title: string }).title}`;
  assert.deepEqual(readPaths(read, "lines[]").paths, ["name", "lines[].title"]);
});

test("an accessor that gives its item itself reads that", () => {
  assert.deepEqual(
    readPaths((amount) => amount, "shipping"),
    { paths: ["shipping"], direct: "shipping" },
  );
});
