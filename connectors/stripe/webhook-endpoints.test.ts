import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, type StripeObject } from "./ask.ts";
import { encodeForm } from "./form.ts";
import { setup, type Setup } from "./test-api.ts";
import { subscriptions } from "./webhook-endpoints.ts";

assert.ok(subscriptions.how === "api");
const { topics, list, ensure, remove } = subscriptions;
const HERE = "https://here.example/hooks/money";

async function made({ api }: Setup, url: string, events: readonly string[]): Promise<StripeObject> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const body = encodeForm({ url, enabled_events: events });
  const { json } = await api.request({ method: "POST", path: "/webhook_endpoints", headers, body });
  return json as StripeObject;
}

test("endpoints are listed with their events, and never with their secrets", async () => {
  await using here = await setup();
  for (let index = 0; index < 101; index += 1) await made(here, `https://other.example/${index}`, ["*"]);
  await made(here, HERE, ["customer.created"]);
  const listed = await list(here.api);
  assert.equal(listed.length, 102);
  const [ours] = listed.filter(({ url }) => url === HERE);
  assert.deepEqual({ ...ours, id: "" }, { id: "", url: HERE, topics: ["customer.created"], active: true });
  const { json } = await here.api.request({ method: "GET", path: "/webhook_endpoints" });
  assert.doesNotMatch(JSON.stringify(json), /whsec|is_connect/);
});

test("an endpoint that was switched off or lacks events is mended in place, once", async () => {
  await using here = await setup();
  const { id } = await made(here, HERE, ["customer.created"]);
  const other = await made(here, "https://other.example/", ["charge.failed"]);
  await ask(here.api, { method: "POST", route: "/webhook_endpoints/{id}", id, form: { disabled: true } });
  const wanted = topics(["customers"]);
  assert.ok(wanted.includes("customer.deleted"));
  assert.deepEqual(await ensure(here.api, HERE, wanted), { mended: wanted });
  assert.deepEqual(await ensure(here.api, HERE, wanted), { mended: [] });
  assert.deepEqual(await ensure(here.api, HERE, [...wanted, "invoice.paid"]), { mended: ["invoice.paid"] });
  const listed = new Map((await list(here.api)).map((one) => [one.id, one]));
  assert.equal(listed.get(id)?.active, true);
  assert.deepEqual(listed.get(other.id)?.topics, ["charge.failed"]);
});

test("an endpoint that is not there is a person's to make, since its secret is shown only once", async () => {
  await using here = await setup();
  const { mended, todo } = await ensure(here.api, HERE, topics(["customers"]));
  assert.deepEqual(mended, []);
  assert.match(todo ?? "", /webhookSecret/);
  assert.deepEqual(await list(here.api), []);
});

test("an endpoint is removed", async () => {
  await using here = await setup();
  const { id } = await made(here, HERE, ["*"]);
  await remove(here.api, id);
  assert.deepEqual(await list(here.api), []);
});
