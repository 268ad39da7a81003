import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { Delivery } from "../../src/define/connector.ts";
import { webhook } from "./webhook.ts";

const AT = Date.UTC(2026, 7, 20, 12);
const URL_GIVEN = "https://us.example/hooks/crm";

const event = (subscriptionType: string, more: object = {}): object => ({
  eventId: 100,
  subscriptionId: 7,
  portalId: 49547190,
  occurredAt: AT,
  subscriptionType,
  attemptNumber: 0,
  ...more,
});
const EVENTS = [event("contact.creation", { objectId: 12 }), event("deal.deletion", { objectId: 3 })];

interface Signed {
  readonly secret?: string;
  readonly url?: string;
  /** What was signed, when that is not the address. */
  readonly signedUrl?: string;
  readonly timestamp?: string;
  readonly method?: string;
}

function delivery(json: unknown, { secret = "secret", ...how }: Signed = {}): Delivery {
  const { url = URL_GIVEN, signedUrl = url, timestamp = String(AT), method = "POST" } = how;
  const body = Buffer.from(JSON.stringify(json));
  const signature = createHmac("sha256", secret)
    .update(`POST${signedUrl}${body.toString()}${timestamp}`)
    .digest("base64");
  const headers = { "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": timestamp };
  return { method, url, headers, body, at: AT };
}

const isOk = (given: Delivery, secrets: readonly string[] = ["secret"]): boolean => webhook.verify(given, secrets).ok;

test("a delivery is taken with any of the secrets that are valid, and with no other", () => {
  assert.ok(isOk(delivery(EVENTS)));
  assert.ok(isOk(delivery(EVENTS), ["new", "secret"]));
  assert.ok(!isOk(delivery(EVENTS), ["other"]));
});

test("without a secret, a signature or a time, and with an empty secret, nothing is taken", () => {
  const { headers, ...rest } = delivery(EVENTS);
  assert.ok(!isOk(delivery(EVENTS), []));
  assert.ok(!isOk(delivery(EVENTS, { secret: "" }), [""]));
  for (const missing of Object.keys(headers)) {
    const some = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== missing));
    assert.ok(!isOk({ ...rest, headers: some }), missing);
  }
});

test("one changed bit of body or signature, a cut or a longer signature is refused", () => {
  const good = delivery(EVENTS);
  for (let at = 0; at < good.body.length; at += 1) {
    const body = Uint8Array.from(good.body);
    body[at]! ^= 1 << (at % 8);
    assert.ok(!isOk({ ...good, body }));
  }
  const signature = good.headers["x-hubspot-signature-v3"]!;
  const flipped = Array.from(signature, (letter, at) =>
    [signature.slice(0, at), String.fromCharCode(letter.charCodeAt(0) ^ 1), signature.slice(at + 1)].join(""),
  );
  for (const wrong of [
    ...flipped,
    "",
    signature.slice(0, -1),
    `${signature}=`,
    signature.toLowerCase(),
    ` ${signature}`,
  ]) {
    assert.ok(!isOk({ ...good, headers: { ...good.headers, "x-hubspot-signature-v3": wrong } }), wrong);
  }
});

test("another method, address or time than was signed is refused", () => {
  assert.ok(!isOk(delivery(EVENTS, { method: "PUT" })));
  for (const url of ["http://us.example/hooks/crm", "https://us.example/hooks/crm/", `${URL_GIVEN}?a=1`]) {
    assert.ok(!isOk(delivery(EVENTS, { url, signedUrl: URL_GIVEN })), url);
  }
  const good = delivery(EVENTS);
  assert.ok(!isOk({ ...good, headers: { ...good.headers, "x-hubspot-request-timestamp": String(AT + 1) } }));
});

test("a delivery is taken for five minutes, and neither earlier nor later", () => {
  for (const [offMs, taken] of [
    [0, true],
    [300_000, true],
    [300_001, false],
    [-300_000, true],
    [-300_001, false],
  ] as const) {
    assert.equal(isOk({ ...delivery(EVENTS), at: AT + offMs }), taken, String(offMs));
  }
  for (const timestamp of ["", "now", "NaN", "1e12", `${AT}.0`, ` ${AT}`, `-${AT}`]) {
    assert.ok(!isOk(delivery(EVENTS, { timestamp })), timestamp);
  }
});

test("of the address, twelve escapes are decoded before it is signed, and others stay", () => {
  const url = "https://us.example/hooks/crm?to=a%40b%3Ac%2Fd%3F%21%24%27%28%29%2a%2C%3B&x=%20%26%3D#part";
  const signedUrl = "https://us.example/hooks/crm?to=a@b:c/d?!$'()*,;&x=%20%26%3D";
  assert.ok(isOk(delivery(EVENTS, { url, signedUrl })));
  assert.ok(isOk(delivery(EVENTS, { url, signedUrl: url.replace("#part", "") })));
  assert.ok(!isOk(delivery(EVENTS, { url, signedUrl: decodeURIComponent(url) })));
});

test("another try, and another order, is the same delivery; other events are another", () => {
  const id = webhook.dedupeId(delivery(EVENTS));
  assert.equal(webhook.dedupeId(delivery(EVENTS.map((one) => ({ ...one, attemptNumber: 3 })))), id);
  assert.equal(webhook.dedupeId(delivery(EVENTS.toReversed(), { timestamp: String(AT + 1) })), id);
  // eventId alone is not unique.
  assert.notEqual(webhook.dedupeId(delivery([event("contact.creation", { objectId: 13 }), EVENTS[1]])), id);
  assert.notEqual(webhook.dedupeId(delivery(EVENTS.slice(1))), id);
  const merges = ["1", "2"].map((merged) =>
    webhook.dedupeId(delivery([event("contact.merge", { mergedObjectIds: [merged] })])),
  );
  assert.notEqual(merges[0], merges[1]);
  assert.notEqual(webhook.dedupeId(delivery({})), webhook.dedupeId(delivery([])));
});

const events = (json: unknown): readonly object[] => webhook.events({ headers: {}, json });
const account = "49547190";

test("events name resource, key and account; of objects we do not know nothing is heard", () => {
  assert.deepEqual(
    events([
      event("contact.propertyChange", { objectId: 12, propertyName: "email", propertyValue: "a@b.c" }),
      event("object.creation", { objectTypeId: "0-5", objectId: "9007199254740993" }),
      event("product.creation", { objectId: 1 }),
      event("object.creation", { objectTypeId: "2-77", objectId: 1 }),
      event("conversation.newMessage", { objectId: 1 }),
      7,
      null,
    ]),
    [
      { resource: "contacts", key: "12", account },
      { resource: "tickets", key: "9007199254740993", account },
    ],
  );
});

test("a deletion can be undone, so it is an event to read after; what was erased is gone", () => {
  assert.deepEqual(
    events(["deletion", "restore", "privacyDeletion"].map((what) => event(`contact.${what}`, { objectId: 12 }))),
    [
      { resource: "contacts", key: "12", account },
      { resource: "contacts", key: "12", account },
      { resource: "contacts", key: "12", deleted: true, account },
    ],
  );
});

test("a merge is a change of the one that stays, and the end of the others", () => {
  const merge = { primaryObjectId: 1, mergedObjectIds: [2], numberOfPropertiesMoved: 4 };
  assert.deepEqual(events([event("company.merge", { ...merge, newObjectId: 3 })]), [
    { resource: "companies", key: "3", account },
    { resource: "companies", key: "1", deleted: true, account },
    { resource: "companies", key: "2", deleted: true, account },
  ]);
  assert.deepEqual(events([event("company.merge", { ...merge, newObjectId: 1 })]), [
    { resource: "companies", key: "1", account },
    { resource: "companies", key: "2", deleted: true, account },
  ]);
  assert.deepEqual(events([event("deal.merge", merge)]), [
    { resource: "deals", key: "1", account },
    { resource: "deals", key: "2", deleted: true, account },
  ]);
});

test("an association is an event of both sides", () => {
  const change = { associationType: "DEAL_TO_CONTACT", fromObjectId: 5, toObjectId: 12 };
  assert.deepEqual(events([event("deal.associationChange", change)]), [
    { resource: "deals", key: "5", account },
    { resource: "contacts", key: "12", account },
  ]);
});

test("a body that is no array is refused, and an event without an id is left aside", () => {
  assert.throws(() => events({ hello: 1 }), TypeError);
  assert.deepEqual(events([event("contact.creation"), event("contact.creation", { objectId: "a/../b" })]), []);
});
