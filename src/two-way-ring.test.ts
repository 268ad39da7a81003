// Three systems and more in a ring, a two-way sync between each two: what goes round comes to rest, and takes nobody twice.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { defineConfig } from "./define/define-config.ts";
import { defineTwoWaySync } from "./define/define-two-way-sync.ts";
import { email } from "./define/match-as.ts";
import { openEngine } from "./engine.ts";
import { peopleConnector, smallPeople, type SmallPeople } from "./testing/small-people.ts";
import { cutAfterwards, silentAfterwards, waits, type Trouble } from "./testing/troubles.ts";
import { inProcessNetwork, type FetchHandler } from "./world/in-process.ts";
import { pause } from "./world/pause.ts";
import { SeededRandom, VirtualClock } from "./world/virtual.ts";

/** Each call takes this long, so that what one sync writes is under way while another decides. */
const ANSWER_MS = 20;
const NAMES = ["crm", "marketing", "shop", "desk"] as const;

interface Ring {
  /** How many systems. Default 3. */
  readonly size?: 3 | 4;
  /** This one keeps whom the CRM deleted. */
  readonly keeps?: "marketing" | "shop";
}

/** Anna in all of them. */
async function ring(t: TestContext, { size = 3, keeps }: Ring = {}) {
  const clock = new VirtualClock();
  const folder = await mkdtemp(join(tmpdir(), "bowline-ring-"));
  const [crm, marketing, shop, desk] = [
    smallPeople("crm", clock),
    smallPeople("marketing", clock),
    smallPeople("shop", clock),
    smallPeople("desk", clock),
  ] as const;
  const systems = [crm, marketing, shop, desk].slice(0, size);
  const connections = NAMES.slice(0, size).map((name) =>
    peopleConnector(name).connect(name, { token: "1", webhookSecret: "a webhook secret for tests" }),
  );
  const syncs = connections.map((one, first) => {
    const next = connections[(first + 1) % size];
    return defineTwoWaySync({
      name: `ring-${first}`,
      purpose: "All know the same people.",
      owner: "sales",
      between: { one: one.people, next: next!.people },
      match: [{ one: ({ fields }) => fields.email, next: ({ fields }) => fields.email, as: email }],
      fields: [
        { one: "email", next: "email" },
        { one: "name", next: "name" },
      ],
      conflicts: "one",
      // Not along the last side of the ring, so that nobody is made on two roads.
      create: { one: false, next: first < size - 1 },
      onDelete: {
        one: keeps === "marketing" && first === 0 ? "unlink" : "delete",
        next: keeps === "shop" && first === 2 ? "unlink" : "delete",
      },
      freshWithin: "1m",
      pollEvery: "5s",
    });
  });
  const handlers = new Map(systems.map(({ url, fetch }) => [url, slowly(clock, fetch)] as const));
  const world = { clock, random: new SeededRandom(1), network: inProcessNetwork(handlers, clock) };
  const engine = await openEngine({
    project: defineConfig({ connections, syncs, port: 0 }),
    environment: {},
    dataPath: join(folder, "state.db"),
    listen: false,
    thread: false,
    world,
  });
  const rounds = async (count: number): Promise<void> => {
    for (let step = 0; step < count; step += 1) await clock.advance(250);
  };
  t.after(async () => {
    const stopped = engine.stop();
    await rounds(20);
    await stopped;
    await rm(folder, { recursive: true, force: true });
  });
  await engine.start();
  crm.edit("a", { email: "anna@example.com", name: "Anna" });
  await rounds(240);
  const names = () => systems.map(({ all }) => [...all.values()].map(({ fields }) => fields.name));
  const everywhere = (...all: readonly string[]) => systems.map(() => [...all]);
  assert.deepEqual(names(), everywhere("Anna"));
  return { everywhere, engine, clock, crm, marketing, shop, systems, rounds, names };
}

const slowly =
  (clock: VirtualClock, fetch: FetchHandler): FetchHandler =>
  async (request) => {
    await pause(clock, ANSWER_MS);
    return fetch(request);
  };

/** Its writes wait until they are let go. */
function holdWrites({ troubles }: SmallPeople) {
  const held = waits();
  const holds: Trouble = (request, answer) => (request.method === "GET" ? answer() : held.trouble(request, answer));
  troubles.push(...Array.from({ length: 100 }, () => holds));
  return held;
}

const SIZES = [3, 4] as const;

for (const size of SIZES) {
  test(`a ring of ${size} systems comes to rest`, async (t) => {
    const { everywhere, systems, rounds, names } = await ring(t, { size });
    for (const [index, system] of systems.entries()) {
      const [id = ""] = system.all.keys();
      system.edit(id, { name: `Edit ${index}` });
      await rounds(240);
      assert.deepEqual(names(), everywhere(`Edit ${index}`));
    }
    const writes = (): number => systems.reduce((sum, system) => sum + system.writes.length, 0);
    const before = writes();
    await rounds(240);
    assert.equal(writes(), before, "at rest nothing is written");
  });

  test(`a deletion goes round a ring of ${size} systems, and nobody rises again`, async (t) => {
    const { marketing, rounds, everywhere, names } = await ring(t, { size });
    marketing.remove([...marketing.all.keys()][0] ?? "");
    await rounds(240);
    assert.deepEqual(names(), everywhere());
  });
}

test("two values never chase each other round a ring: what is carried on stays as it is until it is there", async (t) => {
  const { engine, clock, crm, marketing, shop, systems, rounds, names } = await ring(t);
  const held = holdWrites(marketing);
  crm.edit("a", { name: "Anne" });
  await rounds(40);
  assert.deepEqual(names(), [["Anne"], ["Anna"], ["Anne"]]);
  // Set back at the shop while marketing is still being told: one value goes round behind the other.
  const heldBack = holdWrites(crm);
  shop.edit([...shop.all.keys()][0] ?? "", { name: "Anna" });
  await rounds(40);
  held.letGo();
  await clock.advance(10);
  heldBack.letGo();
  await rounds(2_400);
  assert.deepEqual(await engine.control.parked({ limit: 10 }), []);
  assert.equal(new Set(names().flat()).size, 1);
  const writes = systems.map((system) => system.writes.length);
  assert.ok(Math.max(...writes) <= 4, `${writes.join(", ")} writes`);
});

test("a system that hangs keeps what another tells of the same record from the third for a while only", async (t) => {
  const { crm, marketing, shop, rounds } = await ring(t);
  const held = holdWrites(marketing);
  crm.edit("a", { name: "Anne" });
  await rounds(40);
  shop.edit([...shop.all.keys()][0] ?? "", { name: "Annie" });
  await rounds(80);
  assert.deepEqual([crm.fields("a")?.name, [...marketing.all.values()][0]?.fields.name], ["Annie", "Anna"]);
  held.letGo();
});

test("a deletion that was taken back while it went round a ring does not come round to take the record again", async (t) => {
  const { crm, shop, marketing, rounds, names } = await ring(t, { keeps: "shop" });
  const held = waits();
  const holdsDeletion = (request: Request, answer: () => Promise<Response>): Promise<Response> => {
    if (request.method !== "DELETE") return answer();
    shop.troubles.length = 0;
    return held.trouble(request, answer);
  };
  shop.troubles.push(...Array.from({ length: 100 }, () => holdsDeletion));
  crm.remove("a");
  await rounds(40);
  assert.equal(marketing.writes.filter((write) => write.startsWith("DELETE")).length, 1);
  crm.restore("a");
  await rounds(40);
  held.letGo();
  await rounds(480);
  assert.deepEqual(
    crm.writes.filter((write) => write.startsWith("DELETE")),
    [],
  );
  assert.deepEqual(names(), [["Anna"], ["Anna"], ["Anna"]]);
});

const UNANSWERED = {
  "whose answer is lost": cutAfterwards,
  "that is not answered": silentAfterwards,
} as const;

for (const [what, unanswered] of Object.entries(UNANSWERED)) {
  for (const size of SIZES) {
    test(`a deletion ${what} takes nobody further round a ring of ${size} who is back by then`, async (t) => {
      const { everywhere, engine, crm, marketing, rounds, names } = await ring(t, {
        size,
        keeps: "marketing",
      });
      const befalls: Trouble = (request, answer) =>
        request.method === "DELETE" ? unanswered(request, answer) : answer();
      marketing.troubles.push(...Array.from({ length: 100 }, () => befalls));
      crm.remove("a");
      for (let step = 0; step < 80 && marketing.all.size > 0; step += 1) await rounds(1);
      assert.deepEqual(names(), everywhere());
      crm.restore("a");
      await rounds(480);
      marketing.troubles.length = 0;
      await rounds(480);
      assert.deepEqual(
        crm.writes.filter((write) => write.startsWith("DELETE")),
        [],
      );
      assert.deepEqual(names(), everywhere("Anna"));
      assert.deepEqual(await engine.control.parked({}), []);
    });
  }
}
