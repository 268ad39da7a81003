// Intuit's own OAuth client and the community's QuickBooks client drive our simulator over real HTTP: what they understand
// is what QuickBooks says. Run with `node --test verifiers/quickbooks.verify.ts`.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { createQuickBooksSimulator, type QuickBooksSimulator } from "../connectors/quickbooks/simulator.ts";
import type { OutgoingWebhook } from "../src/rehearse/webhook-sender.ts";
import { serve, type Served } from "../src/rehearse/serve.ts";
import { SeededRandom, VirtualClock } from "../src/world/virtual.ts";

/** What these clients have, as far as we call it; they bring no types of their own. */
interface OAuthClient {
  refreshUsingToken(refreshToken: string): Promise<{ json: Record<string, unknown> }>;
  createToken(uri: string): Promise<{ json: Record<string, unknown> }>;
  revoke(options: { refresh_token: string }): Promise<{ response: { status: number } }>;
  getToken(): { refresh_token: string; isAccessTokenValid(): boolean };
  makeApiCall(options: { url: string }): Promise<{ json: Record<string, Entity> }>;
}
interface OAuthClientClass {
  new (options: { clientId: string; clientSecret: string; environment: string; redirectUri: string }): OAuthClient;
  tokenEndpoint: string;
  revokeEndpoint: string;
}
type Entity = Record<string, unknown>;
type Callback = (error: unknown, answer: Entity) => void;
type QuickBooksClient = Record<string, (...given: unknown[]) => unknown> & { token: string; refreshToken: string };
interface QuickBooksClass {
  new (...given: unknown[]): QuickBooksClient;
  V3_ENDPOINT_BASE_URL: string;
  TOKEN_URL: string;
  REVOKE_URL: string;
}

// node-quickbooks asks Intuit for its endpoints only when it is told a version by name; we never do.
const require = createRequire(import.meta.url);
const OAuth = require("intuit-oauth") as OAuthClientClass;
const QuickBooks = require("node-quickbooks") as QuickBooksClass;

const REALM = "9130347957983456";
const INVALID = "Incorrect or invalid refresh token";
const SETTINGS = { callsPerMinute: 0, callsPerSecond: 0, callsAtOnce: 0, batchesPerMinute: 0 };

const clock = new VirtualClock();
const hooks: OutgoingWebhook[] = [];
let simulator: QuickBooksSimulator;
let served: Served;
let books: QuickBooksClient;

before(async () => {
  simulator = createQuickBooksSimulator({
    clock,
    random: new SeededRandom(1),
    realmId: REALM,
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "RT1-first",
    webhookVerifierToken: "verifier",
    webhookUrl: "http://receiver.test/quickbooks",
    send: (webhook) => Promise.resolve(hooks.push(webhook) > 0 ? 200 : 0),
    settings: SETTINGS,
  });
  served = await serve((request) => simulator.fetch(request));
  OAuth.tokenEndpoint = `${served.url}/oauth2/v1/tokens/bearer`;
  OAuth.revokeEndpoint = `${served.url}/v2/oauth2/tokens/revoke`;
  QuickBooks.TOKEN_URL = OAuth.tokenEndpoint;
  QuickBooks.REVOKE_URL = OAuth.revokeEndpoint;
  QuickBooks.V3_ENDPOINT_BASE_URL = `${served.url}/v3/company/`;
  books = client();
});

after(() => served.close());

function client(): QuickBooksClient {
  return new QuickBooks("client", "secret", simulator.accessToken(), false, REALM, true, false, 75, "2.0", "RT1-first");
}

function oauth(): OAuthClient {
  return new OAuth({
    clientId: "client",
    clientSecret: "secret",
    environment: "sandbox",
    redirectUri: "http://127.0.0.1/callback",
  });
}

function call(method: string, ...given: unknown[]): Promise<Entity> {
  return new Promise((resolve, reject) => {
    const done: Callback = (error, answer) => {
      if (error === null || error === undefined) resolve(answer);
      else reject(error as Error);
    };
    const function_ = books[method];
    if (function_ === undefined) throw new Error(`node-quickbooks has no ${method}`);
    function_.call(books, ...given, done);
  });
}

async function find(method: string, criteria: unknown): Promise<{ QueryResponse: Record<string, unknown> }> {
  return (await call(method, criteria)) as { QueryResponse: Record<string, unknown> };
}

/** The first error of the fault that axios or the client hands on. */
async function faultOf(calling: Promise<unknown>): Promise<{ code: string; Message: string; Detail: string }> {
  const error = (await calling.then(
    () => assert.fail("expected a fault and the call was done"),
    (failed: unknown) => failed,
  )) as { response?: { data?: unknown }; Fault?: unknown };
  const data = (error.response?.data ?? error) as {
    Fault: { Error: [{ code: string; Message: string; Detail: string }] };
  };
  return data.Fault.Error[0];
}

let names = 0;
function customer(more: Entity = {}): Promise<Entity> {
  names += 1;
  return call("createCustomer", { DisplayName: `Customer ${names}`, ...more });
}
function item(more: Entity = {}): Promise<Entity> {
  names += 1;
  return call("createItem", { Name: `Item ${names}`, Type: "Service", IncomeAccountRef: { value: "79" }, ...more });
}
async function invoice(more: Entity = {}): Promise<Entity> {
  const [buyer, thing] = [await customer(), await item()];
  return call("createInvoice", { ...invoiceOf(buyer, thing), ...more });
}
function invoiceOf(buyer: Entity, thing: Entity): Entity {
  const detail = { ItemRef: { value: thing["Id"] }, UnitPrice: 19.9, Qty: 3 };
  const line = { Amount: 59.7, DetailType: "SalesItemLineDetail", SalesItemLineDetail: detail };
  return { CustomerRef: { value: buyer["Id"] }, Line: [line] };
}

test("intuit-oauth refreshes, is given a new refresh token, and calls the API with what it got", async () => {
  const signedIn = oauth();
  const { json } = await signedIn.refreshUsingToken("RT1-first");
  assert.equal(json["token_type"], "bearer");
  assert.equal(json["expires_in"], 3600);
  assert.notEqual(json["refresh_token"], "RT1-first");
  assert.ok(signedIn.getToken().isAccessTokenValid());
  const answer = await signedIn.makeApiCall({ url: `${served.url}/v3/company/${REALM}/companyinfo/${REALM}` });
  assert.equal(answer.json["CompanyInfo"]?.["CompanyName"], "Simulated Company");
  const again = await oauth().refreshUsingToken(String(json["refresh_token"]));
  assert.notEqual(again.json["access_token"], json["access_token"]);
});

test("intuit-oauth is told of a refresh token that is wrong, and of one that was superseded", async () => {
  for (const token of ["RT1-wrong", "RT1-first"]) {
    const refused = (await oauth()
      .refreshUsingToken(token)
      .catch((error: unknown) => error)) as Record<string, unknown>;
    assert.deepEqual([refused["error"], refused["error_description"]], ["invalid_grant", INVALID]);
  }
  assert.equal(simulator.truth.refreshTokensPresentedTwice, 1);
});

test("intuit-oauth makes a token from the redirect somebody's browser comes back with", async () => {
  const redirect = "http://127.0.0.1/callback";
  const page = await fetch(`${served.url}/connect/oauth2?redirect_uri=${redirect}&state=s1`, { redirect: "manual" });
  const { json } = await oauth().createToken(page.headers.get("location") ?? "");
  assert.ok(json["access_token"]);
  const other = oauth();
  await other.refreshUsingToken(String(json["refresh_token"]));
});

test("a client that revokes is signed out", async () => {
  const lone = createQuickBooksSimulator({
    clock,
    random: new SeededRandom(2),
    realmId: REALM,
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "RT1-lone",
    webhookVerifierToken: "verifier",
  });
  await using stack = new AsyncDisposableStack();
  const alone = await serve((request) => lone.fetch(request));
  stack.defer(() => alone.close());
  OAuth.tokenEndpoint = `${alone.url}/oauth2/v1/tokens/bearer`;
  OAuth.revokeEndpoint = `${alone.url}/v2/oauth2/tokens/revoke`;
  stack.defer(() => {
    OAuth.tokenEndpoint = `${served.url}/oauth2/v1/tokens/bearer`;
    OAuth.revokeEndpoint = `${served.url}/v2/oauth2/tokens/revoke`;
  });
  const { json } = await oauth().refreshUsingToken("RT1-lone");
  await oauth().revoke({ refresh_token: String(json["refresh_token"]) });
  await assert.rejects(oauth().refreshUsingToken(String(json["refresh_token"])));
});

test("node-quickbooks refreshes its token", async () => {
  const fresh = createQuickBooksSimulator({
    clock,
    random: new SeededRandom(3),
    realmId: REALM,
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "RT1-first",
    webhookVerifierToken: "verifier",
  });
  await using stack = new AsyncDisposableStack();
  const alone = await serve((request) => fresh.fetch(request));
  stack.defer(() => alone.close());
  QuickBooks.TOKEN_URL = `${alone.url}/oauth2/v1/tokens/bearer`;
  const mine = client();
  const refreshed = await new Promise<Entity>((resolve, reject) => {
    mine["refreshAccessToken"]!.call(mine, (error: unknown, answer: Entity) =>
      error ? reject(error as Error) : resolve(answer),
    );
  });
  assert.equal(mine.token, refreshed["access_token"]);
  assert.equal(mine.refreshToken, refreshed["refresh_token"]);
});

test("customers: made, read, found, changed sparsely and as a whole, switched off", async () => {
  const made = await customer({ DisplayName: "Amy's Bird Sanctuary", Notes: "late", GivenName: "Amy" });
  assert.equal(made["SyncToken"], "0");
  assert.equal((await call("getCustomer", made["Id"]))["DisplayName"], "Amy's Bird Sanctuary");
  const found = await find("findCustomers", { DisplayName: "Amy's Bird Sanctuary" });
  assert.equal((found.QueryResponse["Customer"] as Entity[]).length, 1);
  const sparse = await call("updateCustomer", { Id: made["Id"], SyncToken: "0", GivenName: "Amelia" });
  assert.deepEqual([sparse["Notes"], sparse["GivenName"], sparse["SyncToken"]], ["late", "Amelia", "1"]);
  const whole = { Id: made["Id"], SyncToken: "1", DisplayName: "Amy's Bird Sanctuary", sparse: false };
  assert.equal((await call("updateCustomer", whole))["Notes"], undefined);
  const off = await call("updateCustomer", { Id: made["Id"], SyncToken: "2", Active: false });
  assert.equal(off["DisplayName"], "Amy's Bird Sanctuary (deleted)");
  const id = { field: "Id", value: [made["Id"]], operator: "IN" };
  const hidden = await find("findCustomers", [id]);
  assert.deepEqual(hidden.QueryResponse, {});
  const shown = await find("findCustomers", [id, { field: "Active", value: [true, false], operator: "IN" }]);
  assert.equal((shown.QueryResponse["Customer"] as Entity[]).length, 1);
});

test("items: made, read, and refused without an account", async () => {
  const made = await item({ UnitPrice: 12.5 });
  assert.equal((await call("getItem", made["Id"]))["UnitPrice"], 12.5);
  assert.equal((await faultOf(call("createItem", { Name: "Nothing", Type: "Service" }))).code, "2020");
});

test("invoices: added up, numbered, given a subtotal, voided, deleted", async () => {
  const made = await invoice();
  assert.deepEqual([made["TotalAmt"], made["Balance"]], [59.7, 59.7]);
  assert.match(String(made["DocNumber"]), /^\d+$/);
  assert.equal((made["Line"] as Entity[]).at(-1)?.["DetailType"], "SubTotalLineDetail");
  const voided = (await call("voidInvoice", { Id: made["Id"], SyncToken: made["SyncToken"] }))["Invoice"] as Entity;
  assert.deepEqual([voided["TotalAmt"], voided["PrivateNote"]], [0, "Voided"]);
  const gone = (await call("deleteInvoice", made["Id"]))["Invoice"] as Entity;
  assert.equal(gone["status"], "Deleted");
  assert.equal((await faultOf(call("getInvoice", made["Id"]))).code, "610");
});

test("payments: lower an invoice's balance, and give it back when they are voided or deleted", async () => {
  const owed = await invoice();
  const paying = {
    CustomerRef: owed["CustomerRef"],
    TotalAmt: 60,
    Line: [{ Amount: 59.7, LinkedTxn: [{ TxnId: owed["Id"], TxnType: "Invoice" }] }],
  };
  const paid = await call("createPayment", paying);
  assert.equal(paid["UnappliedAmt"], 0.3);
  const settled = await call("getInvoice", owed["Id"]);
  assert.deepEqual([settled["Balance"], settled["SyncToken"]], [0, "1"]);
  await call("voidPayment", { Id: paid["Id"], SyncToken: paid["SyncToken"] });
  assert.equal((await call("getInvoice", owed["Id"]))["Balance"], 59.7);
  const second = await call("createPayment", paying);
  await call("deletePayment", { Id: second["Id"], SyncToken: second["SyncToken"] });
  assert.equal((await call("getInvoice", owed["Id"]))["Balance"], 59.7);
});

test("faults: stale, double name, wrong sum, no such reference, no such property, no such query", async () => {
  const made = await customer();
  await call("updateCustomer", { Id: made["Id"], SyncToken: "0", Notes: "one" });
  const stale = await faultOf(call("updateCustomer", { Id: made["Id"], SyncToken: "0", Notes: "two" }));
  assert.deepEqual([stale.code, stale.Message], ["5010", "Stale Object Error"]);
  assert.equal((await faultOf(call("createCustomer", { DisplayName: made["DisplayName"] }))).code, "6240");
  const [buyer, thing] = [await customer(), await item()];
  const order = invoiceOf(buyer, thing);
  const wrong = [{ ...(order["Line"] as Entity[])[0], Amount: 59.71 }];
  assert.equal((await faultOf(call("createInvoice", { ...order, Line: wrong }))).code, "6070");
  const nobody = { ...order, CustomerRef: { value: "99999" } };
  assert.equal((await faultOf(call("createInvoice", nobody))).code, "2500");
  assert.equal((await faultOf(call("createCustomer", { DisplayName: "X", Nonsense: 1 }))).code, "2010");
  assert.equal((await faultOf(call("createInvoice", { Line: order["Line"] }))).code, "2020");
  assert.match((await faultOf(find("findCustomers", [{ field: "Nonsense", value: "1" }]))).code, /^400/);
});

test("a request id that comes again gives the first answer and makes nothing new", async () => {
  const [buyer, thing] = [await customer(), await item()];
  const order = invoiceOf(buyer, thing);
  const before = simulator.truth.invoices.size;
  const first = await call("createInvoice", { ...order, requestId: "4957" });
  const second = await call("createInvoice", { ...order, requestId: "4957" });
  assert.equal(second["Id"], first["Id"]);
  assert.equal(simulator.truth.invoices.size, before + 1);
});

test("queries: counted, ordered, paged until the end", async () => {
  for (let count = 0; count < 7; count += 1) await customer({ CompanyName: "Seven" });
  const seven = { field: "CompanyName", value: "Seven" };
  const counted = await find("findCustomers", { CompanyName: "Seven", count: true });
  assert.ok(Number(counted.QueryResponse["totalCount"]) >= 7);
  const paging = [
    seven,
    { field: "asc", value: "Id" },
    { field: "limit", value: 3 },
    { field: "fetchAll", value: true },
  ];
  const all = (await find("findCustomers", paging)).QueryResponse["Customer"] as Entity[];
  const ids = all.map((one) => Number(one["Id"]));
  assert.deepEqual(
    ids,
    ids.toSorted((left, right) => left - right),
  );
  assert.equal(new Set(ids).size, 7);
  const like = await find("findCustomers", [{ field: "DisplayName", value: "Customer %", operator: "LIKE" }]);
  assert.ok((like.QueryResponse["Customer"] as Entity[]).length > 7);
});

test("change data capture tells what changed and what was deleted, since then only", async () => {
  await clock.advance(10_000);
  const since = new Date(clock.now()).toISOString();
  await clock.advance(10_000);
  const [kept, gone] = [await invoice(), await invoice()];
  await call("deleteInvoice", { Id: gone["Id"], SyncToken: gone["SyncToken"] });
  const answer = await call("changeDataCapture", ["Invoice", "Payment"], since);
  const [{ QueryResponse }] = answer["CDCResponse"] as [{ QueryResponse: { Invoice?: Entity[] }[] }];
  const told = QueryResponse.flatMap(({ Invoice = [] }) => Invoice).map(({ Id, status }) => [Id, status]);
  assert.deepEqual(told, [
    [kept["Id"], undefined],
    [gone["Id"], "Deleted"],
  ]);
});

test("a batch answers each item by itself", async () => {
  names += 1;
  const answer = await call("batch", [
    { bId: "1", operation: "create", Customer: { DisplayName: `Batch ${names}` } },
    { bId: "2", operation: "create", Customer: { DisplayName: `Batch ${names}` } },
    { bId: "3", Query: `select * from Customer where DisplayName = 'Batch ${names}'` },
  ]);
  const [made, refused, asked] = answer["BatchItemResponse"] as [Entity, Entity, Entity];
  assert.ok((made["Customer"] as Entity)["Id"]);
  assert.equal((refused["Fault"] as { Error: [{ code: string }] }).Error[0].code, "6240");
  assert.equal((asked["QueryResponse"] as { Customer: Entity[] }).Customer.length, 1);
});

test("credit memos and refund receipts are made and deleted", async () => {
  const order = invoiceOf(await customer(), await item());
  const memo = await call("createCreditMemo", order);
  assert.equal(memo["RemainingCredit"], 59.7);
  await call("deleteCreditMemo", { Id: memo["Id"], SyncToken: "0" });
  const refund = await call("createRefundReceipt", { ...order, DepositToAccountRef: { value: "35" } });
  assert.equal(refund["TotalAmt"], 59.7);
});

test("an expired token is refused in the gateway's shape, a wrong company in XML", async () => {
  const url = `${served.url}/v3/company/${REALM}/companyinfo/1`;
  const headers = { accept: "application/json", authorization: `Bearer ${simulator.accessToken()}` };
  const wrong = await fetch(url.replace(REALM, "1"), { headers });
  assert.equal(wrong.status, 401);
  assert.match(await wrong.text(), /<Error code="100">/);
  const xml = await fetch(url, { headers: { ...headers, accept: "*/*" } });
  assert.match(await xml.text(), /^<\?xml/);
  await clock.advance(3_600_000);
  const late = await fetch(url, { headers });
  const { fault } = (await late.json()) as { fault: { error: [{ code: string }] } };
  assert.deepEqual([late.status, fault.error[0].code], [401, "3200"]);
});

test("webhooks come as CloudEvents, signed over the bytes that were sent", async () => {
  hooks.length = 0;
  books = client();
  const made = await customer();
  await clock.advance(5_000);
  const hook = hooks.at(-1)!;
  const signature = createHmac("sha256", "verifier").update(hook.body).digest("base64");
  assert.equal(hook.headers["intuit-signature"], signature);
  const [event] = JSON.parse(hook.body) as [Entity];
  assert.deepEqual(
    [event["specversion"], event["type"], event["intuitentityid"], event["intuitaccountid"]],
    ["1.0", "qbo.customer.created.v1", made["Id"], REALM],
  );
});
