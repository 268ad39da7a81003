import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { createSalesforceSimulator, type SalesforceSimulator, type SalesforceSimulatorOptions } from "./simulator.ts";

interface World {
  readonly clock: VirtualClock;
  readonly simulator: SalesforceSimulator;
  call(path: string, init?: { readonly method: string; readonly body: string }): Promise<Response>;
  token(form: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
}

const BASE = "http://org.test/services/data/v67.0";

function setup(options: Partial<SalesforceSimulatorOptions> = {}): World {
  const clock = new VirtualClock();
  const simulator = createSalesforceSimulator({
    clock,
    random: new SeededRandom(3),
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "5Aep-first",
    ...options,
  });
  const authorization = `Bearer ${simulator.accessToken()}`;
  return {
    clock,
    simulator,
    call: (path, init) => simulator.fetch(new Request(BASE + path, { ...init, headers: { authorization } })),
    token: async (form) => {
      const body = new URLSearchParams({ client_id: "client", client_secret: "secret", ...form });
      const request = new Request("http://org.test/services/oauth2/token", { method: "POST", body });
      return (await (await simulator.fetch(request)).json()) as Readonly<Record<string, string>>;
    },
  };
}

const query = (soql: string): string => `/query?q=${encodeURIComponent(soql)}`;

async function code(response: Promise<Response>): Promise<string | undefined> {
  const body = (await (await response).json()) as [{ errorCode?: string }?];
  return body[0]?.errorCode;
}

for (const [soql, expected] of [
  ["SELECT Id FROM Account WHERE Name = 'open", "MALFORMED_QUERY"],
  ["SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY"],
  ["SELECT Id FROM Account WHERE Name = 'a\\x'", "MALFORMED_QUERY"],
  ["SELECT FROM Account", "MALFORMED_QUERY"],
  ["SELECT Id FROM Account LIMIT many", "MALFORMED_QUERY"],
  ["SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"],
  ["SELECT Nonsense FROM Account", "INVALID_FIELD"],
  ["SELECT Id FROM Account WHERE Nonsense = 1", "INVALID_FIELD"],
  ["SELECT Id FROM Account ORDER BY Nonsense", "INVALID_FIELD"],
  ["SELECT Id FROM Account WHERE SystemModstamp > '2026-01-01T00:00:00Z'", "INVALID_FIELD"],
  ["SELECT Id FROM Account WHERE SystemModstamp > 2026-01-01", "INVALID_FIELD"],
  ["SELECT Id FROM Account WHERE AnnualRevenue = '5'", "INVALID_FIELD"],
  ["SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD"],
  ["SELECT Id, (SELECT Id FROM Nonsense) FROM Account", "INVALID_TYPE"],
] as const) {
  test(`the query "${soql}" is refused with ${expected}`, async () => {
    assert.equal(await code(setup().call(query(soql))), expected);
  });
}

test("numbers are shown as doubles are, and times without a colon in the offset", async () => {
  const world = setup();
  const deal = { Name: "Deal", StageName: "New", CloseDate: "2026-12-31" };
  for (const Amount of [1500, 12_345_678, 0.1, 0]) world.simulator.person.create("Opportunity", { ...deal, Amount });
  const text = await (await world.call(query("SELECT Amount, CreatedDate FROM Opportunity ORDER BY Id"))).text();
  assert.deepEqual(text.match(/"Amount":[^,]+/g), [
    '"Amount":1500.0',
    '"Amount":1.2345678E7',
    '"Amount":0.1',
    '"Amount":0.0',
  ]);
  assert.ok(text.includes('"CreatedDate":"2026-08-20T12:00:00.000+0000"'));
});

test("the day's calls are a window that rolls, and each answer tells how it stands", async () => {
  const world = setup({ settings: { callsPerDay: 2 } });
  const soql = query("SELECT Id FROM Organization");
  assert.equal((await world.call(soql)).headers.get("sforce-limit-info"), "api-usage=1/2");
  await world.clock.advance(3_600_000);
  await world.call(soql);
  assert.equal(await code(world.call(soql)), "REQUEST_LIMIT_EXCEEDED");
  assert.equal(await code(world.call(soql)), "REQUEST_LIMIT_EXCEEDED");
  assert.deepEqual({ ...world.simulator.truth.limits }, { refused: 2, windowsOverLimit: 1, atOnceMax: 1 });
});

test("a call of the day before gives its place back", async () => {
  const world = setup({ settings: { callsPerDay: 1, sessionMs: 7 * 86_400_000 } });
  const soql = query("SELECT Id FROM Organization");
  await world.call(soql);
  await world.clock.advance(86_400_001);
  assert.equal((await world.call(soql)).status, 200);
});

test("long calls beyond their number are refused, short ones never", async () => {
  const world = setup({ settings: { latencyMs: 60_000, longCallsMax: 2 } });
  const soql = query("SELECT Id FROM Organization");
  const early = Array.from({ length: 3 }, () => world.call(soql));
  await world.clock.advance(21_000);
  const refused = await world.call(soql);
  assert.equal(refused.status, 403);
  assert.match(await refused.text(), /ConcurrentRequests/);
  await world.clock.advance(60_000);
  assert.deepEqual(
    (await Promise.all(early)).map(({ status }) => status),
    [200, 200, 200],
  );
});

test("a session lasts as long as it is used, and ends when it is not", async () => {
  const world = setup({ settings: { sessionMs: 60_000 } });
  const soql = query("SELECT Id FROM Organization");
  for (let minute = 0; minute < 3; minute += 1) {
    assert.equal((await world.call(soql)).status, 200);
    await world.clock.advance(59_000);
  }
  await world.clock.advance(1_000);
  assert.equal((await world.call(soql)).status, 401);
});

test("with rotation each refresh token is good for one use, and a second is counted", async () => {
  const world = setup({ settings: { refreshTokenRotation: true } });
  const form = { grant_type: "refresh_token", refresh_token: "5Aep-first" };
  const first = await world.token(form);
  assert.ok(first["access_token"] !== undefined && first["expires_in"] === undefined);
  assert.equal((await world.token(form))["error"], "invalid_grant");
  assert.equal(world.simulator.truth.refreshTokensPresentedTwice, 1);
  assert.ok((await world.token({ ...form, refresh_token: first["refresh_token"] ?? "" }))["access_token"]);
});

test("who is revoked, switched off or wrong is told in different words", async () => {
  const world = setup();
  const form = { grant_type: "refresh_token", refresh_token: "5Aep-first" };
  assert.equal((await world.token({ ...form, client_secret: "wrong" }))["error"], "invalid_client");
  assert.equal((await world.token({ ...form, scope: "api" }))["error_description"], "scope parameter not supported");
  world.simulator.tokens.deactivateUser();
  assert.equal((await world.token(form))["error_description"], "inactive user");
  const other = setup();
  other.simulator.tokens.disconnect();
  assert.equal((await other.token(form))["error_description"], "expired access/refresh token");
});

test("the next pages of a query end with their time, and leave out what was deleted meanwhile", async () => {
  const world = setup({ settings: { queryBatchMax: 2, locatorMs: 60_000 } });
  const ids = ["A", "B", "C"].map((Name) => String(world.simulator.person.create("Account", { Name })["Id"]));
  const page = (await (await world.call(query("SELECT Id FROM Account"))).json()) as { nextRecordsUrl: string };
  const next = page.nextRecordsUrl.replace("/services/data/v67.0", "");
  world.simulator.person.delete("Account", ids[2]!);
  const rest = (await (await world.call(next)).json()) as { records: object[]; done: boolean };
  assert.deepEqual([rest.records.length, rest.done], [0, true]);
  await world.clock.advance(60_001);
  assert.equal(await code(world.call(next)), "INVALID_QUERY_LOCATOR");
});

test("what was deleted leaves the recycle bin after fifteen days", async () => {
  const world = setup({ settings: { sessionMs: 99 * 86_400_000 } });
  const id = String(world.simulator.person.create("Account", { Name: "Amy" })["Id"]);
  world.simulator.person.delete("Account", id);
  const found = async (): Promise<number> => {
    const soql = encodeURIComponent("SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = true");
    return ((await (await world.call(`/queryAll?q=${soql}`)).json()) as { totalSize: number }).totalSize;
  };
  assert.equal(await found(), 1);
  await world.clock.advance(15 * 86_400_000 + 1_000);
  assert.equal(await found(), 0);
});

test("a merge moves what belonged to the loser, and names the winner", async () => {
  const world = setup();
  const { person, truth } = world.simulator;
  const [loser, winner] = ["Amy", "Bob"].map((Name) => String(person.create("Account", { Name })["Id"]));
  const contact = String(person.create("Contact", { LastName: "Lee", AccountId: loser })["Id"]);
  person.merge("Account", loser!, winner!);
  assert.equal(truth.records("Contact").get(contact)?.["AccountId"], winner);
  const soql = encodeURIComponent(`SELECT MasterRecordId FROM Account WHERE Id = '${loser}'`);
  const { records } = (await (await world.call(`/queryAll?q=${soql}`)).json()) as {
    records: [{ MasterRecordId: string }];
  };
  assert.equal(records[0].MasterRecordId, winner);
});

test("a retired version is gone, and one that is to come is not there", async () => {
  const { simulator } = setup();
  const status = async (version: string): Promise<number> =>
    (await simulator.fetch(new Request(`http://org.test/services/data/v${version}/query`))).status;
  assert.deepEqual([await status("30.0"), await status("67.0"), await status("99.0")], [410, 401, 404]);
});

test("the same seed and the same calls give the same org, tokens and answers", async () => {
  const run = async (): Promise<unknown> => {
    const world = setup();
    const body = JSON.stringify({ Name: "Amy" });
    const made = await (await world.call("/sobjects/Account", { method: "POST", body })).text();
    const form = { grant_type: "refresh_token", refresh_token: "5Aep-first" };
    return [made, await world.token(form), [...world.simulator.truth.records("Account")]];
  };
  assert.deepEqual(await run(), await run());
});
