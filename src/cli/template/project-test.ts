// The whole project against both simulators, over real HTTP, until there is nothing left to do.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openEngine } from "bowline";
import project from "./bowline.config.ts";
import { placeOrder, simulate } from "./simulators.ts";

test("every paid order is one invoice in the books, and running again changes nothing", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "bowline-"));
  const simulated = await simulate();
  t.after(async () => {
    await simulated.close();
    await rm(folder, { recursive: true });
  });
  const orders = Array.from({ length: 10 }, (_, index) => placeOrder(simulated, index + 1));
  const paid = orders.filter((order) => order.displayFinancialStatus === "PAID");

  const settle = async (): Promise<void> => {
    const dataPath = join(folder, "bowline.db");
    const engine = await openEngine({ project, environment: simulated.environment, dataPath, listen: false });
    await engine.start();
    await engine.quiet();
    assert.deepEqual(await engine.control.parked({}), []);
    await engine.stop();
  };
  const numbers = (): string[] =>
    [...simulated.books.truth.invoices.values()].map((invoice) => String(invoice["DocNumber"]));

  await settle();
  assert.equal(paid.length, 8);
  assert.deepEqual(numbers().toSorted(), paid.map(({ name }) => name).toSorted());

  await settle();
  assert.equal(numbers().length, paid.length);
  assert.equal(simulated.books.truth.created.Customer, orders.length);
});
