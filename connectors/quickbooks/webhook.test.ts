import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { Delivery } from "../../src/define/connector.ts";
import { webhook } from "./webhook.ts";

const event = (id: string, type: string, key: string, more: object = {}): object => ({
  specversion: "1.0",
  id,
  type,
  intuitentityid: key,
  intuitaccountid: "310687",
  data: {},
  ...more,
});

const EVENTS = [event("b", "qbo.invoice.updated.v1", "12"), event("a", "qbo.customer.created.v1", "3")];

function delivery(json: unknown, { secret = "verifier", signature = undefined as string | undefined } = {}): Delivery {
  const body = Buffer.from(JSON.stringify(json));
  const signed = signature ?? createHmac("sha256", secret).update(body).digest("base64");
  const url = "https://us.example/hooks/books";
  return { method: "POST", url, headers: { "intuit-signature": signed }, body, at: 0 };
}

const isOk = (given: Delivery, secrets: readonly string[]): boolean => webhook.verify(given, secrets).ok;

test("a delivery is taken with any of the secrets that are valid, and with no other", () => {
  assert.ok(isOk(delivery(EVENTS), ["verifier"]));
  assert.ok(isOk(delivery(EVENTS), ["new", "verifier"]));
  assert.ok(!isOk(delivery(EVENTS), ["other"]));
});

test("without a secret, without a signature and with an empty secret nothing is taken", () => {
  assert.ok(!isOk(delivery(EVENTS), []));
  assert.ok(!isOk({ ...delivery(EVENTS), headers: {} }, ["verifier"]));
  assert.ok(!isOk(delivery(EVENTS, { secret: "" }), [""]));
});

test("one changed bit of body or signature, a cut or a longer signature is refused", () => {
  const good = delivery(EVENTS);
  for (let at = 0; at < good.body.length; at += 7) {
    const body = Uint8Array.from(good.body);
    body[at]! ^= 1;
    assert.ok(!isOk({ ...good, body }, ["verifier"]));
  }
  const signature = good.headers["intuit-signature"]!;
  for (const wrong of ["", signature.slice(0, -1), `${signature}=`, signature.toLowerCase(), ` ${signature}`]) {
    assert.ok(!isOk(delivery(EVENTS, { signature: wrong }), ["verifier"]), wrong);
  }
});

test("the same events in another order are the same delivery; others are not", () => {
  const id = webhook.dedupeId(delivery(EVENTS));
  assert.equal(webhook.dedupeId(delivery(EVENTS.toReversed())), id);
  assert.notEqual(webhook.dedupeId(delivery(EVENTS.slice(1))), id);
  assert.notEqual(webhook.dedupeId(delivery({ eventNotifications: [] })), webhook.dedupeId(delivery({})));
});

const events = (json: unknown): readonly object[] => webhook.events({ headers: {}, json });

test("events name resource and key; of entities we do not know nothing is heard", () => {
  assert.deepEqual(events([...EVENTS, event("c", "qbo.account.created.v1", "9"), event("d", "other", "9"), 7]), [
    { resource: "invoices", key: "12", account: "310687" },
    { resource: "customers", key: "3", account: "310687" },
  ]);
});

test("a deletion is an event to read after", () => {
  assert.deepEqual(events([event("a", "qbo.invoice.deleted.v1", "12")]), [
    { resource: "invoices", key: "12", account: "310687" },
  ]);
});

test("the old payload tells the same, and of a merge both sides", () => {
  const entities = [
    { id: "12", operation: "Create", name: "Invoice", lastUpdated: "2025-09-08T20:52:31.657Z" },
    { id: "3", operation: "Merge", name: "Customer", deletedId: "4" },
    { id: "5", operation: "Create", name: "Account" },
  ];
  assert.deepEqual(events({ eventNotifications: [{ realmId: "310687", dataChangeEvent: { entities } }] }), [
    { resource: "invoices", key: "12", account: "310687" },
    { resource: "customers", key: "3", account: "310687" },
    { resource: "customers", key: "4", account: "310687" },
  ]);
});

test("a body that is neither payload is refused", () => {
  assert.throws(() => events({ hello: 1 }), TypeError);
});
