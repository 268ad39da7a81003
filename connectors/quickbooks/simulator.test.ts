import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { createQuickBooksSimulator, type QuickBooksSimulator, type QuickBooksSimulatorSettings } from "./simulator.ts";

const BASE = "http://quickbooks.test/v3/company/123";

interface World {
  readonly clock: VirtualClock;
  readonly simulator: QuickBooksSimulator;
  readonly hooks: OutgoingWebhook[];
  get(path: string): Promise<Response>;
  post(path: string, body: object): Promise<Response>;
}

function setup(settings: Partial<QuickBooksSimulatorSettings> = {}, receives = (): number => 200): World {
  const clock = new VirtualClock();
  const hooks: OutgoingWebhook[] = [];
  const simulator = createQuickBooksSimulator({
    clock,
    random: new SeededRandom(11),
    realmId: "123",
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "RT1-first",
    webhookVerifierToken: "verifier",
    webhookUrl: "http://receiver.test/",
    send: (webhook) => {
      hooks.push(webhook);
      return Promise.resolve(receives());
    },
    settings: { callsPerMinute: 0, callsPerSecond: 0, callsAtOnce: 0, ...settings },
  });
  const authorization = `Bearer ${simulator.accessToken()}`;
  const headers = { authorization, accept: "application/json", "content-type": "application/json" };
  return {
    clock,
    simulator,
    hooks,
    get: (path) => simulator.fetch(new Request(`${BASE}${path}`, { headers })),
    post: (path, body) =>
      simulator.fetch(new Request(`${BASE}${path}`, { method: "POST", headers, body: JSON.stringify(body) })),
  };
}

const query = (text: string): string => `/query?query=${encodeURIComponent(text)}`;

async function faultCode(response: Response): Promise<string | undefined> {
  const { Fault } = (await response.json()) as { Fault?: { Error: { code: string }[] } };
  return Fault?.Error[0]?.code;
}

function refresh({ simulator }: World, token: string, secret = "secret"): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`client:${secret}`).toString("base64")}`;
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: token });
  return simulator.fetch(
    new Request("http://oauth.test/oauth2/v1/tokens/bearer", { method: "POST", headers: { authorization }, body }),
  );
}

const tokenOf = async (response: Response): Promise<string> =>
  String(((await response.json()) as Record<string, unknown>)["refresh_token"]);

test("a superseded refresh token works within its grace, is counted, and then no more", async () => {
  const world = setup({ refreshTokenGraceMs: 60_000 });
  const second = await tokenOf(await refresh(world, "RT1-first"));
  assert.equal(await tokenOf(await refresh(world, "RT1-first")), second);
  await world.clock.advance(60_000);
  assert.equal((await refresh(world, "RT1-first")).status, 400);
  assert.equal((await refresh(world, second, "wrong")).status, 401);
  assert.equal(world.simulator.truth.refreshTokensPresentedTwice, 2);
});

test("a refresh token may also stay the same for a day", async () => {
  const world = setup({ refreshTokenRotation: "daily" });
  assert.equal(await tokenOf(await refresh(world, "RT1-first")), "RT1-first");
  await world.clock.advance(86_400_000);
  assert.notEqual(await tokenOf(await refresh(world, "RT1-first")), "RT1-first");
});

test("the call after the last one allowed is throttled, until the second is over", async () => {
  const world = setup({ callsPerSecond: 3, retryAfterSeconds: 1 });
  const statuses: number[] = [];
  for (let count = 0; count < 5; count += 1) statuses.push((await world.get("/companyinfo/123")).status);
  const last = await world.get("/companyinfo/123");
  assert.deepEqual([...statuses, last.status], [200, 200, 200, 429, 429, 429]);
  assert.equal(last.headers.get("retry-after"), "1");
  assert.match(await last.text(), /errorCode=003001/);
  assert.deepEqual(world.simulator.truth.limits, { throttled: 3, windowsOverLimit: 1, atOnceMax: 1 });
  await world.clock.advance(1_000);
  assert.equal((await world.get("/companyinfo/123")).status, 200);
});

test("calls at the same time are limited, and each ends in its own time", async () => {
  const world = setup({ callsAtOnce: 2, latencyMs: 100 });
  const calls = [1, 2, 3].map(() => world.get("/companyinfo/123"));
  await world.clock.advance(100);
  assert.deepEqual(
    (await Promise.all(calls)).map(({ status }) => status),
    [200, 200, 429],
  );
  assert.equal(world.simulator.truth.limits.atOnceMax, 2);
});

test("a remembered request id is forgotten after its time", async () => {
  const world = setup({ requestIdRetentionMs: 1_000 });
  const line = { Amount: 1, DetailType: "SalesItemLineDetail", SalesItemLineDetail: {} };
  const buyer = world.simulator.person.create("Customer", { DisplayName: "Amy" });
  const sale = { CustomerRef: { value: buyer["Id"] }, Line: [line] };
  for (const pauseMs of [0, 999, 1]) {
    await world.clock.advance(pauseMs);
    await world.post("/invoice?requestid=k1", sale);
  }
  assert.deepEqual([world.simulator.truth.invoices.size, world.simulator.truth.replays], [2, 1]);
});

test("a fault comes again too for the same request id, unless it is set otherwise", async () => {
  for (const [requestIdReplaysFaults, created] of [
    [true, 0],
    [false, 1],
  ] as const) {
    const world = setup({ requestIdReplaysFaults });
    const first = world.simulator.person.create("Customer", { DisplayName: "Amy" });
    await world.post("/customer?requestid=k1", { DisplayName: "Amy" });
    world.simulator.person.update("Customer", String(first["Id"]), { DisplayName: "Amy Senior" });
    await world.post("/customer?requestid=k1", { DisplayName: "Amy" });
    assert.equal(world.simulator.truth.created.Customer, created);
  }
});

test("a document number in use is refused when the company wants that, and can be insisted on", async () => {
  const world = setup({ warnDuplicateDocNumbers: true });
  const buyer = world.simulator.person.create("Customer", { DisplayName: "Amy" });
  const line = { Amount: 1, DetailType: "SalesItemLineDetail", SalesItemLineDetail: {} };
  const sale = { CustomerRef: { value: buyer["Id"] }, DocNumber: "7", Line: [line] };
  assert.equal((await world.post("/invoice", sale)).status, 200);
  assert.equal(await faultCode(await world.post("/invoice", sale)), "6140");
  assert.equal((await world.post("/invoice?include=allowduplicatedocnum", sale)).status, 200);
  assert.equal(world.simulator.truth.duplicates("Invoice", "DocNumber"), 1);
});

for (const [text, code] of [
  ["select * from", "4000"],
  ["select * from Customer where DisplayName", "4000"],
  ["select * from Customer where DisplayName = 'Amy", "4000"],
  ["select * from Customer where DisplayName = 'A' or DisplayName = 'B'", "4000"],
  ["select * from Customers", "4001"],
  ["select * from Customer where Nonsense = '1'", "4001"],
  ["select * from Customer maxresults 1001", "4001"],
  ["select * from Customer startposition 0", "4001"],
  ["select * from Customer where MetaData.LastUpdatedTime > 'yesterday'", "4001"],
] as const) {
  test(`the query "${text}" is refused with ${code}`, async () => {
    assert.equal(await faultCode(await setup().get(query(text))), code);
  });
}

test("queries filter, order and cut as they are told", async () => {
  const world = setup();
  for (const name of ["Bob", "Amy", "O'Neil", "Cat"]) {
    world.simulator.person.create("Customer", { DisplayName: name });
    await world.clock.advance(1_000);
  }
  const names = async (rest: string): Promise<unknown> => {
    const answer = (await (await world.get(query(`Select * From Customer ${rest}`))).json()) as {
      QueryResponse: { Customer?: { DisplayName: string }[] };
    };
    return answer.QueryResponse.Customer?.map(({ DisplayName }) => DisplayName);
  };
  const since = new Date(world.clock.now() - 2_000).toISOString();
  assert.deepEqual(await names("where DisplayName = 'O\\'Neil'"), ["O'Neil"]);
  assert.deepEqual(await names("orderby DisplayName startposition 2 maxresults 2"), ["Bob", "Cat"]);
  assert.deepEqual(await names("where DisplayName like '%a%' ORDER BY Id DESC"), ["Cat", "Amy"]);
  assert.deepEqual(await names("where Id in ('1', '3') and Active = true orderby Id"), ["Bob", "O'Neil"]);
  assert.deepEqual(await names(`where Metadata.LastUpdatedTime >= '${since}' orderby Id`), ["O'Neil", "Cat"]);
  assert.equal(await names("where Id > '4'"), undefined);
});

test("change data capture refuses to look back further than thirty days", async () => {
  const world = setup();
  const long = new Date(world.clock.now() - 31 * 86_400_000).toISOString();
  assert.equal(await faultCode(await world.get(`/cdc?entities=Invoice&changedSince=${long}`)), "6000");
});

test("webhooks are gathered, signed, and sent again by the schedule until they are taken", async () => {
  let tries = 0;
  const world = setup({}, () => ((tries += 1) < 3 ? 500 : 200));
  world.simulator.person.create("Customer", { DisplayName: "Amy" });
  world.simulator.person.create("Customer", { DisplayName: "Bob" });
  await world.clock.advance(2_000);
  await world.clock.advance(20 * 60_000);
  await world.clock.advance(30 * 60_000);
  assert.equal(world.hooks.length, 3);
  const [{ body, headers }] = world.hooks as [OutgoingWebhook];
  assert.equal((JSON.parse(body) as unknown[]).length, 2);
  assert.equal(headers["intuit-signature"], createHmac("sha256", "verifier").update(body).digest("base64"));
  assert.deepEqual([world.simulator.webhooks.counts.delivered, world.simulator.webhooks.counts.retried], [1, 2]);
});

test("the same seed and the same calls give the same books, tokens and webhooks", async () => {
  const run = async (): Promise<unknown> => {
    const world = setup();
    await world.post("/customer", { DisplayName: "Amy" });
    await world.clock.advance(5_000);
    return [await (await refresh(world, "RT1-first")).text(), world.hooks, [...world.simulator.truth.customers]];
  };
  assert.deepEqual(await run(), await run());
});

test("merging customers moves what they bought and leaves one of them", async () => {
  const world = setup();
  const { person, truth } = world.simulator;
  const [loser, winner] = ["Amy", "Amy B."].map((DisplayName) =>
    String(person.create("Customer", { DisplayName })["Id"]),
  );
  const line = { Amount: "5", DetailType: "SalesItemLineDetail", SalesItemLineDetail: {} };
  const sale = person.create("Invoice", { CustomerRef: { value: loser }, Line: [line] });
  person.merge("Customer", loser!, winner!);
  assert.deepEqual([...truth.customers.keys()], [winner]);
  assert.equal(truth.customers.get(winner!)?.["Balance"], "5.00");
  assert.deepEqual(truth.invoices.get(String(sale["Id"]))?.["CustomerRef"], { value: winner, name: "Amy B." });
});

test("ten thousand objects are made without growing slower", async () => {
  const world = setup({ webhookBatchMs: 0 });
  for (let count = 0; count < 5_000; count += 1) {
    const buyer = (await (await world.post("/customer", { DisplayName: `Customer ${count}` })).json()) as {
      Customer: { Id: string };
    };
    const line = { Amount: 1.1, DetailType: "SalesItemLineDetail", SalesItemLineDetail: {} };
    await world.post(`/invoice?requestid=${count}`, { CustomerRef: { value: buyer.Customer.Id }, Line: [line] });
  }
  assert.equal(world.simulator.truth.invoices.size, 5_000);
  assert.equal(world.simulator.truth.duplicates("Customer", "DisplayName"), 0);
});
