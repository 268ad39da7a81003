import assert from "node:assert/strict";
import { test } from "node:test";
import type { Delivery } from "../../src/define/connector.ts";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import {
  createHubSpotSimulator,
  type HubSpotSimulator,
  type HubSpotSimulatorOptions,
  type HubSpotSimulatorSettings,
} from "./simulator.ts";
import { webhook } from "./webhook.ts";

/** What answers and events may hold, as far as it is looked at here. */
interface Json {
  readonly id: string;
  readonly status: string;
  readonly category: string;
  readonly policyName: string;
  readonly total: number;
  readonly archived: boolean;
  readonly results: readonly { readonly id: string; readonly properties: Readonly<Record<string, string | null>> }[];
  readonly errors: readonly { readonly context: { readonly objectWriteTraceId: readonly string[] } }[];
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly hub_id?: number;
  readonly attemptNumber: number;
  readonly subscriptionType: string;
}

interface World {
  readonly clock: VirtualClock;
  readonly simulator: HubSpotSimulator;
  readonly hooks: OutgoingWebhook[];
  call(method: string, path: string, body?: object): Promise<Response>;
}

const HOOK = "https://us.example/hooks/crm?to=a%40b";

function setup(
  settings: Partial<HubSpotSimulatorSettings> = {},
  receives = (): number => 200,
  more: Partial<HubSpotSimulatorOptions> = {},
): World {
  const clock = new VirtualClock();
  const hooks: OutgoingWebhook[] = [];
  const simulator = createHubSpotSimulator({
    clock,
    random: new SeededRandom(11),
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "na1-refresh",
    privateAppToken: "pat-na1-first",
    webhookUrl: HOOK,
    send: (hook) => {
      hooks.push(hook);
      return Promise.resolve(receives());
    },
    settings: { callsPerTenSeconds: 0, callsPerDay: 0, searchesPerSecond: 0, ...settings },
    ...more,
  });
  const headers = { authorization: `Bearer ${simulator.accessToken()}`, "content-type": "application/json" };
  return {
    clock,
    simulator,
    hooks,
    call: (method, path, body) =>
      simulator.fetch(
        new Request(`http://hubspot.test${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) }),
      ),
  };
}

const json = async (answer: Promise<Response>): Promise<Json> => (await (await answer).json()) as Json;

function token(world: World, form: Record<string, string>, version = "2026-09"): Promise<Response> {
  const body = new URLSearchParams({ client_id: "client", client_secret: "secret", ...form });
  return world.simulator.fetch(new Request(`http://hubspot.test/oauth/${version}/token`, { method: "POST", body }));
}

test("a refresh token stays the same, and works until the app is uninstalled", async () => {
  const world = setup();
  const refresh = { grant_type: "refresh_token", refresh_token: "na1-refresh" };
  for (const version of ["v1", "v3", "2026-09"]) {
    const given = await json(token(world, refresh, version));
    assert.deepEqual([given.refresh_token, given.expires_in], ["na1-refresh", 1_800]);
    assert.equal(given.hub_id, version === "v1" ? undefined : 49547190);
  }
  world.simulator.tokens.uninstall();
  const refused = await token(world, refresh);
  assert.equal(refused.status, 400);
  assert.equal(((await refused.json()) as Json).status, "BAD_REFRESH_TOKEN");
  assert.deepEqual([world.simulator.truth.refreshes, world.simulator.truth.refreshesRefused], [3, 1]);
});

test("a code is worth one exchange, by the redirect it was given to, with its verifier", async () => {
  const world = setup();
  const redirect_uri = "http://127.0.0.1/callback";
  const agree = async (): Promise<string> => {
    const query = new URLSearchParams({ client_id: "client", redirect_uri, state: "s1", code_challenge: "c" });
    const page = await world.simulator.fetch(new Request(`http://hubspot.test/oauth/authorize?${query.toString()}`));
    const back = new URL(page.headers.get("location") ?? "");
    assert.equal(back.searchParams.get("state"), "s1");
    return back.searchParams.get("code") ?? "";
  };
  const form = { grant_type: "authorization_code", redirect_uri, code_verifier: "v" };
  const code = await agree();
  assert.equal((await token(world, { ...form, code })).status, 200);
  assert.equal((await token(world, { ...form, code })).status, 400);
  assert.equal((await token(world, { ...form, code: await agree(), redirect_uri: "http://other/" })).status, 400);
  assert.equal((await token(world, { ...form, code: await agree(), code_verifier: "" })).status, 400);
  assert.equal((await token(world, { ...form, client_secret: "wrong", code: await agree() })).status, 400);
});

test("calls of one app are counted over ten seconds; answers tell what is left", async () => {
  const world = setup({ callsPerTenSeconds: 3, callsPerDay: 100 });
  const get = (): Promise<Response> => world.call("GET", "/account-info/v3/details");
  const first = await get();
  assert.equal(first.headers.get("x-hubspot-ratelimit-remaining"), "2");
  assert.equal(first.headers.get("x-hubspot-ratelimit-daily-remaining"), "99");
  await get();
  await get();
  const refused = await get();
  assert.deepEqual([refused.status, ((await refused.json()) as Json).policyName], [429, "TEN_SECONDLY_ROLLING"]);
  await world.clock.advance(9_999);
  assert.equal((await get()).status, 429);
  await world.clock.advance(1);
  assert.equal((await get()).status, 200);
  assert.deepEqual(world.simulator.truth.limits.throttled, 2);
  assert.equal(world.simulator.truth.limits.windowsOverLimit, 1);
});

test("the day ends at the account's own midnight; searches are counted by the second, without headers", async () => {
  const world = setup({ callsPerDay: 2, searchesPerSecond: 1, utcOffsetMinutes: -5 * 60, callsPerTenSeconds: 100 });
  const search = (): Promise<Response> => world.call("POST", "/crm/v3/objects/deals/search", { filterGroups: [] });
  const found = await search();
  assert.deepEqual([found.status, found.headers.get("x-hubspot-ratelimit-remaining")], [200, null]);
  const policy = async (): Promise<string> => String((await json(search())).policyName);
  assert.equal(await policy(), "SECONDLY");
  assert.equal(await policy(), "DAILY");
  // The clock begins at noon in UTC: 07:00 there.
  await world.clock.advance(17 * 3_600_000 - 1);
  assert.equal(await policy(), "DAILY");
  await world.clock.advance(1);
  assert.equal((await search()).status, 200);
});

test("an OAuth app has no limit of a day, and its own ten seconds", async () => {
  const world = setup({ callsPerDay: 1, callsPerTenSeconds: 1 });
  assert.equal((await world.call("GET", "/account-info/v3/details")).status, 200);
  const headers = { authorization: `Bearer ${world.simulator.tokens.hand()}` };
  const answer = await world.simulator.fetch(new Request("http://hubspot.test/account-info/v3/details", { headers }));
  assert.deepEqual([answer.status, answer.headers.get("x-hubspot-ratelimit-daily")], [200, null]);
});

test("a search shows what was written only after a while, and goes no further than 10,000", async () => {
  const world = setup({ searchLagMs: 5_000 });
  const { id } = world.simulator.person.create("companies", { name: "Birds", domain: "Birds.Example" });
  const search = async (more: object = {}): Promise<Json> => {
    const filters = [{ propertyName: "domain", operator: "EQ", value: "birds.EXAMPLE" }];
    return json(world.call("POST", "/crm/objects/2026-09/companies/search", { filterGroups: [{ filters }], ...more }));
  };
  assert.equal((await search()).total, 0);
  await world.clock.advance(5_000);
  assert.equal((await search()).results[0]?.id, id);
  world.simulator.person.update("companies", id, { domain: "cats.example" });
  assert.equal((await search({ properties: ["domain"] })).results[0]?.properties["domain"], "birds.example");
  await world.clock.advance(5_000);
  assert.equal((await search()).total, 0);
  for (const more of [{ limit: 201 }, { after: "9901", limit: 100 }, { sorts: ["name", "domain"] }]) {
    assert.equal((await search(more)).category, "VALIDATION_ERROR", JSON.stringify(more));
  }
});

for (const [operator, value, found] of [
  ["EQ", { value: "20" }, ["20"]],
  ["NEQ", { value: "20" }, ["3", "100.5"]],
  ["GT", { value: "3" }, ["20", "100.5"]],
  ["GTE", { value: "20.0" }, ["20", "100.5"]],
  ["LT", { value: "20" }, ["3"]],
  ["LTE", { value: "20" }, ["3", "20"]],
  ["BETWEEN", { value: "3", highValue: "20" }, ["3", "20"]],
  ["IN", { values: ["3", "100.50"] }, ["3", "100.5"]],
  ["NOT_IN", { values: ["3"] }, ["20", "100.5"]],
  ["HAS_PROPERTY", {}, ["3", "20", "100.5"]],
  ["NOT_HAS_PROPERTY", {}, [null]],
] as const) {
  test(`a filter with ${operator} compares numbers as numbers`, async () => {
    const world = setup({ searchLagMs: 0 });
    for (const amount of ["20", "3", "100.5", ""]) {
      world.simulator.person.create("deals", { dealname: "D", dealstage: "closedwon", amount });
    }
    const filters = [{ propertyName: "amount", operator, ...value }];
    const body = { filterGroups: [{ filters }], sorts: [{ propertyName: "amount" }], properties: ["amount"] };
    const { results } = await json(world.call("POST", "/crm/v3/objects/deals/search", body));
    assert.deepEqual(
      results.map(({ properties }) => properties["amount"]),
      found,
    );
  });
}

test("what was archived answers only to those who ask for it, and can be restored", async () => {
  const world = setup();
  const { id } = world.simulator.person.create("contacts", { email: "amy@example.com" });
  const path = `/crm/v3/objects/contacts/${id}`;
  for (let times = 0; times < 2; times += 1) assert.equal((await world.call("DELETE", path)).status, 204);
  assert.equal((await world.call("GET", path)).status, 404);
  const archived = await json(world.call("GET", `${path}?archived=true`));
  assert.equal(archived.archived, true);
  assert.equal((await json(world.call("GET", "/crm/v3/objects/contacts?archived=true"))).results.length, 1);
  world.simulator.person.restore("contacts", id);
  assert.equal((await world.call("GET", path)).status, 200);
});

test("a merge leaves one record under a new id, to which the old ids lead", async () => {
  const world = setup();
  const { person, truth } = world.simulator;
  const one = person.create("contacts", { email: "amy@example.com", firstname: "Amy" });
  const two = person.create("contacts", { email: "a.b@example.com", firstname: "A.", city: "Bonn" });
  const company = person.create("companies", { name: "Birds" });
  person.associate("contacts", two.id, "companies", company.id);
  const body = { primaryObjectId: one.id, objectIdToMerge: two.id };
  const merged = await json(world.call("POST", "/crm/v3/objects/contacts/merge", body));
  const { properties } = truth.contacts.get(merged.id)!;
  assert.deepEqual(
    [properties["email"], properties["firstname"], properties["city"], properties["hs_merged_object_ids"]],
    ["amy@example.com", "Amy", "Bonn", `${one.id};${two.id}`],
  );
  assert.deepEqual(truth.associated("contacts", merged.id, "companies"), [company.id]);
  for (const old of [one.id, two.id]) {
    assert.equal((await json(world.call("GET", `/crm/v3/objects/contacts/${old}`))).id, merged.id);
  }
  const again = person.merge("contacts", person.create("contacts", { lastname: "C" }).id, merged.id);
  assert.equal((await json(world.call("GET", `/crm/v3/objects/contacts/${one.id}`))).id, again.id);
  assert.equal(truth.contacts.size, 1);
});

test("batch creates go together or not at all, unless each can be told apart", async () => {
  const world = setup();
  const inputs = ["amy@example.com", "no address"].map((email) => ({ properties: { email }, associations: [] }));
  const path = "/crm/v3/objects/contacts/batch/create";
  assert.equal((await world.call("POST", path, { inputs })).status, 400);
  assert.equal(world.simulator.truth.contacts.size, 0);
  const traced = inputs.map((input, index) => ({ ...input, objectWriteTraceId: `t${index}` }));
  const partly = await world.call("POST", path, { inputs: traced });
  const { results, errors } = (await partly.json()) as Json;
  assert.deepEqual([partly.status, results.length, errors[0]?.context.objectWriteTraceId], [207, 1, ["t1"]]);
});

test("bad requests are refused as HubSpot does it", async () => {
  const world = setup();
  for (const [method, path, body, status] of [
    ["GET", "/crm/v3/objects/contacts?limit=101", undefined, 400],
    ["GET", "/crm/v3/objects/unknown", undefined, 400],
    ["GET", "/crm/v3/objects/contacts/404", undefined, 404],
    ["POST", "/crm/v3/objects/contacts", { properties: {} }, 400],
    ["POST", "/crm/v3/objects/contacts", { properties: { no_such: "1" } }, 400],
    ["POST", "/crm/v3/objects/contacts", { properties: { email: "a@b.co", hs_object_id: "1" } }, 400],
    ["POST", "/crm/v3/objects/deals", { properties: { dealname: "D" } }, 400],
    ["POST", "/crm/v3/objects/contacts/batch/read", { inputs: [] }, 400],
    ["GET", "/crm/v9/objects/contacts", undefined, 404],
    ["PUT", "/crm/v3/objects/contacts/1", {}, 405],
  ] as const) {
    const answer = await world.call(method, path, body);
    assert.equal(answer.status, status, path);
    const text = await answer.text();
    if (!path.includes("v9")) assert.match(text, /"correlationId":"[0-9a-f-]{36}"/);
  }
});

function delivered({ url, headers, body }: OutgoingWebhook, at: number): Delivery {
  return { method: "POST", url, headers, body: Buffer.from(body), at };
}

test("webhooks are gathered, signed anew for each try, and sent again until they are taken", async () => {
  let tries = 0;
  const world = setup({}, () => ((tries += 1) < 3 ? 500 : 200));
  world.simulator.person.create("contacts", { email: "amy@example.com" });
  world.simulator.person.create("companies", { name: "Birds" });
  const ids = new Set<string>();
  for (const waitMs of [1_000, 60_000, 5 * 60_000, 86_400_000]) {
    await world.clock.advance(waitMs);
    const last = world.hooks.at(-1)!;
    const at = Number(last.headers["x-hubspot-request-timestamp"]);
    assert.ok(webhook.verify(delivered(last, at), ["secret"]).ok);
    ids.add(webhook.dedupeId(delivered(last, at)));
  }
  assert.equal(world.hooks.length, 3);
  assert.equal(ids.size, 1);
  const attempts = world.hooks.map(({ body }) => (JSON.parse(body) as Json[])[0]!.attemptNumber);
  assert.deepEqual(attempts, [0, 1, 2]);
  assert.deepEqual([world.simulator.webhooks.counts.delivered, world.simulator.webhooks.counts.retried], [1, 2]);
  assert.equal(world.simulator.truth.changesAnnounced, 2);
});

test("every kind of change is told, at most a hundred at once", async () => {
  const world = setup();
  const { person } = world.simulator;
  const [one, two, three] = [1, 2, 3].map((at) => person.create("contacts", { email: `c${at}@example.com` }).id);
  const company = person.create("companies", { name: "Birds" }).id;
  person.update("contacts", one!, { firstname: "Amy" });
  person.associate("contacts", one!, "companies", company, 1);
  person.dissociate("contacts", one!, "companies", company);
  person.archive("contacts", three!);
  person.restore("contacts", three!);
  person.erase("contacts", three!);
  person.merge("contacts", one!, two!);
  for (let count = 0; count < 100; count += 1) person.update("companies", company, { phone: String(count) });
  await world.clock.advance(1_000);
  const events = world.hooks.flatMap(({ body }) => JSON.parse(body) as Json[]);
  assert.ok(world.hooks.every(({ body }) => (JSON.parse(body) as Json[]).length <= 100));
  const types = new Set(events.map((event) => String(event.subscriptionType)));
  assert.deepEqual([...types].toSorted(), [
    "company.creation",
    "company.propertyChange",
    "contact.associationChange",
    "contact.creation",
    "contact.deletion",
    "contact.merge",
    "contact.privacyDeletion",
    "contact.propertyChange",
    "contact.restore",
  ]);
});

test("a late answer comes, after the work was done", async () => {
  const world = setup();
  world.simulator.sabotage({ how: "late", method: "POST" });
  const answer = world.call("POST", "/crm/v3/objects/companies", { properties: { name: "Birds" } });
  await world.clock.advance(599_999);
  assert.equal(world.simulator.truth.companies.size, 1);
  await world.clock.advance(1);
  assert.equal((await answer).status, 201);
});

test("nobody is told what happened before a receiver subscribed", async () => {
  const world = setup();
  world.simulator.webhookUrl = undefined;
  world.simulator.person.create("contacts", { email: "before@example.com" });
  world.simulator.webhookUrl = HOOK;
  const { id } = world.simulator.person.create("contacts", { email: "after@example.com" });
  await world.clock.advance(2_000);
  const events = world.hooks.flatMap(({ body }) => JSON.parse(body) as { objectId: number }[]);
  assert.deepEqual(
    events.map(({ objectId }) => String(objectId)),
    [id],
  );
});

test("the same seed and the same calls give the same account, tokens and webhooks", async () => {
  const run = async (): Promise<unknown> => {
    const world = setup();
    await world.call("POST", "/crm/v3/objects/contacts", { properties: { email: "amy@example.com" } });
    await world.clock.advance(5_000);
    const tokens = await json(token(world, { grant_type: "refresh_token", refresh_token: "na1-refresh" }));
    return [tokens, world.hooks, [...world.simulator.truth.contacts]];
  };
  assert.deepEqual(await run(), await run());
});
