import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { Delivery } from "../../src/define/connector.ts";
import { connector, setup, WEBHOOK_SECRET } from "./test-api.ts";

const webhook = connector.webhook!;
const AT = Date.UTC(2026, 7, 20, 12);
const BODY =
  '{"organizationId":"00D5e000000Simu","changes":[{"entityName":"Account","recordIds":["001"],"changeType":"UPDATE"}]}';

function delivery(
  more: Partial<{ body: string; time: string; signature: string; secret: string; at: number }> = {},
): Delivery {
  const { body = BODY, time = String(AT), secret = WEBHOOK_SECRET, at = AT } = more;
  const signature = more.signature ?? createHmac("sha256", secret).update(`${time}.${body}`).digest("base64");
  const headers = { "x-bowline-time": time, "x-bowline-signature": signature };
  return { headers, body: Buffer.from(body), at, method: "POST", url: "https://bowline.example/hooks/crm" };
}

function events(json: unknown) {
  return webhook.events({ headers: {}, json });
}

test("what the org signed is taken, also with the secret before this one", () => {
  assert.deepEqual(webhook.verify(delivery(), [WEBHOOK_SECRET]), { ok: true });
  assert.deepEqual(webhook.verify(delivery(), ["another secret", WEBHOOK_SECRET]), { ok: true });
});

test("no flipped bit of the body or the signature is taken", () => {
  const good = delivery();
  for (let bit = 0; bit < good.body.length * 8; bit += 7) {
    const body = Buffer.from(good.body);
    body[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(webhook.verify({ ...good, body }, [WEBHOOK_SECRET]).ok, false, `bit ${bit} of the body`);
  }
  const signature = Buffer.from(good.headers["x-bowline-signature"]!, "base64");
  for (let bit = 0; bit < signature.length * 8; bit += 1) {
    const flipped = Buffer.from(signature);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    const given = delivery({ signature: flipped.toString("base64") });
    assert.equal(webhook.verify(given, [WEBHOOK_SECRET]).ok, false, `bit ${bit} of the signature`);
  }
});

for (const [what, given, secrets] of [
  ["another secret", delivery({ secret: "x" }), [WEBHOOK_SECRET]],
  ["no secret at our side", delivery(), []],
  ["an empty secret at both sides", delivery({ secret: "" }), [""]],
  ["no signature", delivery({ signature: "" }), [WEBHOOK_SECRET]],
  [
    "half a signature",
    delivery({ signature: delivery().headers["x-bowline-signature"]!.slice(0, 20) }),
    [WEBHOOK_SECRET],
  ],
  [
    "a signature in another coding",
    delivery({ signature: `${delivery().headers["x-bowline-signature"]} ` }),
    [WEBHOOK_SECRET],
  ],
  ["no time", delivery({ time: "" }), [WEBHOOK_SECRET]],
  ["an old time", delivery({ time: String(AT - 300_001) }), [WEBHOOK_SECRET]],
  ["a time ahead", delivery({ time: String(AT + 300_001) }), [WEBHOOK_SECRET]],
  ["a time in seconds", delivery({ time: String(AT / 1000) }), [WEBHOOK_SECRET]],
  ["a body that was cut", { ...delivery(), body: Buffer.from(BODY.slice(0, -1)) }, [WEBHOOK_SECRET]],
  [
    "a newer time than was signed",
    { ...delivery(), headers: { ...delivery().headers, "x-bowline-time": String(AT + 1) } },
    [WEBHOOK_SECRET],
  ],
] as const) {
  test(`a delivery with ${what} is refused`, () => assert.equal(webhook.verify(given, secrets).ok, false));
}

test("the same bytes of the same time are the same delivery, and others are not", () => {
  assert.equal(webhook.dedupeId(delivery()), webhook.dedupeId(delivery()));
  assert.notEqual(webhook.dedupeId(delivery()), webhook.dedupeId(delivery({ time: String(AT + 1) })));
  assert.notEqual(webhook.dedupeId(delivery()), webhook.dedupeId(delivery({ body: `${BODY} ` })));
});

test("each record of a change is told under its resource, with the org it is of", () => {
  const header = { entityName: "Account", changeType: "UPDATE", recordIds: ["001D000000IqhSL", "001D000000IqhSLIAZ"] };
  const account = "00D5e000000SimuEAC".slice(0, 15);
  const told = events({ organizationId: account, changes: [{ payload: { ChangeEventHeader: header } }] });
  assert.deepEqual(
    told.map(({ resource, key, deleted }) => [resource, key, deleted]),
    Array.from({ length: 2 }, () => ["accounts", "001D000000IqhSLIAZ", undefined]),
  );
  assert.equal(told[0]?.account?.length, 18);
});

test("deletions are told, gaps are looked at, and what nobody mapped is passed over", () => {
  const change = (entityName: string, changeType: string, recordIds: readonly string[] = ["a00000000000001"]) => ({
    ChangeEventHeader: { entityName, changeType, recordIds },
  });
  const changes = [
    change("Invoice__c", "DELETE"),
    change("Invoice__c", "GAP_DELETE"),
    change("Invoice__c", "GAP_UPDATE"),
    change("Invoice__c", "UNDELETE"),
    change("Invoice__c", "GAP_OVERFLOW", ["*"]),
    change("Task", "DELETE"),
  ];
  assert.deepEqual(
    events({ changes }).map(({ resource, deleted }) => [resource, deleted]),
    [
      ["invoices", true],
      ["invoices", true],
      ["invoices", undefined],
      ["invoices", undefined],
    ],
  );
});

test("a body without sense is refused, so that it is seen", () => {
  for (const json of [null, [], {}, { changes: {} }, { changes: [{}] }, { changes: [{ entityName: "Account" }] }]) {
    assert.throws(() => events(json), TypeError, JSON.stringify(json));
  }
});

test("what the org sends is verified and understood, merges as one deletion and one change", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const [loser, winner] = ["Amy", "Bob"].map((Name) => String(person.create("Account", { Name })["Id"]));
  await world.clock.advance(1_000);
  person.merge("Account", loser!, winner!);
  await world.clock.advance(1_000);
  assert.equal(world.hooks.length, 2);
  const [, merged] = world.hooks;
  const given = { ...delivery(), headers: merged!.headers, body: Buffer.from(merged!.body), at: world.clock.now() };
  assert.deepEqual(webhook.verify(given, [WEBHOOK_SECRET]), { ok: true });
  const told = events(JSON.parse(merged!.body));
  assert.deepEqual(
    told.map(({ key, deleted, account }) => [key, deleted, account]),
    [
      [loser, true, world.simulator.organizationId],
      [winner, undefined, world.simulator.organizationId],
    ],
  );
});

test("nobody is told what happened before a receiver was there", async () => {
  await using world = await setup({ simulator: { webhookUrl: undefined as never } });
  world.simulator.person.create("Account", { Name: "Amy" });
  world.simulator.webhookUrl = "http://receiver.test/salesforce";
  const id = String(world.simulator.person.create("Account", { Name: "Bob" })["Id"]);
  await world.clock.advance(1_000);
  const told = world.hooks.flatMap(({ body }) => events(JSON.parse(body)));
  assert.deepEqual(
    told.map(({ key }) => key),
    [id],
  );
});
