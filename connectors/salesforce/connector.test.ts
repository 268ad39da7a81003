import assert from "node:assert/strict";
import { test } from "node:test";
import type { OAuth2 } from "../../src/define/auth.ts";
import { failure } from "../../src/testing/connector-api.ts";
import { salesforce, salesforceWith } from "./connector.ts";
import { fieldFaults } from "./describe.ts";
import type { SalesforceAccount } from "./accounts.ts";
import { connector, erpAccounts, invoices, setup, stampedContacts } from "./test-api.ts";

const SETTINGS = { instanceUrl: "https://acme.my.salesforce.com/", clientId: "client", refreshToken: "token" };

function oauth(more: object = {}): OAuth2 {
  const auth = salesforce.auth as (settings: object) => OAuth2;
  return auth({ ...SETTINGS, ...more });
}

test("the API is below the org's own address, or a simulator's", () => {
  assert.equal(salesforce.baseUrl(SETTINGS), "https://acme.my.salesforce.com/services/data/v67.0");
  const baseUrl = "http://127.0.0.1:1/";
  assert.equal(salesforce.baseUrl({ ...SETTINGS, baseUrl }), "http://127.0.0.1:1/services/data/v67.0");
});

test("settings are checked by name, and each way of signing in by what it needs", async () => {
  const issues = async (settings: object): Promise<readonly unknown[]> =>
    (await salesforce.settings["~standard"].validate({ ...SETTINGS, ...settings })).issues ?? [];
  assert.equal((await issues({})).length, 0);
  assert.equal((await issues({ signIn: "jwt-bearer", username: "a", privateKey: "b" })).length, 0);
  for (const wrong of [
    { enviroment: "sandbox" },
    { instanceUrl: "acme" },
    { organizationId: "acme" },
    { signIn: "jwt-bearer", username: "a" },
    { signIn: "jwt-bearer", privateKey: "b" },
    { privateKey: "b" },
    { signIn: "client-credentials" },
    { withoutFields: ["Fax"] },
    { webhookSecret: "short" },
  ]) {
    assert.ok((await issues(wrong)).length > 0, JSON.stringify(wrong));
  }
});

test("people sign in at the usual host, JWTs name it, and client credentials go to the org itself", () => {
  const person = oauth({ clientSecret: "s" });
  assert.equal(person.grant, "authorization-code");
  assert.equal(person.tokenUrl(SETTINGS), "https://login.salesforce.com/services/oauth2/token");
  assert.equal(
    person.authorize?.url({ environment: "sandbox" }),
    "https://test.salesforce.com/services/oauth2/authorize",
  );
  assert.deepEqual([person.clientAuth, oauth().clientAuth], ["body", "none"]);
  const jwt = oauth({ privateKey: "key", username: "ida@acme.example" });
  assert.equal(jwt.grant, "jwt-bearer");
  const claims = jwt.assertion?.claims({ ...SETTINGS, username: "ida@acme.example", environment: "sandbox" });
  assert.deepEqual(claims, { iss: "client", sub: "ida@acme.example", aud: "https://test.salesforce.com" });
  const machine = oauth({ signIn: "client-credentials", clientSecret: "s" });
  const given = { ...SETTINGS, signIn: "client-credentials" };
  assert.equal(machine.tokenUrl(given), "https://acme.my.salesforce.com/services/oauth2/token");
  // The token endpoint refuses a request that carries scopes.
  assert.ok([jwt, machine].every(({ scopes }) => scopes === undefined));
  assert.deepEqual(person.scopes, ["api", "refresh_token"]);
});

test("the answer to a sign-in tells the org's address and id", () => {
  const token = {
    instance_url: "https://acme.my.salesforce.com",
    id: "https://login.salesforce.com/id/00D5e000000SimuEAC/005",
  };
  assert.deepEqual(oauth().authorize?.tells?.({ callback: {}, token }), {
    instanceUrl: "https://acme.my.salesforce.com",
    organizationId: "00D5e000000SimuEAC",
  });
});

test("the org tells who it is", async () => {
  await using world = await setup();
  assert.deepEqual(await connector.about!(world.api), {
    id: world.simulator.organizationId,
    name: "Acme",
    plan: "Enterprise Edition",
    sandbox: true,
  });
  assert.equal(
    connector.account!({ ...SETTINGS, organizationId: world.simulator.organizationId.slice(0, 15) }),
    world.simulator.organizationId,
  );
});

test("a session that ended asks for signing in again, and so does one whose app was revoked", async () => {
  await using world = await setup({ simulator: { settings: { sessionMs: 60_000 } } });
  await connector.about!(world.api);
  await world.clock.advance(50_000);
  await connector.about!(world.api);
  await world.clock.advance(61_000);
  const expired = await failure(connector.about!(world.api));
  assert.deepEqual([expired.kind, expired.code], ["reauthorize", "INVALID_SESSION_ID"]);
});

test("the day's calls are counted as Salesforce counts them, less what is left to others", () => {
  const answer = {
    status: 200,
    headers: { "sforce-limit-info": "api-usage=18000/100000; per-app-api-usage=1/2(appName=x)" },
    text: "",
    json: undefined,
  };
  const [reading] = connector.readLimits!(answer);
  assert.deepEqual([reading?.available, reading?.size], [72_000, 90_000]);
  assert.deepEqual(connector.readLimits!({ ...answer, headers: {} }), []);
  assert.deepEqual(connector.readLimits!({ ...answer, headers: { "sforce-limit-info": "per-app-api-usage=1/2" } }), []);
});

test("a day that is spent is throttled, and not before a share is left to others do we stop", async () => {
  await using world = await setup({
    simulator: { settings: { callsPerDay: 100 } },
    settings: { callsPerDay: 100 },
  });
  await connector.about!(world.api);
  world.simulator.spendCalls(89);
  await connector.about!(world.api);
  const held = failure(connector.about!(world.api));
  await world.clock.advance(11_000);
  const { kind, held: isHeld } = await held;
  assert.deepEqual([kind, isHeld], ["throttled", true]);
  assert.equal(world.simulator.truth.limits.refused, 0);
});

test("calls beyond the day are refused by Salesforce, and told as throttled", async () => {
  await using world = await setup({ simulator: { settings: { callsPerDay: 3 } }, withinLimits: false });
  for (let call = 0; call < 3; call += 1) await connector.about!(world.api);
  const outcome = await failure(connector.about!(world.api));
  assert.deepEqual([outcome.kind, outcome.code], ["throttled", "REQUEST_LIMIT_EXCEEDED"]);
  assert.ok((outcome.retryAfterMs ?? 0) >= 600_000);
});

test("maintenance is unavailable to a read, and unknown to a write", async () => {
  await using world = await setup();
  world.simulator.sabotage({ how: "maintenance", times: 2 });
  assert.equal((await failure(connector.about!(world.api))).kind, "unavailable");
  const order = { idempotencyKey: "k1", fields: { Number__c: "1" } };
  assert.equal((await failure(invoices.write!.create(world.api, order))).kind, "unknown");
  await invoices.write!.create(world.api, order);
  assert.equal(world.simulator.truth.records("Invoice__c").size, 1);
});

test("what stands in the way of a resource is told field by field", async () => {
  await using world = await setup();
  for (const resource of [erpAccounts, stampedContacts, invoices]) {
    assert.deepEqual(await fieldFaults(world.api, resource), [], resource.name);
  }
  world.simulator.person.hide("Account.Fax", true);
  assert.deepEqual(await fieldFaults(world.api, erpAccounts), [{ field: "Account.Fax", fault: "not-there" }]);
});

test("an external id that is not unique is told", async () => {
  const fields = { Account: [{ name: "Erp_Id__c", type: "string", length: 40, externalId: true }] } as const;
  await using world = await setup({ simulator: { fields } });
  assert.deepEqual(await fieldFaults(world.api, erpAccounts), [{ field: "Account.Erp_Id__c", fault: "not-unique" }]);
});

test("a connection has each resource as a property, ours and one's own", () => {
  const crm = connector.connect("crm", SETTINGS);
  assert.equal(crm.invoices.id, "crm/invoices");
  assert.equal(crm.leads.id, "crm/leads");
  assert.deepEqual(Object.keys(salesforce.resources), ["accounts", "contacts", "leads", "opportunities", "cases"]);
  assert.equal(crm.accounts.resource.schema, erpAccounts.schema);
});

test("resources that stand under another name, and shares that are none, stop the start", () => {
  assert.throws(() => salesforceWith({ resources: { bills: invoices } }), /"invoices" stands under "bills"/);
  for (const dailyCallsShare of [0, 1.1, Number.NaN]) {
    assert.throws(() => salesforceWith({ resources: {}, dailyCallsShare }), /dailyCallsShare/);
  }
});

test("records and fields have the types that their schemas give them", () => {
  const revenue: SalesforceAccount["AnnualRevenue"] = "1.00";
  // @ts-expect-error money is text
  const wrong: SalesforceAccount["AnnualRevenue"] = 1;
  assert.notEqual(revenue, wrong);
});
