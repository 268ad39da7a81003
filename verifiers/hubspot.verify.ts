// HubSpot's own SDK drives our simulator over real HTTP: what it understands is what HubSpot says. Run with
// `node --test verifiers/hubspot.verify.ts`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AssociationTypes, Client, Signature } from "@hubspot/api-client";
import { FilterOperatorEnum } from "@hubspot/api-client/lib/codegen/crm/contacts/index.js";
import { createHubSpotSimulator, type HubSpotSimulator } from "../connectors/hubspot/simulator.ts";
import { ASSOCIATION_TYPES } from "../connectors/hubspot/simulator/kinds.ts";
import { serve, type Served } from "../src/rehearse/serve.ts";
import type { OutgoingWebhook } from "../src/rehearse/webhook-sender.ts";
import { SeededRandom, VirtualClock } from "../src/world/virtual.ts";
import { misfits } from "./hubspot-answer-check.ts";

const TOKEN = "pat-na1-first";
const LAG_MS = 10_000;
const HOOK = "https://us.example/hooks/crm";
const KEY = [{ name: "erp_key", type: "string", hasUniqueValue: true }] as const;

// The SDK's check of signatures reads the machine's clock, so the simulated one begins there.
const clock = new VirtualClock(Date.now());
const hooks: OutgoingWebhook[] = [];
let simulator: HubSpotSimulator;
let served: Served;
let client: Client;
let addresses = 0;

before(async () => {
  simulator = createHubSpotSimulator({
    clock,
    random: new SeededRandom(1),
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "na1-refresh",
    privateAppToken: TOKEN,
    webhookUrl: HOOK,
    send: (hook) => Promise.resolve(hooks.push(hook) > 0 ? 200 : 0),
    settings: {
      callsPerTenSeconds: 0,
      callsPerDay: 0,
      searchesPerSecond: 0,
      searchLagMs: LAG_MS,
      properties: { deals: KEY },
    },
  });
  served = await serve((request) => simulator.fetch(request));
  client = clientWith(TOKEN);
});

after(() => served.close());

function clientWith(accessToken: string, numberOfApiCallRetries = 0): Client {
  return new Client({ accessToken, basePath: served.url, numberOfApiCallRetries, limiterOptions: { minTime: 0 } });
}

function address(): string {
  addresses += 1;
  return `c${addresses}@example.com`;
}

interface Refused {
  readonly code: number;
  readonly body: { readonly message?: string; readonly category?: string; readonly policyName?: string };
}

/** The typed exception that the SDK throws. */
async function refused(call: Promise<unknown>): Promise<Refused> {
  return call.then(
    () => assert.fail("expected a refusal and the call was done"),
    (error: unknown) => error as Refused,
  );
}

const { Eq, Gt, Gte, In, ContainsToken } = FilterOperatorEnum;

test("contacts: made, read, changed, found by their address, archived", async () => {
  const { basicApi } = client.crm.contacts;
  const email = address();
  const made = await basicApi.create({
    properties: { email: email.toUpperCase(), firstname: "Amy" },
    associations: [],
  });
  assert.equal(made.properties["email"], email);
  assert.ok(made.createdAt instanceof Date);
  const changed = await basicApi.update(made.id, { properties: { lastname: "Birds", firstname: "" } });
  assert.deepEqual([changed.properties["lastname"], changed.properties["firstname"]], ["Birds", null]);
  const read = await basicApi.getById(email, ["email", "city"], undefined, undefined, false, "email");
  assert.deepEqual([read.id, read.properties["city"]], [made.id, null]);
  await basicApi.archive(made.id);
  await basicApi.archive(made.id);
  assert.equal((await refused(basicApi.getById(made.id))).code, 404);
  const archived = await basicApi.getById(made.id, undefined, undefined, undefined, true);
  assert.ok(archived.archived && archived.archivedAt instanceof Date);
});

test("companies, deals and tickets: made, read, changed, listed, archived", async () => {
  const { companies, deals, tickets } = client.crm;
  for (const [api, properties, change] of [
    [companies, { name: "Birds", domain: "birds.example" }, { city: "Bonn" }],
    [deals, { dealname: "D", dealstage: "contractsent", amount: "1500.50" }, { dealstage: "closedwon" }],
    [tickets, { subject: "Broken", hs_pipeline_stage: "1" }, { hs_pipeline_stage: "4" }],
  ] as const) {
    const made = await api.basicApi.create({ properties: { ...properties }, associations: [] });
    const changed = await api.basicApi.update(made.id, { properties: { ...change } });
    const wanted = { ...properties, ...change };
    const read = await api.basicApi.getById(changed.id, Object.keys(wanted));
    for (const [name, value] of Object.entries(wanted)) assert.equal(read.properties[name], value);
    assert.ok((await api.basicApi.getPage(100)).results.some(({ id }) => id === made.id));
    await api.basicApi.archive(made.id);
    assert.equal((await refused(api.basicApi.getById(made.id))).code, 404);
  }
});

test("the SDK pages through all there is", async () => {
  const ids = Array.from({ length: 230 }, () => simulator.person.create("contacts", { email: address() }).id);
  const all = await client.crm.contacts.getAll(100, undefined, ["email"]);
  const listed = new Set(all.map(({ id }) => id));
  assert.equal(listed.size, all.length);
  assert.ok(ids.every((id) => listed.has(id)));
});

test("searches: filters, order, pages, the limit of 10,000, and what they do not show yet", async () => {
  const { searchApi } = client.crm.companies;
  const made = ["Ant", "Bee", "Cow"].map(
    (name, index) =>
      simulator.person.create("companies", { name, industry: "ANIMALS", annualrevenue: `${index + 1}00` }).id,
  );
  const find = (
    filters: readonly { propertyName: string; operator: FilterOperatorEnum; value?: string; values?: string[] }[],
    more = {},
  ) =>
    searchApi.doSearch({
      filterGroups: [{ filters: [{ propertyName: "industry", operator: Eq, value: "animals" }, ...filters] }],
      properties: ["name"],
      ...more,
    });
  assert.equal((await find([])).total, 0);
  await clock.advance(LAG_MS);
  assert.equal((await find([])).total, 3);
  const names = async (given: Parameters<typeof find>[0], more = {}): Promise<unknown> =>
    (await find(given, more)).results.map(({ properties }) => properties["name"]);
  assert.deepEqual(await names([{ propertyName: "annualrevenue", operator: Gte, value: "200" }]), ["Bee", "Cow"]);
  assert.deepEqual(await names([{ propertyName: "hs_object_id", operator: Gt, value: made[1]! }]), ["Cow"]);
  assert.deepEqual(await names([{ propertyName: "name", operator: In, values: ["ant", "cow"] }]), ["Ant", "Cow"]);
  assert.deepEqual(await names([{ propertyName: "name", operator: ContainsToken, value: "c*" }]), ["Cow"]);
  const first = await find([], { limit: 2, sorts: ["-name"] });
  assert.deepEqual([first.results[0]?.properties["name"], first.paging?.next?.after], ["Cow", "2"]);
  const second = await find([], { limit: 2, sorts: ["-name"], after: "2" });
  assert.deepEqual([second.results.length, second.paging], [1, undefined]);
  assert.equal((await refused(find([], { after: "10000" }))).code, 400);
});

test("batches: made, read, changed, upserted by a unique property, archived, and refused one by one", async () => {
  const { batchApi } = client.crm.deals;
  const deal = (name: string) => ({ dealname: name, dealstage: "contractsent" });
  const inputs = ["k1", "k2"].map((id) => ({ id, idProperty: "erp_key", properties: deal(id) }));
  const made = await batchApi.upsert({ inputs });
  assert.deepEqual(
    made.results.map((one) => one._new),
    [true, true],
  );
  const again = await batchApi.upsert({ inputs });
  assert.deepEqual(
    again.results.map((one) => [one.id, one._new]),
    made.results.map((one) => [one.id, false]),
  );
  const read = await batchApi.read({
    idProperty: "erp_key",
    inputs: [{ id: "k2" }, { id: "no such" }],
    properties: ["erp_key"],
    propertiesWithHistory: [],
  });
  assert.deepEqual([read.results.length, "errors" in read ? read.errors?.[0]?.category : ""], [1, "OBJECT_NOT_FOUND"]);
  const ids = made.results.map(({ id }) => id);
  await batchApi.update({ inputs: ids.map((id) => ({ id, properties: { amount: "5" } })) });
  const partly = await batchApi.create({
    inputs: ["contractsent", "no stage"].map((dealstage, index) => ({
      objectWriteTraceId: `t${index}`,
      properties: { dealname: "D", dealstage },
      associations: [],
    })),
  });
  assert.deepEqual(
    [partly.results.length, "errors" in partly ? partly.errors?.[0]?.context : {}],
    [1, { objectWriteTraceId: ["t1"] }],
  );
  await batchApi.archive({ inputs: ids.map((id) => ({ id })) });
  assert.ok(ids.every((id) => simulator.truth.archived.deals.has(id)));
});

test("associations: at the beginning, later, many at once, listed, and taken away", async () => {
  const { v4 } = client.crm.associations;
  const company = simulator.person.create("companies", { name: "Birds" }).id;
  const made = await client.crm.contacts.basicApi.create({
    properties: { email: address() },
    associations: [
      {
        to: { id: company },
        types: [
          { associationCategory: "HUBSPOT_DEFINED" as never, associationTypeId: AssociationTypes.contactToCompany },
        ],
      },
    ],
  });
  const read = await client.crm.contacts.basicApi.getById(made.id, [], undefined, ["companies"]);
  const [shown] = read.associations?.["companies"]?.results ?? [];
  assert.deepEqual([shown?.id, shown?.type], [company, "contact_to_company_unlabeled"]);
  const deal = simulator.person.create("deals", { dealname: "D", dealstage: "contractsent" }).id;
  await v4.basicApi.createDefault("deals", deal, "contacts", made.id);
  const types = [
    { associationCategory: "HUBSPOT_DEFINED" as never, associationTypeId: AssociationTypes.primaryDealToCompany },
  ];
  await v4.basicApi.create("deals", deal, "companies", company, types);
  const listed = await v4.basicApi.getPage("deals", deal, "companies");
  assert.deepEqual(
    listed.results[0]?.associationTypes.map(({ typeId }) => typeId).toSorted((one, other) => one - other),
    [AssociationTypes.primaryDealToCompany, AssociationTypes.dealToCompany],
  );
  const lone = simulator.person.create("contacts", { email: address() }).id;
  const many = await v4.batchApi.getPage("contacts", "companies", { inputs: [{ id: made.id }, { id: lone }] });
  assert.deepEqual([many.results.length, "errors" in many ? many.errors?.length : 0], [1, 1]);
  await v4.batchApi.createDefault("contacts", "companies", { inputs: [{ _from: { id: lone }, to: { id: company } }] });
  assert.deepEqual(simulator.truth.associated("companies", company, "contacts"), [made.id, lone]);
  await v4.batchApi.archive("contacts", "companies", { inputs: [{ _from: { id: lone }, to: [{ id: company }] }] });
  await v4.basicApi.archive("contacts", made.id, "companies", company);
  assert.deepEqual(simulator.truth.associated("companies", company, "contacts"), []);
});

test("the types of associations are those that the SDK names", () => {
  const known = new Set(Object.values(AssociationTypes).filter((value) => typeof value === "number"));
  assert.deepEqual(
    ASSOCIATION_TYPES.filter(({ typeId }) => !known.has(typeId)),
    [],
  );
});

test("merges leave one record to which the old ids lead; what is purged is gone", async () => {
  const { basicApi } = client.crm.contacts;
  const [one, two] = [address(), address()].map((email) => simulator.person.create("contacts", { email }).id);
  const merged = await basicApi.merge({ primaryObjectId: one!, objectIdToMerge: two! });
  for (const id of [one!, two!]) assert.equal((await basicApi.getById(id)).id, merged.id);
  const email = address();
  simulator.person.create("contacts", { email });
  await basicApi.purge({ objectId: email, idProperty: "email" });
  assert.equal((await refused(basicApi.create({ properties: { email }, associations: [] }))).code, 400);
});

test("refusals are the SDK's typed exceptions, with HubSpot's categories", async () => {
  const { basicApi, searchApi } = client.crm.contacts;
  const email = address();
  const { id } = simulator.person.create("contacts", { email });
  const create = (properties: Record<string, string>) => basicApi.create({ properties, associations: [] });
  const taken = await refused(create({ email }));
  assert.deepEqual([taken.code, taken.body.category], [409, "CONFLICT"]);
  assert.equal(taken.body.message, `Contact already exists. Existing ID: ${id}`);
  for (const properties of [{ email: "no address" }, { no_such: "1" }, {}] as Record<string, string>[]) {
    const bad = await refused(create(properties));
    assert.deepEqual([bad.code, bad.body.category], [400, "VALIDATION_ERROR"]);
  }
  const filters = [{ propertyName: "no_such", operator: Eq, value: "1" }];
  assert.equal((await refused(searchApi.doSearch({ filterGroups: [{ filters }] }))).code, 400);
  const unknown = await refused(clientWith("pat-na1-wrong").crm.contacts.basicApi.getPage());
  assert.deepEqual([unknown.code, unknown.body.category], [401, "INVALID_AUTHENTICATION"]);
  simulator.tokens.scopes = ["oauth"];
  const denied = await refused(basicApi.getPage());
  assert.deepEqual([denied.code, denied.body.category], [403, "MISSING_SCOPES"]);
  simulator.tokens.scopes = [...new Set(["tickets", "crm.objects.contacts.read", "crm.objects.contacts.write"])];
  assert.equal((await basicApi.getPage(1)).results.length, 1);
});

test("the SDK waits and tries again by HubSpot's policy names and messages", async () => {
  const limited = createHubSpotSimulator({
    clock,
    random: new SeededRandom(2),
    clientId: "client",
    clientSecret: "secret",
    privateAppToken: TOKEN,
    settings: { searchesPerSecond: 1, callsPerTenSeconds: 4, callsPerDay: 0 },
  });
  await using stack = new AsyncDisposableStack();
  const alone = await serve((request) => limited.fetch(request));
  stack.defer(() => alone.close());
  const once = new Client({ accessToken: TOKEN, basePath: alone.url, numberOfApiCallRetries: 0 });
  await once.crm.contacts.searchApi.doSearch({});
  const second = await refused(once.crm.contacts.searchApi.doSearch({}));
  assert.deepEqual([second.code, second.body.policyName], [429, "SECONDLY"]);
  // The message is what the SDK's own retry looks for; while it waits the simulated second passes.
  const patient = new Client({ accessToken: TOKEN, basePath: alone.url, numberOfApiCallRetries: 2 });
  const waiting = patient.crm.contacts.searchApi.doSearch({});
  await clock.advance(1_000);
  assert.equal((await waiting).total, 0);
  const burst = await Promise.allSettled([1, 2, 3, 4].map(() => once.crm.contacts.basicApi.getPage(1)));
  const reasons = burst.flatMap((one) => (one.status === "rejected" ? [one.reason as Refused] : []));
  assert.deepEqual([...new Set(reasons.map(({ body }) => body.policyName))], ["TEN_SECONDLY_ROLLING"]);
});

test("tokens: refreshed, told of, refused, revoked", async () => {
  const { tokensApi, accessTokensApi, refreshTokensApi } = client.oauth;
  const ask = (secret: string, refreshToken: string) =>
    tokensApi.create("refresh_token", undefined, undefined, "client", secret, refreshToken);
  const given = await ask("secret", "na1-refresh");
  assert.deepEqual([given.expiresIn, given.refreshToken], [1_800, "na1-refresh"]);
  simulator.tokens.scopes = ["oauth", "crm.objects.contacts.read", "crm.objects.contacts.write"];
  assert.ok((await clientWith(given.accessToken).crm.contacts.basicApi.getPage(1)).results);
  const told = await accessTokensApi.get(given.accessToken);
  assert.deepEqual([told.hubId, told.scopes], [49547190, [...simulator.tokens.scopes]]);
  assert.equal((await refused(ask("wrong", "na1-refresh"))).code, 400);
  assert.equal((await refused(ask("secret", "na1-other"))).code, 400);
  await clock.advance(1_800_000);
  const ended = await refused(clientWith(given.accessToken).crm.contacts.basicApi.getPage(1));
  assert.deepEqual([ended.code, ended.body.category], [401, "EXPIRED_AUTHENTICATION"]);
  await refreshTokensApi.archive("na1-refresh");
  assert.equal((await refused(ask("secret", "na1-refresh"))).code, 400);
});

test("the SDK's Signature.isValid takes our webhooks, of version 3 and 1, and no altered one", async () => {
  simulator.person.create("contacts", { email: address() });
  const before = clock.now();
  await clock.advance(1_000);
  const hook = hooks.at(-1)!;
  const timestamp = Number(hook.headers["x-hubspot-request-timestamp"]);
  assert.equal(timestamp, before + 1_000);
  const v3 = {
    signatureVersion: "v3",
    method: "POST",
    clientSecret: "secret",
    requestBody: hook.body,
    url: HOOK,
    timestamp,
    signature: hook.headers["x-hubspot-signature-v3"]!,
  };
  assert.equal(Signature.isValid(v3), true);
  for (const altered of [
    { requestBody: `${hook.body} ` },
    { url: `${HOOK}/` },
    { timestamp: timestamp + 1 },
    { clientSecret: "other" },
  ]) {
    assert.equal(Signature.isValid({ ...v3, ...altered }), false);
  }
  const v1 = { signatureVersion: "v1", clientSecret: "secret", requestBody: hook.body };
  assert.equal(Signature.isValid({ ...v1, signature: hook.headers["x-hubspot-signature"]! }), true);
});

test("every answer fits the SDK's models, in the numbered and in the dated version", async () => {
  simulator.tokens.scopes = [
    "tickets",
    ...["contacts", "companies", "deals"].flatMap((name) => [`crm.objects.${name}.read`, `crm.objects.${name}.write`]),
  ];
  const { person } = simulator;
  const company = person.create("companies", { name: "Birds" }).id;
  const contact = person.create("contacts", { email: address() }).id;
  person.associate("contacts", contact, "companies", company, 1);
  await clock.advance(LAG_MS);
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${served.url}${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return response.json();
  };
  const contacts = "crm/contacts";
  const associations = "crm/associations/v4";
  const missing = { inputs: [{ id: contact }, { id: "404" }], properties: [] };
  const upserts = [address(), "no address"].map((id) => ({
    idProperty: "email",
    id,
    properties: {},
    objectWriteTraceId: id,
  }));
  for (const base of ["/crm/v3/objects/contacts", "/crm/objects/2026-09/contacts"]) {
    const read = { inputs: [{ id: contact }], properties: ["email"] };
    const inputs = [{ idProperty: "email", id: address(), properties: { firstname: "Amy" } }];
    const isDated = !base.includes("/v3/");
    for (const [model, answer] of [
      [
        "CollectionResponseSimplePublicObjectWithAssociationsForwardPaging",
        () => ask("GET", `${base}?limit=2&associations=companies`),
      ],
      [
        "CollectionResponseSimplePublicObjectWithAssociationsForwardPaging",
        () => ask("GET", `${base}?limit=2&archived=true`),
      ],
      ["SimplePublicObjectWithAssociations", () => ask("GET", `${base}/${contact}?associations=companies`)],
      ["SimplePublicObject", () => ask("POST", base, { properties: { email: address() }, associations: [] })],
      ["SimplePublicObject", () => ask("PATCH", `${base}/${contact}`, { properties: { city: "Bonn" } })],
      ["CollectionResponseWithTotalSimplePublicObjectForwardPaging", () => ask("POST", `${base}/search`, { limit: 1 })],
      ["BatchResponseSimplePublicObject", () => ask("POST", `${base}/batch/read`, read)],
      ["BatchResponseSimplePublicObjectWithErrors", () => ask("POST", `${base}/batch/read`, missing)],
      ["BatchResponseSimplePublicUpsertObject", () => ask("POST", `${base}/batch/upsert`, { inputs })],
      [
        "BatchResponseSimplePublicUpsertObjectWithErrors",
        () => ask("POST", `${base}/batch/upsert`, { inputs: upserts }),
      ],
    ] as const) {
      // The link to a record's page came with the dated versions, which this SDK does not know yet.
      const found = misfits(contacts, model, await answer()).filter(
        (one) => !isDated || !one.includes(".url: unknown"),
      );
      assert.deepEqual(found, [], `${base}: ${model}`);
    }
  }
  for (const base of ["/crm/v4/associations", "/crm/associations/2026-09"]) {
    const path = `${base}/contacts/companies/batch`;
    const both = { inputs: [{ id: contact }, { id: "404" }] };
    const answer = await ask("POST", `${path}/read`, both);
    const found = misfits(associations, "BatchResponsePublicAssociationMultiWithLabelWithErrors", answer);
    // HubSpot's own examples show a label that is null where there is none, which its specification leaves out.
    assert.deepEqual(
      found.filter((one) => !one.endsWith(".label: null is no string")),
      [],
    );
    const inputs = [{ from: { id: contact }, to: { id: company } }];
    const made = ask("POST", `${path}/associate/default`, { inputs });
    assert.deepEqual(misfits(associations, "BatchResponsePublicDefaultAssociation", await made), []);
    const types = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 1 }];
    const labelled = await ask("POST", `${path}/create`, { inputs: inputs.map((one) => ({ ...one, types })) });
    assert.deepEqual(misfits(associations, "BatchResponseLabelsBetweenObjectPair", labelled), []);
  }
});
