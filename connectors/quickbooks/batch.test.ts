import assert from "node:assert/strict";
import { test } from "node:test";
import { sendBatch, type BatchItem } from "./batch.ts";
import { setup } from "./test-api.ts";

const named = (DisplayName: string): BatchItem => ({ operation: "create", entity: "Customer", body: { DisplayName } });

test("each item of a batch ends by itself, in the order it was given", async () => {
  await using world = await setup();
  const answers = await sendBatch(world.api, [named("Amy"), named("amy"), named("Bob")], "b1");
  assert.deepEqual(
    answers.map(({ outcome }) => [outcome.kind, outcome.code]),
    [
      ["done", undefined],
      ["conflict", "6240"],
      ["done", undefined],
    ],
  );
  assert.equal(answers[2]?.record?.["DisplayName"], "Bob");
  assert.deepEqual(world.sent.at(-1)?.limits, ["batch"]);
});

test("a batch that is sent again makes nothing new", async () => {
  await using world = await setup();
  const first = await sendBatch(world.api, [named("Amy")], "b1");
  assert.deepEqual(await sendBatch(world.api, [named("Amy")], "b1"), first);
  assert.equal(world.simulator.truth.created.Customer, 1);
});

test("more than thirty items are refused before anything is sent", async () => {
  await using world = await setup();
  await assert.rejects(
    sendBatch(
      world.api,
      Array.from({ length: 31 }, () => named("Amy")),
      "b1",
    ),
    RangeError,
  );
  assert.equal(world.sent.length, 0);
});
