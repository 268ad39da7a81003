// Xero's own client drives our simulator over real HTTP: what it understands is what Xero says. Every answer that it gets
// is held against the published OpenAPI document besides. Run with `node --test verifiers/xero.verify.ts`.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { after, before, beforeEach, test } from "node:test";
import { createXeroSimulator, type XeroSimulator } from "../connectors/xero/simulator.ts";
import type { OutgoingWebhook } from "../src/rehearse/webhook-sender.ts";
import { serve, type Served } from "../src/rehearse/serve.ts";
import { SeededRandom, VirtualClock } from "../src/world/virtual.ts";
import { answerCheck, hasDocument, type AnswerCheck } from "./xero-answer-check.ts";

const require = createRequire(import.meta.url);
const sdk = require("xero-node") as typeof import("xero-node");
const inner = createRequire(require.resolve("xero-node"));
const { Issuer } = inner("openid-client") as { Issuer: IssuerClass };
const axios = inner("axios") as { interceptors: { request: { use(rewrite: (config: Asked) => Asked): void } } };

interface Asked {
  url?: string;
}
interface IssuerClass {
  new (metadata: Readonly<Record<string, string>>): { Client: new (metadata: object) => unknown };
}
type Client = InstanceType<typeof sdk.XeroClient>;
type Entity = Readonly<Record<string, unknown>>;

const { LineAmountTypes, Invoice, Contact } = sdk;
const TENANT = "c2cc9b6e-9458-4c7d-93cc-f02b81b0594f";
const REDIRECT = "http://localhost/callback";
const SCOPES = [
  "offline_access",
  "accounting.contacts",
  "accounting.invoices",
  "accounting.payments",
  "accounting.settings",
];

const clock = new VirtualClock();
const hooks: OutgoingWebhook[] = [];
const faults: string[] = [];
let check: AnswerCheck | undefined;
let simulator: XeroSimulator;
let served: Served;
let client: Client;

before(async () => {
  check = hasDocument ? answerCheck() : undefined;
  simulator = makeSimulator(1);
  served = await serve(checkedFetch(simulator));
  // The client's own addresses of tokens and connections lead to the simulator, all others stay as they are.
  axios.interceptors.request.use((asked) => {
    const url = asked.url ?? "";
    asked.url = url.replace(/^https:\/\/(identity|api)\.xero\.com/, served.url);
    return asked;
  });
  client = makeClient();
});

// Virtual time runs on between the tests, and tokens end with it.
beforeEach(() => client.setTokenSet({ access_token: simulator.accessToken() }));

after(() => served.close());

function makeSimulator(seed: number, settings: object = {}): XeroSimulator {
  const unlimited = { callsPerMinute: 0, callsPerDay: 0, callsAtOnce: 0, appCallsPerMinute: 0 };
  return createXeroSimulator({
    clock,
    random: new SeededRandom(seed),
    tenantId: TENANT,
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "first",
    webhookKey: "key",
    webhookUrl: "http://receiver.test/xero",
    send: (webhook) => Promise.resolve(hooks.push(webhook) > 0 ? 200 : 0),
    settings: { ...unlimited, ...settings },
  });
}

/** Hands each answer of the accounting API to the check before it goes out. */
function checkedFetch(one: XeroSimulator): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    const response = await one.fetch(request);
    const type = response.headers.get("content-type") ?? "";
    const prefix = "/api.xro/2.0";
    if (check !== undefined && pathname.startsWith(prefix) && type.startsWith("application/json")) {
      const body: unknown = await response.clone().json();
      faults.push(...check.faults(request.method, pathname.slice(prefix.length), response.status, body));
    }
    return response;
  };
}

/** The client as its users make it, with the addresses that it would otherwise ask Xero for. */
function makeClient(url = served.url): Client {
  const made = new sdk.XeroClient({
    clientId: "client",
    clientSecret: "secret",
    redirectUris: [REDIRECT],
    scopes: SCOPES,
    state: "s1",
  });
  made.accountingApi.basePath = `${url}/api.xro/2.0`;
  const issuer = new Issuer({
    issuer: url,
    authorization_endpoint: `${url}/identity/connect/authorize`,
    token_endpoint: `${url}/connect/token`,
    revocation_endpoint: `${url}/connect/revocation`,
  });
  const metadata = { client_id: "client", client_secret: "secret", redirect_uris: [REDIRECT] };
  (made as unknown as { openIdClient: unknown }).openIdClient = new issuer.Client(metadata);
  return made;
}

interface Refused {
  readonly response: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> };
  readonly body: Entity & {
    readonly Elements?: readonly { readonly ValidationErrors: readonly { Message: string }[] }[];
  };
}

/** What the client throws: its error, as text. */
async function refused(calling: Promise<unknown>): Promise<Refused> {
  const error = await calling.then(
    () => assert.fail("expected an error and the call was done"),
    (thrown: unknown) => thrown,
  );
  assert.equal(typeof error, "string");
  return JSON.parse(error as string) as Refused;
}

const messages = ({ body }: Refused): readonly string[] =>
  (body.Elements ?? []).flatMap(({ ValidationErrors }) => ValidationErrors.map(({ Message }) => Message));

let count = 0;
const name = (): string => `Contact ${(count += 1)}`;

async function contact(more: object = {}) {
  const { body } = await client.accountingApi.createContacts(TENANT, { contacts: [{ name: name(), ...more }] });
  return body.contacts![0]!;
}

function line(more: object = {}) {
  return { description: "Rope", quantity: 3, unitAmount: 19.9, accountCode: "200", taxType: "OUTPUT2", ...more };
}

async function invoice(more: object = {}) {
  const { contactID } = await contact();
  const made = {
    type: Invoice.TypeEnum.ACCREC,
    contact: { contactID: contactID! },
    lineItems: [line()],
    dueDate: "2026-09-30",
    lineAmountTypes: LineAmountTypes.Exclusive,
    ...more,
  };
  const { body } = await client.accountingApi.createInvoices(TENANT, { invoices: [made] });
  return body.invoices![0]!;
}

const authorised = () => invoice({ status: Invoice.StatusEnum.AUTHORISED });

test("the client sends a person to agree, takes the code, refreshes with rotation and is told of both", async () => {
  const lone = makeSimulator(2);
  await using stack = new AsyncDisposableStack();
  const alone = await serve((request) => lone.fetch(request));
  stack.defer(() => alone.close());
  const fresh = makeClient(alone.url);
  const page = await fetch(await fresh.buildConsentUrl(), { redirect: "manual" });
  const first = await fresh.apiCallback(page.headers.get("location") ?? "");
  assert.deepEqual([first.token_type, first.expires_in! > 1_790, first.scope], ["Bearer", true, SCOPES.join(" ")]);
  assert.equal((await fresh.accountingApi.getOrganisations(TENANT)).body.organisations?.[0]?.name, "Simulated Limited");
  const second = await fresh.refreshToken();
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.notEqual(second.access_token, first.access_token);
  // The answer was lost, and the token before is presented again within its half hour.
  fresh.setTokenSet(first);
  assert.ok((await fresh.refreshToken()).access_token);
  await clock.advance(30 * 60_000);
  fresh.setTokenSet(first);
  const late = (await fresh.refreshToken().catch((error: unknown) => error)) as Entity;
  assert.equal(late["error"], "invalid_grant");
  assert.equal(lone.truth.refreshTokensPresentedTwice, 2);
});

test("the client refreshes by the token alone, lists its tenants and disconnects one", async () => {
  const lone = makeSimulator(3);
  await using stack = new AsyncDisposableStack();
  const [alone, usual] = [await serve((request) => lone.fetch(request)), served];
  served = alone;
  stack.defer(async () => {
    served = usual;
    await alone.close();
  });
  const fresh = makeClient();
  await fresh.refreshWithRefreshToken("client", "secret", "first");
  const [tenant] = (await fresh.updateTenants()) as {
    id: string;
    tenantId: string;
    tenantName: string;
    orgData: Entity;
  }[];
  assert.deepEqual([tenant?.tenantId, tenant?.tenantName], [TENANT, "Simulated Limited"]);
  assert.equal(tenant?.orgData["isDemoCompany"], true);
  await fresh.disconnect(tenant?.id ?? "");
  assert.deepEqual(await fresh.updateTenants(), []);
  const gone = await refused(fresh.accountingApi.getOrganisations(TENANT));
  assert.deepEqual([gone.response.statusCode, gone.body["Detail"]], [403, "AuthenticationUnsuccessful"]);
});

test("a client that revokes is signed out", async () => {
  const lone = makeSimulator(4);
  await using stack = new AsyncDisposableStack();
  const alone = await serve((request) => lone.fetch(request));
  stack.defer(() => alone.close());
  const fresh = makeClient(alone.url);
  fresh.setTokenSet({ access_token: lone.accessToken(), refresh_token: "first" });
  const { access_token } = await fresh.refreshToken();
  await fresh.revokeToken();
  fresh.setTokenSet({ access_token: access_token! });
  assert.equal((await refused(fresh.accountingApi.getContacts(TENANT))).response.statusCode, 401);
});

test("the organisation tells its plan, and what may be done in it", async () => {
  const { organisations } = (await client.accountingApi.getOrganisations(TENANT)).body;
  assert.equal(organisations?.[0]?._class, sdk.Organisation.ClassEnum.DEMO);
  const { actions } = (await client.accountingApi.getOrganisationActions(TENANT)).body;
  assert.ok(actions?.some((action) => action.name === "CreateApprovedInvoice" && String(action.status) === "ALLOWED"));
});

test("contacts: made, read, changed, found, archived", async () => {
  const made = await contact({ firstName: "Amy", emailAddress: "amy@example.com", contactNumber: "EXT-1" });
  const { contactID } = made;
  assert.equal(made.contactStatus, Contact.ContactStatusEnum.ACTIVE);
  assert.ok(made.updatedDateUTC instanceof Date);
  const api = client.accountingApi;
  const read = (await api.getContact(TENANT, contactID!)).body.contacts?.[0];
  assert.deepEqual([read?.firstName, read?.addresses?.length, read?.phones?.length], ["Amy", 2, 4]);
  assert.equal((await api.getContactByContactNumber(TENANT, "EXT-1")).body.contacts?.[0]?.contactID, contactID);
  const changed = await api.updateContact(TENANT, contactID!, { contacts: [{ name: made.name!, lastName: "Smith" }] });
  assert.deepEqual([changed.body.contacts?.[0]?.firstName, changed.body.contacts?.[0]?.lastName], ["Amy", "Smith"]);
  const named = await api.getContacts(TENANT, undefined, `Name=="${made.name!.toUpperCase()}"`);
  assert.deepEqual(
    named.body.contacts?.map((one) => one.contactID),
    [contactID],
  );
  const searched = await api.getContacts(TENANT, undefined, undefined, undefined, undefined, 1, false, false, "ext-1");
  assert.equal(searched.body.contacts?.length, 1);
  const archive = { contacts: [{ contactStatus: Contact.ContactStatusEnum.ARCHIVED }] };
  await api.updateContact(TENANT, contactID!, archive as never);
  const hidden = await api.getContacts(TENANT, undefined, undefined, undefined, [contactID!]);
  assert.deepEqual(hidden.body.contacts, []);
  const shown = await api.getContacts(TENANT, undefined, undefined, undefined, [contactID!], undefined, true);
  assert.equal(shown.body.contacts?.length, 1);
});

test("invoices: added up, numbered, read with lines, changed line by line", async () => {
  const made = await invoice({ lineItems: [line(), line({ unitAmount: 0.1, discountRate: 50 })] });
  assert.deepEqual([made.subTotal, made.totalTax, made.total, made.amountDue], [59.85, 8.98, 68.83, 68.83]);
  assert.match(made.invoiceNumber ?? "", /^INV-\d{4}$/);
  const api = client.accountingApi;
  const read = (await api.getInvoice(TENANT, made.invoiceID!)).body.invoices?.[0];
  assert.equal(read?.lineItems?.length, 2);
  assert.equal((await api.getInvoice(TENANT, made.invoiceNumber!)).body.invoices?.[0]?.invoiceID, made.invoiceID);
  const [first] = read!.lineItems!;
  const { lineAmount: _amount, taxAmount: _tax, ...kept } = first!;
  const invoices = { invoices: [{ reference: "late", lineItems: [{ ...kept, quantity: 1 }] }] };
  const changed = (await api.updateInvoice(TENANT, made.invoiceID!, invoices as never)).body.invoices?.[0];
  assert.deepEqual([changed?.lineItems?.map((one) => one.lineItemID), changed?.subTotal], [[first?.lineItemID], 19.9]);
  assert.equal(changed?.reference, "late");
});

test("prices have two digits unless four are asked for", async () => {
  const { contactID } = await contact();
  const fine = {
    type: Invoice.TypeEnum.ACCPAY,
    contact: { contactID: contactID! },
    lineItems: [line({ unitAmount: 1.2345 })],
  };
  const api = client.accountingApi;
  const rough = (await api.createInvoices(TENANT, { invoices: [fine] })).body.invoices?.[0];
  assert.equal(rough?.lineItems?.[0]?.unitAmount, 1.23);
  const exact = (await api.createInvoices(TENANT, { invoices: [fine] }, undefined, 4)).body.invoices?.[0];
  assert.equal(exact?.lineItems?.[0]?.unitAmount, 1.2345);
  assert.equal((await api.getInvoice(TENANT, exact!.invoiceID!)).body.invoices?.[0]?.lineItems?.[0]?.unitAmount, 1.23);
});

test("drafts are deleted, authorised ones voided, and neither the other way", async () => {
  const api = client.accountingApi;
  const become = (invoiceID: string, status: InstanceType<typeof Invoice>["status"]) =>
    api.updateInvoice(TENANT, invoiceID, { invoices: [{ status }] } as never);
  const [draft, sent] = [await invoice(), await authorised()];
  assert.equal(
    (await become(draft.invoiceID!, Invoice.StatusEnum.DELETED)).body.invoices?.[0]?.status,
    Invoice.StatusEnum.DELETED,
  );
  const wrong = await refused(become(sent.invoiceID!, Invoice.StatusEnum.DELETED));
  assert.deepEqual(
    [wrong.response.statusCode, wrong.body["Type"], messages(wrong)],
    [400, "ValidationException", ["Invoice not of valid status for modification"]],
  );
  const voided = (await become(sent.invoiceID!, Invoice.StatusEnum.VOIDED)).body.invoices?.[0];
  assert.deepEqual([voided?.status, voided?.amountDue], [Invoice.StatusEnum.VOIDED, 0]);
});

test("payments: settle an invoice, lock it, and give it back when they are deleted", async () => {
  const owed = await authorised();
  const api = client.accountingApi;
  const paying = {
    invoice: { invoiceID: owed.invoiceID! },
    account: { code: "090" },
    date: "2026-08-20",
    amount: owed.total!,
  };
  const paid = (await api.createPayment(TENANT, paying)).body.payments?.[0];
  assert.equal(paid?.paymentType, sdk.Payment.PaymentTypeEnum.ACCRECPAYMENT);
  const settled = (await api.getInvoice(TENANT, owed.invoiceID!)).body.invoices?.[0];
  assert.deepEqual([settled?.status, settled?.amountDue, settled?.payments?.length], [Invoice.StatusEnum.PAID, 0, 1]);
  assert.match(messages(await refused(api.createPayment(TENANT, paying)))[0] ?? "", /Authorised/);
  assert.equal((await api.getPayment(TENANT, paid!.paymentID!)).body.payments?.[0]?.amount, owed.total);
  const listed = await api.getPayments(
    TENANT,
    undefined,
    `Invoice.InvoiceID==Guid("${owed.invoiceID!}")`,
    undefined,
    1,
  );
  assert.equal(listed.body.payments?.length, 1);
  const deleted = await api.deletePayment(TENANT, paid!.paymentID!, { status: "DELETED" });
  assert.equal(String(deleted.body.payments?.[0]?.status), "DELETED");
  assert.equal((await api.getInvoice(TENANT, owed.invoiceID!)).body.invoices?.[0]?.amountDue, owed.total);
});

test("items: made, changed, listed, deleted", async () => {
  const api = client.accountingApi;
  const made = (
    await api.createItems(TENANT, { items: [{ code: "ROPE", name: "Rope", salesDetails: { unitPrice: 12.5 } }] })
  ).body.items?.[0];
  await api.updateItem(TENANT, made!.itemID!, { items: [{ code: "ROPE", description: "By the metre" }] });
  const read = (await api.getItem(TENANT, made!.itemID!)).body.items?.[0];
  assert.deepEqual([read?.description, read?.salesDetails?.unitPrice], ["By the metre", 12.5]);
  const fromItem = await invoice({ lineItems: [{ itemCode: "ROPE", quantity: 2, accountCode: "200" }] });
  assert.equal(fromItem.subTotal, 25);
  assert.equal((await api.getItems(TENANT)).body.items?.length, 1);
  const taken = await refused(api.createItems(TENANT, { items: [{ code: "rope" }] }));
  assert.match(messages(taken)[0] ?? "", /already exists/);
  await api.deleteItem(TENANT, made!.itemID!);
  assert.equal((await refused(api.getItem(TENANT, made!.itemID!))).response.statusCode, 404);
});

test("credit notes are read", async () => {
  const LineItems = [{ Description: "Rope", UnitAmount: "10.00", AccountCode: "200", TaxType: "OUTPUT2" }];
  const note = simulator.person.createCreditNote({ Contact: { Name: name() }, LineItems });
  const api = client.accountingApi;
  const listed = (await api.getCreditNotes(TENANT, undefined, undefined, undefined, 1)).body.creditNotes;
  assert.deepEqual(
    listed?.map((one) => [one.creditNoteID, one.remainingCredit]),
    [[note["CreditNoteID"], 11.5]],
  );
  assert.equal(
    (await api.getCreditNote(TENANT, String(note["CreditNoteID"]))).body.creditNotes?.[0]?.lineItems?.length,
    1,
  );
});

test("listings: pages with their count, order, filters, changes since a second", async () => {
  const api = client.accountingApi;
  const tag = `Page ${(count += 1)}`;
  const contacts = Array.from({ length: 250 }, (_, index) => ({
    name: `${tag} ${String(index).padStart(3, "0")}`,
    companyNumber: tag,
  }));
  await api.createContacts(TENANT, { contacts });
  const where = `CompanyNumber=="${tag}"`;
  const page = async (number: number, size?: number) =>
    (await api.getContacts(TENANT, undefined, where, "Name DESC", undefined, number, false, false, undefined, size))
      .body;
  const first = await page(1);
  const { page: at, pageSize, pageCount, itemCount } = first.pagination!;
  assert.deepEqual([at, pageSize, pageCount, itemCount], [1, 100, 3, 250]);
  assert.equal(first.contacts?.[0]?.name, `${tag} 249`);
  assert.equal((await page(3)).contacts?.length, 50);
  assert.deepEqual((await page(4)).contacts, []);
  assert.equal((await page(1, 5_000)).pagination?.pageSize, 1_000);
  await clock.advance(10_000);
  const since = new Date(clock.now());
  await clock.advance(1_000);
  const newest = await contact();
  const changed = (await api.getContacts(TENANT, since)).body.contacts;
  assert.deepEqual(
    changed?.map((one) => one.contactID),
    [newest.contactID],
  );
  const draft = await invoice();
  const ids = await api.getInvoices(
    TENANT,
    undefined,
    undefined,
    undefined,
    [draft.invoiceID!],
    undefined,
    undefined,
    ["DRAFT"],
    1,
  );
  assert.equal(ids.body.invoices?.[0]?.lineItems?.length, 1);
  const unpaged = await api.getInvoices(TENANT, undefined, undefined, undefined, [draft.invoiceID!]);
  assert.deepEqual(unpaged.body.invoices?.[0]?.lineItems, []);
  const dated = await api.getInvoices(
    TENANT,
    undefined,
    `Type=="ACCREC" AND Date>=DateTime(2020, 01, 01) AND Total>0`,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    1,
  );
  assert.ok((dated.body.invoices?.length ?? 0) > 0);
});

test("errors: a filter that makes no sense, no such record, no scope, another's organisation, an old token", async () => {
  const api = client.accountingApi;
  const syntax = await refused(api.getContacts(TENANT, undefined, 'Name=="say "A""'));
  assert.deepEqual([syntax.response.statusCode, syntax.body["Type"]], [400, "QueryParseException"]);
  const none = "00000000-0000-4000-8000-000000000000";
  assert.equal((await refused(api.getInvoice(TENANT, none))).response.statusCode, 404);
  assert.equal((await refused(api.getContacts(none))).response.statusCode, 403);
  const token = (access_token: string): Client => {
    const other = makeClient();
    other.setTokenSet({ access_token });
    return other;
  };
  const reader = token(simulator.accessToken(["accounting.contacts.read"])).accountingApi;
  assert.ok((await reader.getContacts(TENANT)).body.contacts);
  const scopeless = await refused(reader.createContacts(TENANT, { contacts: [{ name: name() }] }));
  assert.deepEqual([scopeless.response.statusCode, scopeless.body["Detail"]], [401, "AuthorizationUnsuccessful"]);
  const old = token(simulator.accessToken());
  await clock.advance(30 * 60_000);
  const expired = await refused(old.accountingApi.getContacts(TENANT));
  assert.match(String(expired.body["Detail"]), /^TokenExpired/);
});

test("validations name each record; without a summary each record speaks for itself in a 200", async () => {
  const api = client.accountingApi;
  const taken = (await contact()).name!;
  const contacts = [{ name: taken }, { name: name(), emailAddress: "nowhere" }, { name: name() }];
  const wrong = await refused(api.createContacts(TENANT, { contacts: contacts.slice(0, 2) }));
  assert.equal(messages(wrong).length, 2);
  const mixed = (await api.createContacts(TENANT, { contacts }, false)).body.contacts;
  assert.deepEqual(
    mixed?.map((one) => one.statusAttributeString),
    ["ERROR", "ERROR", "OK"],
  );
  assert.match(mixed?.[0]?.validationErrors?.[0]?.message ?? "", /already assigned to another contact/);
  const sale = await invoice();
  const { contactID } = await contact();
  const twice = {
    type: Invoice.TypeEnum.ACCREC,
    contact: { contactID: contactID! },
    lineItems: [line()],
    invoiceNumber: sale.invoiceNumber!,
  };
  assert.deepEqual(messages(await refused(api.createInvoices(TENANT, { invoices: [twice] }))), [
    "Invoice # must be unique.",
  ]);
});

test("POST saves what PUT refuses", async () => {
  const api = client.accountingApi;
  const made = await contact();
  const again = await api.updateOrCreateContacts(TENANT, { contacts: [{ name: made.name!, lastName: "Smith" }] });
  assert.deepEqual(
    [again.body.contacts?.[0]?.contactID, again.body.contacts?.[0]?.lastName],
    [made.contactID, "Smith"],
  );
});

test("an idempotency key gives the first answer again for six minutes, and refuses another request", async () => {
  const api = client.accountingApi;
  const create = (number: string) =>
    api.createContacts(TENANT, { contacts: [{ name: `Once ${number}` }] }, undefined, "one-key");
  const first = (await create("1")).body.contacts?.[0]?.contactID;
  assert.equal((await create("1")).body.contacts?.[0]?.contactID, first);
  const other = await refused(create("2"));
  assert.equal(other.response.statusCode, 400);
  assert.match(String(other.body["Message"]), /different request/);
  await clock.advance(6 * 60_000);
  assert.match(messages(await refused(create("1")))[0] ?? "", /already assigned/);
  const long = refused(api.createContacts(TENANT, { contacts: [{ name: name() }] }, undefined, "k".repeat(129)));
  assert.equal((await long).response.statusCode, 400);
});

test("limits: what is left in each answer, and which one was broken", async () => {
  const lone = makeSimulator(5, { callsPerMinute: 2, callsPerDay: 5_000, appCallsPerMinute: 10_000 });
  await using stack = new AsyncDisposableStack();
  const alone = await serve(checkedFetch(lone));
  stack.defer(() => alone.close());
  const fresh = makeClient(alone.url);
  fresh.setTokenSet({ access_token: lone.accessToken() });
  const { response } = await fresh.accountingApi.getContacts(TENANT);
  const { headers } = response as unknown as { headers: Readonly<Record<string, string>> };
  assert.deepEqual(
    [headers["x-minlimit-remaining"], headers["x-daylimit-remaining"], headers["x-appminlimit-remaining"]],
    ["1", "4999", "9999"],
  );
  await fresh.accountingApi.getContacts(TENANT);
  const limited = await refused(fresh.accountingApi.getContacts(TENANT));
  assert.deepEqual(
    [
      limited.response.statusCode,
      limited.response.headers["x-rate-limit-problem"],
      limited.response.headers["retry-after"],
    ],
    [429, "minute", "60"],
  );
});

test("without a wish for JSON the answer is XML", async () => {
  const headers = { authorization: `Bearer ${simulator.accessToken()}`, "xero-tenant-id": TENANT };
  const answer = await fetch(`${served.url}/api.xro/2.0/Organisation`, { headers });
  assert.match(await answer.text(), /^<Response>.*<Organisation>.*<Name>Simulated Limited<\/Name>/);
});

test("webhooks are thin, name the organisation, and are signed over the bytes that were sent", async () => {
  await clock.advance(5_000);
  hooks.length = 0;
  const made = await contact();
  await clock.advance(5_000);
  const hook = hooks.at(-1)!;
  const signature = createHmac("sha256", "key").update(hook.body).digest("base64");
  assert.equal(hook.headers["x-xero-signature"], signature);
  const { events, firstEventSequence, lastEventSequence } = JSON.parse(hook.body) as Entity & { events: Entity[] };
  const [event] = events;
  assert.deepEqual(
    [event?.["eventCategory"], event?.["eventType"], event?.["resourceId"], event?.["tenantId"], event?.["tenantType"]],
    ["CONTACT", "CREATE", made.contactID, TENANT, "ORGANISATION"],
  );
  assert.equal(firstEventSequence, lastEventSequence);
  assert.equal(await simulator.intentToReceive(), false, "a receiver that takes wrong signatures must fail");
});

test(
  "every answer that the client got fits the published OpenAPI document",
  { skip: hasDocument ? false : "the published OpenAPI document is not beside the project" },
  () => {
    assert.deepEqual([...new Set(faults)], []);
    const operations = [...(check?.checked.keys() ?? [])];
    assert.ok(operations.length >= 25, operations.join("\n"));
    assert.ok([...(check?.checked.values() ?? [])].reduce((sum, one) => sum + one, 0) >= 60);
    const wrong = { Invoices: [{ InvoiceID: "x", Status: "PAYED", Total: "1.00", Nonsense: 1 }] };
    assert.ok((check?.faults("GET", "/Invoices", 200, wrong).length ?? 0) >= 4, "the check must find what is wrong");
  },
);
