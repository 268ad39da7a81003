import assert from "node:assert/strict";
import { test } from "node:test";
import { redactor } from "../../src/call/redact.ts";
import { madeAgain } from "../../src/testing/made-again.ts";
import { stripe } from "./connector.ts";
import { customers } from "./customers.ts";
import { setup } from "./test-api.ts";

test("every write can be made again: by its key in the header, or because what is gone stays gone", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "w1", fields: { name: "Amy" } };
  const { key } = await customers.write!.create(world.api, order);
  const fields = { name: "Amelia" };
  await customers.write!.update!(world.api, { idempotencyKey: "w2", key, fields, changed: ["name"] });
  await customers.write!.removals!.delete(world.api, { idempotencyKey: "w3", key });
  assert.deepEqual(
    world.api.entries.map(({ method, repeat }) => `${method} ${repeat}`),
    ["POST key", "POST key", "DELETE safe"],
  );
  assert.deepEqual(await madeAgain(world.api, [...world.api.sent]), [`DELETE /customers/${key}`]);
});

test("the log shows no link that opens without signing in", () => {
  const { text } = redactor([], { fields: stripe.secretFields! });
  const names = ["hosted_invoice_url", "invoice_pdf", "receipt_url"];
  for (const name of names) assert.equal(text(`{"${name}": "https://pay.example/1"}`), `{"${name}": "[secret]"}`);
});
