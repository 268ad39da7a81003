// jsforce, the client that most of Salesforce's JavaScript world uses, drives our simulator over real HTTP: what it
// understands is what Salesforce says. Run with `node --test verifiers/salesforce.verify.ts`.
import assert from "node:assert/strict";
import { createSign, generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { createSalesforceSimulator, type SalesforceSimulator } from "../connectors/salesforce/simulator.ts";
import { serve, type Served } from "../src/rehearse/serve.ts";
import { SeededRandom } from "../src/world/virtual.ts";
import { realClock } from "../src/world/real.ts";
import type * as Jsforce from "jsforce";

const require = createRequire(import.meta.url);
const jsforce = require("jsforce") as typeof Jsforce;

const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

const JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const USERNAME = "ida@acme.example";

let simulator: SalesforceSimulator;
let served: Served;
let conn: Jsforce.Connection;

before(async () => {
  simulator = createSalesforceSimulator({
    clock: realClock,
    random: new SeededRandom(1),
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "5Aep-first",
    username: USERNAME,
    publicKey,
    objects: [
      {
        name: "Invoice__c",
        keyPrefix: "a00",
        fields: [
          { name: "Name", type: "string", length: 80 },
          { name: "Number__c", type: "string", length: 40, externalId: true, unique: true },
          { name: "Shared__c", type: "string", length: 40, externalId: true },
          { name: "Amount__c", type: "currency", scale: 2 },
          { name: "Status__c", type: "picklist", values: ["Open", "Paid"] },
          { name: "Account__c", type: "reference", referenceTo: ["Account"], relationshipName: "Account__r" },
        ],
      },
    ],
    fields: { Account: [{ name: "Erp_Id__c", type: "string", length: 40, externalId: true, unique: true }] },
    validationRules: { Invoice__c: (row) => (Number(row["Amount__c"]) < 0 ? "Not below zero" : undefined) },
    duplicateRules: { Lead: "Email" },
    settings: { bulkJobMs: 50, queryBatchMax: 200 },
  });
  served = await serve((request) => simulator.fetch(request));
  conn = connection();
});

after(() => served.close());

function connection(accessToken = simulator.accessToken(), more: object = {}): Jsforce.Connection {
  return new jsforce.Connection({ instanceUrl: served.url, accessToken, version: "67.0", ...more });
}

function oauth2(): Jsforce.OAuth2 {
  const redirectUri = "http://127.0.0.1/callback";
  return new jsforce.OAuth2({ loginUrl: served.url, clientId: "client", clientSecret: "secret", redirectUri });
}

interface TypedError extends Error {
  readonly errorCode?: string;
  readonly data?: unknown;
}

async function refusal(call: PromiseLike<unknown>): Promise<TypedError> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof Error);
    return error;
  }
  return assert.fail("expected a refusal and the call was done");
}

function idOf(result: unknown): string {
  const { success, id } = result as { readonly success: boolean; readonly id?: string };
  assert.equal(success, true);
  return id ?? "";
}

let serial = 0;
async function account(more: object = {}): Promise<string> {
  serial += 1;
  return idOf(await conn.sobject("Account").create({ Name: `Account ${serial}`, ...more }));
}

test("jsforce exchanges a code, refreshes its session by itself when it ended, and revokes", async () => {
  const client = oauth2();
  const page = await fetch(client.getAuthorizationUrl({ scope: "api refresh_token" }), { redirect: "manual" });
  const code = new URL(page.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const signedIn = new jsforce.Connection({ oauth2: client, version: "67.0" });
  await signedIn.authorize(code);
  assert.equal(signedIn.instanceUrl, served.url);
  const identity = await signedIn.identity();
  assert.deepEqual([identity.organization_id, identity.username], [simulator.organizationId, USERNAME]);
  const first = signedIn.accessToken;
  simulator.tokens.expireSessions();
  assert.equal((await signedIn.query("SELECT Id FROM Organization")).totalSize, 1);
  assert.notEqual(signedIn.accessToken, first);
  await client.revokeToken(signedIn.refreshToken ?? "");
  assert.match((await refusal(signedIn.query("SELECT Id FROM Organization"))).message, /expired access\/refresh token/);
  conn = connection();
});

test("a client that proves itself by PKCE needs no secret", async () => {
  const options = {
    loginUrl: served.url,
    clientId: "client",
    redirectUri: "http://127.0.0.1/callback",
    useVerifier: true,
  };
  const client = new jsforce.OAuth2(options);
  const page = await fetch(client.getAuthorizationUrl({}), { redirect: "manual" });
  const code = new URL(page.headers.get("location") ?? "").searchParams.get("code") ?? "";
  assert.match((await client.requestToken(code)).access_token, /^00D/);
});

test("jsforce signs in by a JWT, and a wrong one is told", async () => {
  const signedIn = new jsforce.Connection({ loginUrl: served.url, version: "67.0" });
  await signedIn.authorize({ grant_type: JWT_GRANT, assertion: assertion({}) });
  assert.equal((await signedIn.query("SELECT Id FROM Organization")).totalSize, 1);
  for (const [claims, name] of [
    [{ sub: "somebody@else.example" }, "invalid_grant"],
    [{ aud: "https://elsewhere.example" }, "invalid_grant"],
    [{ exp: 1 }, "invalid_grant"],
    [{ iss: "another" }, "invalid_client_id"],
  ] as const) {
    const wrong = new jsforce.Connection({ loginUrl: served.url });
    const error = await refusal(wrong.authorize({ grant_type: JWT_GRANT, assertion: assertion(claims) }));
    assert.equal(error.name, name);
  }
});

test("the token endpoint refuses scopes, wrong clients and tokens that are nobody's", async () => {
  const client = oauth2();
  const scoped = client.requestToken({ grant_type: "refresh_token", refresh_token: "5Aep-first", scope: "api" });
  assert.match((await refusal(scoped)).message, /scope parameter not supported/);
  assert.equal((await refusal(client.refreshToken("nobody's"))).message, "expired access/refresh token");
  const other = new jsforce.OAuth2({ loginUrl: served.url, clientId: "other", clientSecret: "secret" });
  assert.equal((await refusal(other.refreshToken("5Aep-first"))).name, "invalid_client_id");
  const machine = await client.requestToken({ grant_type: "client_credentials" });
  assert.equal(machine.refresh_token, undefined);
});

test("a record is made, read, changed, found and deleted", async () => {
  const id = await account({ Name: "O'Neil \\ Sons", AnnualRevenue: 12_345_678, NumberOfEmployees: 3 });
  const read = await conn.sobject("Account").retrieve(id);
  assert.deepEqual([read["Name"], read["AnnualRevenue"], read["NumberOfEmployees"]], ["O'Neil \\ Sons", 12_345_678, 3]);
  assert.match(String(read["CreatedDate"]), /\.000\+0000$/);
  assert.equal(idOf(await conn.sobject("Account").update({ Id: id, Phone: "1", Site: null })), id);
  assert.equal((await conn.sobject("Account").retrieve(id))["Phone"], "1");
  const found = await conn.search("FIND {Neil} IN ALL FIELDS RETURNING Account(Id, Name)");
  assert.deepEqual(
    found.searchRecords.map((record) => record["Id"]),
    [id],
  );
  idOf(await conn.sobject("Account").destroy(id));
  assert.equal((await refusal(conn.sobject("Account").retrieve(id))).name, "ENTITY_IS_DELETED");
  assert.equal((await refusal(conn.sobject("Account").retrieve("001000000000000AAA"))).name, "NOT_FOUND");
});

test("every kind of record that the connector knows is made and read", async () => {
  const AccountId = await account();
  for (const [object, fields] of [
    ["Contact", { LastName: "Lee", AccountId, Birthdate: "1980-02-29" }],
    ["Lead", { LastName: "Lee", Company: "Acme" }],
    ["Opportunity", { Name: "Deal", StageName: "Closed Won", CloseDate: "2026-12-31", Amount: 99.9, AccountId }],
    ["Case", { Subject: "Help", AccountId }],
    ["Invoice__c", { Number__c: "N-every", Amount__c: 1.5, Status__c: "Open" }],
  ] as const) {
    const id = idOf(await conn.sobject(object).create(fields));
    const read = await conn.sobject(object).retrieve(id);
    for (const [name, value] of Object.entries(fields)) assert.equal(read[name], value, `${object}.${name}`);
  }
});

test("upserts by an external id make one record, then change it; several matches are told", async () => {
  const invoices = conn.sobject("Invoice__c");
  const first = await invoices.upsert({ Number__c: "N 1/é", Amount__c: 1 }, "Number__c");
  const second = await invoices.upsert({ Number__c: "n 1/É", Amount__c: 2 }, "Number__c");
  assert.deepEqual([idOf(first), "created" in first && first.created], [idOf(second), true]);
  for (const Number__c of ["S1", "S2"]) await invoices.create({ Number__c, Shared__c: "shared" });
  const error = await refusal(invoices.upsert({ Shared__c: "shared", Amount__c: 3 }, "Shared__c"));
  assert.equal(error.name, "MULTIPLE_CHOICES");
  assert.equal((error.data as unknown[]).length, 2);
  assert.equal((await refusal(invoices.upsert({ Name: "x" }, "Name"))).name, "NOT_FOUND");
});

test("refusals are typed by their codes", async () => {
  const invoices = conn.sobject("Invoice__c");
  await invoices.create({ Number__c: "taken" });
  for (const [code, call] of [
    ["DUPLICATE_VALUE", () => invoices.create({ Number__c: "TAKEN" })],
    ["FIELD_CUSTOM_VALIDATION_EXCEPTION", () => invoices.create({ Amount__c: -1 })],
    ["INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", () => invoices.create({ Status__c: "Lost" })],
    ["STRING_TOO_LONG", () => invoices.create({ Number__c: "x".repeat(41) })],
    ["INVALID_CROSS_REFERENCE_KEY", () => invoices.create({ Account__c: "001000000000000AAA" })],
    ["MALFORMED_ID", () => invoices.create({ Account__c: "nonsense" })],
    ["INVALID_FIELD", () => invoices.create({ Nonsense__c: 1 })],
    ["INVALID_FIELD_FOR_INSERT_UPDATE", () => invoices.create({ SystemModstamp: "2026-01-01T00:00:00Z" })],
    ["REQUIRED_FIELD_MISSING", () => conn.sobject("Account").create({ Phone: "1" })],
    ["INVALID_EMAIL_ADDRESS", () => conn.sobject("Contact").create({ LastName: "Lee", Email: "nonsense" })],
    ["NOT_FOUND", () => conn.request("/services/data/v67.0/nonsense")],
    ["INVALID_TYPE", () => conn.query("SELECT Id FROM Nonsense__c")],
    ["MALFORMED_QUERY", () => conn.query("SELECT Id FROM Account WHERE")],
    ["INVALID_QUERY_LOCATOR", () => conn.queryMore("/services/data/v67.0/query/01gnonsense-2000")],
    ["GONE", () => connection(undefined, { version: "30.0" }).query("SELECT Id FROM Account")],
    ["INVALID_SESSION_ID", () => connection("nonsense").query("SELECT Id FROM Account")],
  ] as const) {
    const error = await refusal(call());
    assert.equal(error.errorCode, code, error.message);
  }
});

test("a duplicate rule tells whom it means", async () => {
  const lead = { LastName: "Lee", Company: "Acme", Email: "lee@acme.example" };
  const id = idOf(await conn.sobject("Lead").create(lead));
  const error = await refusal(conn.sobject("Lead").create(lead));
  assert.equal(error.errorCode, "DUPLICATES_DETECTED");
  assert.ok(JSON.stringify(error.data).includes(id));
  const headers = { "Sforce-Duplicate-Rule-Header": "allowSave=true" };
  idOf(await conn.sobject("Lead").create(lead, { headers }));
});

test("collections succeed and fail one by one", async () => {
  const made = await conn.sobject("Invoice__c").create([{ Number__c: "C1" }, { Number__c: "c1" }, { Number__c: "C2" }]);
  assert.deepEqual(
    made.map(({ success }) => success),
    [true, false, true],
  );
  const [, failed] = made;
  // On the wire it is statusCode here, whatever jsforce's own types say.
  const errors: readonly unknown[] = failed?.success === false ? failed.errors : [];
  assert.equal((errors[0] as { readonly statusCode?: string }).statusCode, "DUPLICATE_VALUE");
  const ids = made.flatMap(({ id }) => id ?? []);
  const read = await conn.sobject("Invoice__c").retrieve(ids);
  assert.deepEqual(
    read.map((record) => record["Number__c"]),
    ["C1", "C2"],
  );
  const upserted = await conn
    .sobject("Invoice__c")
    .upsert([{ Number__c: "C1", Name: "one" }, { Number__c: "C3" }], "Number__c");
  assert.deepEqual(
    upserted.map((one) => "created" in one && one.created),
    [false, true],
  );
  const changed = await conn.sobject("Invoice__c").update(ids.map((Id) => ({ Id, Status__c: "Paid" })));
  assert.ok(changed.every(({ success }) => success));
  assert.ok((await conn.sobject("Invoice__c").destroy(ids)).every(({ success }) => success));
});

test("a listing goes on from page to page, and counts what there is", async () => {
  const name = (index: number): string => `Page ${String(index).padStart(3, "0")}`;
  const lastNames = Array.from({ length: 450 }, (_, index) => name(index));
  for (let first = 0; first < lastNames.length; first += 150) {
    await conn.sobject("Contact").create(lastNames.slice(first, first + 150).map((LastName) => ({ LastName })));
  }
  const soql = "SELECT Id, LastName FROM Contact WHERE LastName LIKE 'Page%' ORDER BY LastName";
  const page = await conn.query(soql);
  assert.deepEqual([page.totalSize, page.done, page.records.length], [450, false, 200]);
  const all = await conn.query(soql, { autoFetch: true, maxFetch: 1_000 });
  assert.deepEqual(
    all.records.map((record) => record["LastName"]),
    lastNames,
  );
  assert.equal(await conn.sobject("Contact").count({ LastName: { $like: "Page%" } }), 450);
});

test("what jsforce's query builder writes is answered", async () => {
  const AccountId = await account({ Name: "Builder's", Industry: "Banking", AnnualRevenue: 5 });
  const other = await account({ Name: "Builder 2", Industry: "Energy" });
  const contacts = await conn.sobject("Contact").create([
    { LastName: "B1", AccountId, HasOptedOutOfEmail: true },
    { LastName: "B2", AccountId },
  ]);
  const accounts = conn.sobject("Account");
  const { SfDate } = jsforce;
  const names = async (conditions: object): Promise<unknown> =>
    (await accounts.find({ $and: [{ Name: { $like: "Builder%" } }, conditions] }, ["Id", "Name"]).sort("Name")).map(
      (record) => record["Name"],
    );
  assert.deepEqual(await names({ Name: "Builder's" }), ["Builder's"]);
  assert.deepEqual(await names({ Industry: { $in: ["Banking", "Energy"] } }), ["Builder 2", "Builder's"]);
  assert.deepEqual(await names({ Industry: { $nin: ["Banking"] } }), ["Builder 2"]);
  assert.deepEqual(await names({ Industry: { $ne: "Banking" } }), ["Builder 2"]);
  assert.deepEqual(await names({ AnnualRevenue: { $gte: 5 } }), ["Builder's"]);
  assert.deepEqual(await names({ AnnualRevenue: { $exists: false } }), ["Builder 2"]);
  assert.deepEqual(await names({ $or: [{ Name: "Builder 2" }, { AnnualRevenue: { $lt: 6 } }] }), [
    "Builder 2",
    "Builder's",
  ]);
  assert.deepEqual(await names({ $not: { Industry: "Energy" } }), ["Builder's"]);
  assert.deepEqual(await names({ Name: { $nlike: "%2" } }), ["Builder's"]);
  assert.deepEqual(await names({ CreatedDate: { $gte: SfDate.TODAY } }), ["Builder 2", "Builder's"]);
  assert.deepEqual(await names({ CreatedDate: SfDate.LAST_N_DAYS(3) }), ["Builder 2", "Builder's"]);
  assert.deepEqual(await names({ CreatedDate: { $lt: SfDate.toDateTimeLiteral("2020-01-01T00:00:00Z") } }), []);
  assert.deepEqual(await names({ ParentId: null }), ["Builder 2", "Builder's"]);
  const people = await conn
    .sobject("Contact")
    .find({ "Account.Name": "Builder's" }, "Id, LastName, Account.Name, Account.Owner.Name")
    .sort({ LastName: -1 })
    .limit(1)
    .skip(1);
  assert.deepEqual(
    people.map((one) => [one["LastName"], (one["Account"] as Record<string, unknown>)["Name"]]),
    [["B1", "Builder's"]],
  );
  const [parent] = await accounts
    .find({ Id: AccountId })
    .select("Id, Name")
    .include("Contacts")
    .select("Id, LastName")
    .end();
  const children = parent?.["Contacts"] as { readonly totalSize: number };
  assert.equal(children.totalSize, contacts.length);
  assert.ok(other !== AccountId);
});

test("text that would break out of a query stays text", async () => {
  const Name = "x' OR Name != '";
  const id = await account({ Name });
  const found = await conn.sobject("Account").find({ Name });
  assert.deepEqual(
    found.map((record) => record["Id"]),
    [id],
  );
});

test("what was updated and deleted is told, and queryAll shows the recycle bin", async () => {
  const [kept, gone] = [await account({ Name: "Kept" }), await account({ Name: "Gone" })];
  await conn.sobject("Account").destroy(gone);
  const start = new Date(Date.now() - 10 * 60_000);
  const end = new Date(Date.now() + 2 * 60_000);
  const updated = await conn.sobject("Account").updated(start, end);
  assert.ok(updated.ids.includes(kept) && !updated.ids.includes(gone));
  const deleted = await conn.sobject("Account").deleted(start, end);
  assert.ok(deleted.deletedRecords.some(({ id }) => id === gone));
  assert.ok(Date.parse(deleted.latestDateCovered) > 0);
  const seen = await conn.query(`SELECT Id FROM Account WHERE Id = '${gone}' AND IsDeleted = true`, { scanAll: true });
  assert.equal(seen.totalSize, 1);
  assert.equal((await conn.query(`SELECT Id FROM Account WHERE Id = '${gone}'`)).totalSize, 0);
  const old = new Date(Date.now() - 31 * 86_400_000);
  assert.equal((await refusal(conn.sobject("Account").updated(old, end))).name, "INVALID_REPLICATION_DATE");
});

test("objects, their fields and the limits are described", async () => {
  const all = await conn.describeGlobal();
  assert.ok(all.sobjects.some(({ name, custom }) => name === "Invoice__c" && custom));
  const { fields } = await conn.sobject("Invoice__c").describe();
  const number = fields.find(({ name }) => name === "Number__c");
  assert.deepEqual([number?.externalId, number?.unique, number?.type], [true, true, "string"]);
  const before = conn.limitInfo?.apiUsage;
  await conn.query("SELECT Id FROM Organization");
  assert.equal(conn.limitInfo?.apiUsage?.used, (before?.used ?? 0) + 1);
  assert.equal(conn.limitInfo?.apiUsage?.limit, 100_000);
  assert.ok((await conn.limits())["DailyApiRequests"]);
});

test("composite calls refer to one another, and tell each part's own outcome", async () => {
  const base = "/services/data/v67.0/sobjects";
  const body = {
    compositeRequest: [
      { method: "POST", url: `${base}/Account`, referenceId: "one", body: { Name: "Composite" } },
      { method: "POST", url: `${base}/Contact`, referenceId: "two", body: { LastName: "C", AccountId: "@{one.id}" } },
      { method: "POST", url: `${base}/Account`, referenceId: "bad", body: {} },
      { method: "GET", url: `${base}/Account/@{bad.id}`, referenceId: "halted" },
    ],
  };
  const { compositeResponse } = (await conn.requestPost("/services/data/v67.0/composite", body)) as {
    compositeResponse: { httpStatusCode: number }[];
  };
  assert.deepEqual(
    compositeResponse.map(({ httpStatusCode }) => httpStatusCode),
    [201, 201, 400, 400],
  );
});

test("a condition in a header stops a change of what was changed meanwhile", async () => {
  const id = await account();
  const patch = (since: string) =>
    fetch(`${served.url}/services/data/v67.0/sobjects/Account/${id}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${conn.accessToken}`, "if-unmodified-since": since },
      body: '{"Phone":"2"}',
    });
  assert.equal((await patch(new Date(Date.now() - 3_600_000).toUTCString())).status, 412);
  assert.equal((await patch(new Date(Date.now() + 1_000).toUTCString())).status, 204);
});

// jsforce 3.10 writes a second page of results to a stream that its first has ended; so here all rows are one page.
test("jsforce's Bulk API 2.0 lists, and loads row by row", async () => {
  const rows = Array.from({ length: 100 }, (_, index) => ({
    Number__c: `B-${index}`,
    Name: `say "${index}",\nso`,
    Amount__c: "1.5",
  }));
  const input = [...rows, { Number__c: "B-0", Name: "double", Amount__c: "-1" }];
  const options = { pollInterval: 20, pollTimeout: 5_000 };
  const loaded = await conn.bulk2.loadAndWaitForResults({
    object: "Invoice__c",
    operation: "insert",
    input,
    ...options,
  });
  assert.deepEqual([loaded.successfulResults.length, loaded.failedResults.length], [100, 1]);
  assert.match(String(loaded.failedResults[0]?.sf__Error), /^(?:DUPLICATE_VALUE|FIELD_CUSTOM_VALIDATION_EXCEPTION):/);
  const soql = "SELECT Id, Number__c, Name, Amount__c, SystemModstamp FROM Invoice__c WHERE Number__c LIKE 'B-%'";
  const listed = await (await conn.bulk2.query(soql, options)).toArray();
  assert.equal(listed.length, 100);
  const first = listed.find((record) => record["Number__c"] === "B-0");
  assert.deepEqual([first?.["Name"], first?.["Amount__c"]], ['say "0",\nso', "1.5"]);
  assert.match(String(first?.["SystemModstamp"]), /\.000Z$/);
  const upserted = await conn.bulk2.loadAndWaitForResults({
    object: "Invoice__c",
    operation: "upsert",
    externalIdFieldName: "Number__c",
    input: [{ Number__c: "B-0", Name: "changed" }, { Number__c: "B-new" }],
    ...options,
  });
  assert.deepEqual(
    upserted.successfulResults.map(({ sf__Created }) => sf__Created),
    ["false", "true"],
  );
  const wrong = conn.bulk2.query("SELECT Nonsense FROM Account", options);
  assert.equal((await refusal(wrong)).name, "INVALID_FIELD");
});

test("a day that is spent is refused with its code", async () => {
  const lone = createSalesforceSimulator({
    clock: realClock,
    random: new SeededRandom(2),
    clientId: "client",
    clientSecret: "secret",
    settings: { callsPerDay: 1 },
  });
  await using stack = new AsyncDisposableStack();
  const alone = await serve((request) => lone.fetch(request));
  stack.defer(() => alone.close());
  const poor = new jsforce.Connection({ instanceUrl: alone.url, accessToken: lone.accessToken(), version: "67.0" });
  await poor.query("SELECT Id FROM Organization");
  assert.equal((await refusal(poor.query("SELECT Id FROM Organization"))).name, "REQUEST_LIMIT_EXCEEDED");
});

function assertion(claims: object): string {
  const exp = Math.floor(Date.now() / 1000) + 120;
  const coded = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const all = { iss: "client", sub: USERNAME, aud: "https://login.salesforce.com", exp, ...claims };
  const text = `${coded({ alg: "RS256" })}.${coded(all)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
}
