import assert from "node:assert/strict";
import { test } from "node:test";
import type { OAuth2 } from "../../src/define/auth.ts";
import { about, connectedOrganisations } from "./about.ts";
import { sendBatch } from "./batch.ts";
import { xero } from "./connector.ts";
import type { XeroSettings } from "./settings.ts";
import { failure, setup, TENANT } from "./test-api.ts";

const SETTINGS: XeroSettings = { tenantId: TENANT, clientId: "a", clientSecret: "b" };

test("settings are checked by name", async () => {
  const issues = async (settings: object): Promise<number> =>
    ((await xero.settings["~standard"].validate(settings)).issues ?? []).length;
  assert.equal(await issues(SETTINGS), 0);
  assert.equal(await issues({ clientId: "a", clientSecret: "b", customConnection: true }), 0);
  for (const wrong of [
    { tenantId: "Amy Ltd" },
    { tennantId: TENANT },
    { baseUrl: "nowhere" },
    { tier: "gold" },
    { scopes: [] },
  ]) {
    assert.ok((await issues({ ...SETTINGS, ...wrong })) > 0, JSON.stringify(wrong));
  }
});

test("a person agrees for most; a custom connection needs none, and asks for no refresh token", () => {
  const auth = (settings: XeroSettings): OAuth2 => (xero.auth as (settings: XeroSettings) => OAuth2)(settings);
  const scopesOf = (settings: XeroSettings): readonly string[] => {
    const { scopes } = auth(settings);
    return typeof scopes === "function" ? scopes(settings) : [];
  };
  assert.equal(auth(SETTINGS).grant, "authorization-code");
  assert.ok(scopesOf(SETTINGS).includes("offline_access"));
  assert.equal(auth(SETTINGS).graceMs, 1_800_000);
  const custom = { ...SETTINGS, customConnection: true };
  assert.equal(auth(custom).grant, "client-credentials");
  assert.ok(!scopesOf(custom).includes("offline_access"));
  const broad = { ...SETTINGS, scopes: ["offline_access", "accounting.transactions"] };
  assert.deepEqual(scopesOf(broad), broad.scopes);
});

test("who is signed in is told with plan, sandbox and what may be done", async () => {
  await using world = await setup({ settings: { organisationName: "Knots Limited", isDemoCompany: true } });
  const { scopes = [], ...account } = await about(world.api);
  assert.deepEqual(account, { id: TENANT, name: "Knots Limited", plan: "DEMO", sandbox: true });
  assert.ok(scopes.includes("CreateApprovedInvoice") && !scopes.includes("ApproveTransactionsBeforePeriodLockDate"));
});

test("before an organisation is chosen the only one is told; one that is not connected is told to be", async () => {
  await using world = await setup();
  const nobody = world.apiWith({ settings: { tenantId: undefined } });
  assert.deepEqual(await about(nobody), { id: TENANT, name: "Simulated Limited" });
  assert.deepEqual(await connectedOrganisations(nobody), [{ tenantId: TENANT, name: "Simulated Limited" }]);
  const other = world.apiWith({ settings: { tenantId: "00000000-0000-4000-8000-000000000000" } });
  const outcome = await failure(about(other));
  assert.equal(outcome.kind, "reauthorize");
  assert.match(outcome.reason ?? "", /Simulated Limited/);
  world.simulator.tokens.disconnect();
  assert.equal((await failure(about(nobody))).kind, "denied");
});

test("in a batch each record is taken or refused by itself, and a repetition does nothing twice", async () => {
  await using world = await setup();
  const records = [{ Name: "Amy" }, { Name: "amy" }, { Name: "Bob", EmailAddress: "nowhere" }, { Name: "Cid" }];
  const batch = { resource: "Contacts", operation: "create", records, idempotencyKey: "b1" } as const;
  const answers = await sendBatch(world.api, batch);
  assert.deepEqual(
    answers.map(({ outcome }) => outcome.kind),
    ["done", "conflict", "invalid", "done"],
  );
  assert.equal(answers[3]?.record?.["Name"], "Cid");
  assert.deepEqual(await sendBatch(world.api, batch), answers);
  assert.equal(world.simulator.truth.contacts.size, 2);
  const many = { ...batch, records: Array.from({ length: 51 }, () => ({})) };
  await assert.rejects(sendBatch(world.api, many), RangeError);
});

test("a connection has each resource as a property", () => {
  const books = xero.connect("books", SETTINGS);
  assert.equal(books.invoices.id, "books/invoices");
  assert.deepEqual(Object.keys(xero.resources), ["contacts", "invoices", "payments", "items", "creditNotes"]);
  assert.equal(xero.account?.(SETTINGS), TENANT);
});
