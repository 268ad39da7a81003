import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { Delivery } from "../../src/define/connector.ts";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";
import { setup, TENANT } from "./test-api.ts";
import { webhook } from "./webhook.ts";

const event = (eventCategory: string, resourceId: string, more: object = {}): object => ({
  resourceUrl: `https://api.xero.com/api.xro/2.0/x/${resourceId}`,
  resourceId,
  tenantId: TENANT,
  tenantType: "ORGANISATION",
  eventCategory,
  eventType: "UPDATE",
  eventDateUtc: "2026-06-21T01:15:39.902",
  ...more,
});

const EVENTS = [event("INVOICE", "12"), event("CONTACT", "3")];
const body = (events: unknown, entropy = "S0m3"): string =>
  JSON.stringify({ events, firstEventSequence: 1, lastEventSequence: 2, entropy });

function delivery(text: string, { secret = "key", signature = undefined as string | undefined } = {}): Delivery {
  const bytes = Buffer.from(text);
  const signed = signature ?? createHmac("sha256", secret).update(bytes).digest("base64");
  const url = "https://us.example/hooks/books";
  return { method: "POST", url, headers: { "x-xero-signature": signed }, body: bytes, at: 0 };
}

const isOk = (given: Delivery, secrets: readonly string[]): boolean => webhook.verify(given, secrets).ok;

test("a delivery is taken with any of the keys that are valid, and with no other", () => {
  assert.ok(isOk(delivery(body(EVENTS)), ["key"]));
  assert.ok(isOk(delivery(body(EVENTS)), ["new", "key"]));
  assert.ok(!isOk(delivery(body(EVENTS)), ["other"]));
});

test("without a key, without a signature and with an empty key nothing is taken", () => {
  assert.ok(!isOk(delivery(body(EVENTS)), []));
  assert.ok(!isOk({ ...delivery(body(EVENTS)), headers: {} }, ["key"]));
  assert.ok(!isOk(delivery(body(EVENTS), { secret: "" }), [""]));
});

test("a key that looks like Base64 is used as the text that it is", () => {
  const secret = Buffer.from("a signing key").toString("base64");
  assert.ok(isOk(delivery(body(EVENTS), { secret }), [secret]));
});

test("one changed bit of body or signature, a cut or a longer signature is refused", () => {
  const good = delivery(body(EVENTS));
  for (let at = 0; at < good.body.length; at += 1) {
    const bytes = Uint8Array.from(good.body);
    bytes[at]! ^= 1 << (at % 8);
    assert.ok(!isOk({ ...good, body: bytes }, ["key"]));
  }
  const signature = good.headers["x-xero-signature"]!;
  const wrong = [
    "",
    signature.slice(0, -1),
    `${signature}=`,
    signature.toLowerCase(),
    ` ${signature}`,
    `${signature}, x`,
  ];
  for (const one of wrong) assert.ok(!isOk(delivery(body(EVENTS), { signature: one }), ["key"]), one);
  const reserialised = JSON.stringify(JSON.parse(body(EVENTS)), null, 1);
  assert.ok(!isOk(delivery(reserialised, { signature }), ["key"]));
});

test("the same events in another order and with other entropy are the same delivery; others are not", () => {
  const id = webhook.dedupeId(delivery(body(EVENTS)));
  assert.equal(webhook.dedupeId(delivery(body(EVENTS.toReversed(), "0ther"))), id);
  const later = [event("INVOICE", "12", { eventDateUtc: "2026-06-21T01:15:40.000" }), EVENTS[1]];
  for (const other of [EVENTS.slice(1), later, [], [{}]]) assert.notEqual(webhook.dedupeId(delivery(body(other))), id);
  assert.notEqual(webhook.dedupeId(delivery(body([], "a"))), webhook.dedupeId(delivery(body([], "b"))));
});

const events = (json: unknown): readonly object[] => webhook.events({ headers: {}, json });

test("events name resource, key and organisation; of what we do not know nothing is heard", () => {
  const more = [event("CREDITNOTE", "5", { data: { Type: "ACCRECCREDIT" } }), event("SUBSCRIPTION", "9"), 7];
  assert.deepEqual(events({ events: [...EVENTS, ...more] }), [
    { resource: "invoices", key: "12", account: TENANT },
    { resource: "contacts", key: "3", account: TENANT },
    { resource: "creditNotes", key: "5", account: TENANT },
  ]);
});

test("a trial of the address is no event, and what is no webhook of Xero is refused", () => {
  assert.deepEqual(events({ events: [], firstEventSequence: 0, lastEventSequence: 0, entropy: "x" }), []);
  for (const wrong of [undefined, [], {}, { events: {} }]) assert.throws(() => events(wrong), TypeError);
});

function receiver(status = (_hook: OutgoingWebhook): number => 200) {
  const hooks: OutgoingWebhook[] = [];
  const send = (hook: OutgoingWebhook): Promise<number> => {
    hooks.push(hook);
    return Promise.resolve(status(hook));
  };
  return { hooks, send };
}

const asDelivery = (hook: OutgoingWebhook): Delivery => ({
  ...delivery(""),
  headers: hook.headers,
  body: Buffer.from(hook.body),
});

test("what the simulator sends is taken, and names what was changed", async () => {
  const { hooks, send } = receiver();
  await using world = await setup({ send, webhookUrl: "http://receiver.test/" });
  const { person } = world.simulator;
  const id = String(person.create("Contacts", { Name: "Amy" })["ContactID"]);
  await world.clock.advance(5_000);
  const [hook] = hooks;
  assert.ok(hook !== undefined && isOk(asDelivery(hook), ["key"]));
  assert.deepEqual(events(JSON.parse(hook.body)), [{ resource: "contacts", key: id, account: TENANT }]);
});

test("a receiver that verifies passes the trial of its address; one that takes all, or none, does not", async () => {
  const trial = async (status: (hook: OutgoingWebhook) => number): Promise<boolean> => {
    await using world = await setup({ send: receiver(status).send, webhookUrl: "http://receiver.test/" });
    return world.simulator.intentToReceive();
  };
  assert.ok(await trial((hook) => (isOk(asDelivery(hook), ["key"]) ? 200 : 401)));
  assert.ok(!(await trial(() => 200)));
  assert.ok(!(await trial(() => 401)));
});
