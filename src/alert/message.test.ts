// What is sent of an alert, and how it is signed.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AlertCause } from "./alert.ts";
import { messageId, messageOf, requestOf } from "./message.ts";

const NOW = Date.UTC(2026, 7, 20, 12);
const cause: AlertCause = {
  id: "connection crm",
  what: "connection",
  connection: "crm",
  syncs: ["contacts", "deals"],
  owners: ["Sales", "Finance"],
  since: NOW - 60_000,
  count: 2,
  title: "connection crm has to be authorised again",
  reason: "invalid_grant.",
  todo: "authorise it again: bowline connect crm",
  path: "/connect/crm",
};
const options = { project: "demo", telling: "opened", now: NOW } as const;

test("a request is signed as the example of Standard Webhooks is", () => {
  const { headers } = requestOf({
    url: "https://example.com",
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    body: '{"test": 2432232314}',
    now: 1_614_265_330_000,
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  });
  assert.equal(headers["webhook-timestamp"], "1614265330");
  assert.equal(headers["webhook-signature"], "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("without a secret nothing is signed", () => {
  const { headers } = requestOf({ url: "https://example.com", id: "msg_1", body: "{}", now: NOW });
  assert.equal(headers["webhook-signature"], undefined);
});

test("of several syncs none is named alone, and the text says everything in a few sentences", () => {
  const sent = JSON.parse(messageOf(cause, { ...options, pageUrl: "https://bowline.example.com" })) as Partial<
    Record<string, unknown>
  >;
  assert.deepEqual([sent["sync"], sent["syncs"], sent["owner"]], [undefined, ["contacts", "deals"], "Sales, Finance"]);
  assert.equal(
    sent["text"],
    "[demo] connection crm has to be authorised again: invalid_grant. What to do: authorise it again: bowline connect crm. Owner: Sales, Finance. https://bowline.example.com/connect/crm",
  );
});

test("what is over says since when and until when, and asks for nothing", () => {
  const sent = JSON.parse(messageOf(cause, { ...options, telling: "resolved" })) as Partial<Record<string, unknown>>;
  assert.deepEqual([sent["since"], sent["until"]], ["2026-08-20T11:59:00.000Z", "2026-08-20T12:00:00.000Z"]);
  assert.equal(sent["text"], "[demo] Over: connection crm has to be authorised again. Owner: Sales, Finance.");
});

test("a provider's long answer is cut", () => {
  const sent = messageOf({ ...cause, reason: "x".repeat(100_000) }, options);
  assert.ok(sent.length < 4_000, `${sent.length} characters`);
});

test("each telling is a message of its own, whose attempts share one id", () => {
  const alert = { ...cause, openedAt: NOW };
  const told = { ...alert, told: { at: NOW, count: 2, times: 1 } };
  assert.equal(messageId(alert, "opened"), messageId({ ...alert, count: 9 }, "opened"));
  const ids = [
    messageId(alert, "opened"),
    messageId(told, "reminder"),
    messageId({ ...told, told: { ...told.told, times: 2 } }, "reminder"),
    messageId(told, "resolved"),
    messageId({ ...alert, openedAt: NOW + 1 }, "opened"),
  ];
  assert.equal(new Set(ids).size, ids.length);
});
