// Rows of one file that contradict each other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { defineResource } from "../define/define-connector.ts";
import type { Row } from "./row.ts";
import { ToldBefore } from "./told-before.ts";

interface Order {
  readonly id: string;
  readonly version?: string | undefined;
  readonly note?: string | undefined;
}

const orders = defineResource({
  name: "orders",
  schema: z.object({ id: z.string(), version: z.string().optional(), note: z.string().optional() }),
  key: ({ id }) => id,
  version: ({ version }) => version,
});

/** The lines that are refused. */
async function refused(records: readonly unknown[], told = new ToldBefore(orders)): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [index, record] of records.entries()) rows.push(await told.judge({ line: index + 2, record }));
  return rows.filter((row) => "fault" in row);
}

const order = (id: string, note: string, version?: string): Order => ({ id, note, version });

test("a row that says something else of a record than an earlier one is refused, and names both", async () => {
  const rows = await refused([order("1", "a"), order("2", "b"), order("1", "c"), order("1", "a")]);
  assert.deepEqual(rows, [
    {
      line: 4,
      fault:
        "record 1 is on line 2 already, with other content, and that is taken: expected each record once, or a newer version of it; import by itself the line that is right",
    },
  ]);
});

test("rows whose versions tell which is newer do not contradict each other; those of one version do", async () => {
  const told = [order("1", "a", "v1"), order("1", "b", "v2"), order("1", "c", "v2"), order("1", "d")];
  assert.deepEqual(
    (await refused(told)).map(({ line }) => line),
    [4, 5],
  );
});

test("a row that is no record, or does not fit, contradicts nothing: whoever takes it says what is wrong", async () => {
  const told = new ToldBefore(orders);
  assert.deepEqual(await told.judge({ line: 1, fault: "no JSON" }), { line: 1, fault: "no JSON" });
  assert.deepEqual(await refused([{ id: 1 }, { id: "" }, { id: "", note: "b" }], told), []);
});

test("among many records each one that comes again is found", async () => {
  const first = Array.from({ length: 5_000 }, (_, index) => order(`order ${index}`, "a"));
  const again = first.map(({ id }) => order(id, id === "order 4321" ? "b" : "a"));
  const rows = await refused([...first, ...again]);
  assert.deepEqual(
    rows.map(({ line }) => line),
    [5_000 + 4_321 + 2],
  );
});

test("of no more than a given number of records is anything remembered", async () => {
  const told = new ToldBefore(orders, 2);
  const rows = await refused(
    [order("1", "a"), order("2", "a"), order("3", "a"), order("3", "b"), order("2", "b")],
    told,
  );
  assert.deepEqual([told.isFull, rows.map(({ line }) => line)], [true, [6]]);
});
