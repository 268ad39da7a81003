// The whole engine between two accounts: everything that the connector says is put to use, in virtual time.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { defineConfig } from "../../src/define/define-config.ts";
import { defineSync } from "../../src/define/define-sync.ts";
import { env } from "../../src/define/secret.ts";
import { openEngine, type Engine } from "../../src/engine.ts";
import { inProcessNetwork } from "../../src/world/in-process.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { hubspot } from "./connector.ts";
import { createHubSpotSimulator, type HubSpotSimulator } from "./simulator.ts";

const KEY = [{ name: "bowline_key", type: "string", hasUniqueValue: true }] as const;
const MINUTE_MS = 60_000;

const old = hubspot.connect("old", { accessToken: env("OLD_TOKEN"), baseUrl: "https://old.example" });
const fresh = hubspot.connect("fresh", {
  clientId: "client",
  clientSecret: env("FRESH_SECRET"),
  refreshToken: env("FRESH_REFRESH"),
  baseUrl: "https://fresh.example",
  tokenUrl: "https://fresh.example/oauth/2026-09/token",
});

const companies = defineSync({
  name: "companies",
  purpose: "Each company moves.",
  owner: "sales",
  from: old.companies,
  to: fresh.companies,
  freshWithin: "1m",
  onDelete: "archive",
  map: ({ field }) => ({
    name: field(({ properties }) => properties.name).orPark("it has no name"),
    domain: field(({ properties }) => properties.domain).orOmit(),
  }),
});
const contacts = defineSync({
  name: "contacts",
  purpose: "Each contact moves.",
  owner: "sales",
  from: old.contacts,
  to: fresh.contacts,
  freshWithin: "1m",
  onDelete: "archive",
  onExisting: "link",
  map: ({ field, each }) => ({
    email: field(({ properties }) => properties.email).orPark("it has no address"),
    firstname: field(({ properties }) => properties.firstname).orOmit(),
    companies: each(
      ({ associations }) => associations?.companies?.results ?? [],
      ({ link }) => ({ id: link(companies, ({ id }) => id) }),
    ),
  }),
});
const deals = defineSync({
  name: "deals",
  purpose: "Each deal moves.",
  owner: "sales",
  from: old.deals,
  to: fresh.deals,
  freshWithin: "1m",
  onDelete: "archive",
  map: ({ field, each }) => ({
    dealname: field(({ properties }) => properties.dealname).orPark("it has no name"),
    dealstage: field(({ properties }) => properties.dealstage).orPark("it has no stage"),
    amount: field(({ properties }) => properties.amount).orOmit(),
    contacts: each(
      ({ associations }) => associations?.contacts?.results ?? [],
      ({ link }) => ({ id: link(contacts, ({ id }) => id) }),
    ),
  }),
});

interface World {
  readonly clock: VirtualClock;
  readonly from: HubSpotSimulator;
  readonly to: HubSpotSimulator;
  readonly engine: Engine;
  /** Lets so much time pass. */
  pass(durationMs: number): Promise<void>;
}

async function setup(t: TestContext, before: (from: HubSpotSimulator, to: HubSpotSimulator) => void): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-hubspot-"));
  const clock = new VirtualClock();
  const app = { clock, clientId: "client", clientSecret: "fresh-secret" };
  const from = createHubSpotSimulator({
    ...app,
    random: new SeededRandom(1),
    privateAppToken: "pat-old",
    settings: { mergeMakesNewId: false },
  });
  const to = createHubSpotSimulator({
    ...app,
    random: new SeededRandom(2),
    refreshToken: "na1-fresh",
    settings: { properties: { companies: KEY, deals: KEY }, callsPerTenSeconds: 110 },
  });
  before(from, to);
  const handlers = new Map([
    ["https://old.example", (request: Request) => from.fetch(request)],
    ["https://fresh.example", (request: Request) => to.fetch(request)],
  ]);
  const engine = await openEngine({
    project: defineConfig({
      name: "move",
      connections: [old, fresh],
      syncs: [companies, contacts, deals],
      port: 0,
    }),
    environment: { OLD_TOKEN: "pat-old", FRESH_SECRET: "fresh-secret", FRESH_REFRESH: "na1-fresh" },
    dataPath: join(folder, "state.db"),
    listen: false,
    thread: false,
    world: { clock, random: new SeededRandom(3), network: inProcessNetwork(handlers, clock) },
  });
  const pass = async (durationMs: number): Promise<void> => {
    for (let passed = 0; passed < durationMs; passed += 250) await clock.advance(250);
  };
  t.after(async () => {
    const stopped = engine.stop();
    await pass(2_000);
    await stopped;
    await rm(folder, { recursive: true, force: true });
  });
  await engine.start();
  return { clock, from, to, engine, pass };
}

const values = (simulator: HubSpotSimulator, kind: "contacts" | "companies" | "deals", name: string): string[] =>
  [...simulator.truth[kind].values()].map(({ properties }) => properties[name] ?? "").toSorted();

test("an account moves into another one, and stays in agreement with it", async (t) => {
  const ids: string[] = [];
  const { from, to, pass } = await setup(t, ({ person }, target) => {
    const company = person.create("companies", { name: "Birds", domain: "birds.example" }).id;
    for (let count = 0; count < 120; count += 1) {
      const { id } = person.create("contacts", { email: `c${count}@example.com`, firstname: `C${count}` });
      if (count < 3) person.associate("contacts", id, "companies", company);
      ids.push(id);
    }
    const deal = person.create("deals", { dealname: "Big", dealstage: "contractsent", amount: "100.00" });
    person.associate("deals", deal.id, "contacts", ids[0]!);
    target.person.create("contacts", { email: "c5@example.com", firstname: "Old" });
    target.sabotage({ how: "cut-after", method: "POST", path: "companies/batch/upsert" });
    target.sabotage({ how: "cut-after", method: "POST", path: "objects/2026-09/deals" });
  });
  await pass(2 * MINUTE_MS);
  assert.deepEqual(values(to, "contacts", "email"), values(from, "contacts", "email"));
  assert.deepEqual(values(to, "contacts", "firstname"), values(from, "contacts", "firstname"));
  assert.deepEqual([values(to, "companies", "name"), values(to, "deals", "amount")], [["Birds"], ["100"]]);
  const [company] = to.truth.companies.keys();
  const [deal] = to.truth.deals.keys();
  assert.equal(to.truth.associated("companies", company!, "contacts").length, 3);
  assert.equal(to.truth.associated("deals", deal!, "contacts").length, 1);

  to.sabotage({ how: "cut-after", method: "PATCH" });
  from.person.update("contacts", ids[7]!, { firstname: "Amelia" });
  from.person.merge("contacts", ids[8]!, ids[9]!);
  await pass(2 * MINUTE_MS);
  assert.deepEqual(values(to, "contacts", "email"), values(from, "contacts", "email"));
  assert.deepEqual(values(to, "contacts", "firstname"), values(from, "contacts", "firstname"));
  assert.equal(to.truth.contacts.size, 119);
  assert.deepEqual([from.truth.limits.throttled, to.truth.limits.throttled], [0, 0]);
  assert.ok(to.truth.refreshes >= 1);
});
