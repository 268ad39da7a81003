import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Lab, countsOf, receivedNs } from "./lab.ts";
import { orderText } from "./order.ts";
import { makePrograms } from "./programs.ts";
import { SECRET } from "./signature.ts";

interface OrderPage {
  readonly records: readonly unknown[];
  readonly next?: string;
}

async function hasCompiler(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-bench-"));
  try {
    return (await makePrograms(folder, false)).writtenIn === "C";
  } finally {
    await rm(folder, { recursive: true });
  }
}

const languages = (await hasCompiler()) ? (["C", "Node"] as const) : (["Node"] as const);

for (const language of languages) {
  void describe(`the generator and the fakes in ${language}`, async () => {
    const lab = new Lab();
    await lab.open(language === "Node");
    after(() => lab.close());

    void test("the source's pages hold the orders that the project makes, and the last has no next", async () => {
      const source = await lab.fake("source", { "--records": 5, "--page": 3 });
      const first = (await (await fetch(`${source.url}/orders?cursor=0`)).json()) as OrderPage;
      const last = (await (await fetch(`${source.url}/orders?cursor=${first.next}`)).json()) as OrderPage;
      source.kill();
      const all = [...first.records, ...last.records];
      assert.deepEqual(
        all,
        [0, 1, 2, 3, 4].map((number) => JSON.parse(orderText(number)) as unknown),
      );
      assert.equal(last.next, undefined);
    });

    void test("the target makes one invoice of a key however often it comes, and tells of two for one order", async () => {
      const target = await lab.fake("target");
      const post = async (key: string): Promise<unknown> => {
        const headers = { "idempotency-key": key };
        const body = JSON.stringify({ DocNumber: "#0000002" });
        return (await fetch(`${target.url}/invoices`, { method: "POST", headers, body })).json();
      };
      assert.deepEqual([await post("a"), await post("a"), await post("b")], [{ id: "1" }, { id: "1" }, { id: "2" }]);
      const { posts, invoices, repeats, orders, duplicates } = await countsOf(target);
      const received = await receivedNs(target);
      target.kill();
      assert.deepEqual(
        { posts, invoices, repeats, orders, duplicates },
        { posts: 3, invoices: 2, repeats: 1, orders: 1, duplicates: 1 },
      );
      assert.equal(received.length, 3);
      assert.ok(received[2]! > 0n);
    });

    void test("the generator's webhooks are signed so that a receiver takes them, and each is kept once", async () => {
      const receiver = lab.subject("limits/ingest.ts", { folder: lab.newFolder(), secret: SECRET, steps: "keep" });
      const { port } = await receiver.next<{ port: number }>();
      const first = await lab.loadWithTimes(port, { "--events": 200, "--connections": 8 });
      const again = await lab.load(port, { "--events": 50 });
      const { stored } = await receiver.stop<{ stored: number }>();
      assert.deepEqual([first.ok, first.sentNs.length, again.ok, stored], [200, 200, 50, 200]);
    });

    void test("a signature made with another secret is refused", async () => {
      const receiver = lab.subject("limits/ingest.ts", { folder: lab.newFolder(), secret: "another", steps: "keep" });
      const { port } = await receiver.next<{ port: number }>();
      const { ok, failed } = await lab.load(port, { "--events": 20 });
      const { stored } = await receiver.stop<{ stored: number }>();
      assert.deepEqual([ok, failed, stored], [0, 20, 0]);
    });
  });
}
