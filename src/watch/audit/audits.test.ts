// Audits of a whole engine: two systems in one process, virtual time, a real file of state.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { defineConnector } from "../../define/define-connector.ts";
import { openEngine, type Engine } from "../../engine.ts";
import { slowClock, type SlowClock } from "../../testing/slow-clock.ts";
import {
  people,
  peopleConnector,
  twoSystems,
  twoSystemsProject,
  type ContactsSyncOptions,
  type TwoSystems,
} from "../../testing/two-systems.ts";
import { inProcessNetwork } from "../../world/in-process.ts";
import { SeededRandom, VirtualClock } from "../../world/virtual.ts";
import type { AuditView } from "./audits.ts";
import type { AuditAsked, AuditFinding } from "./report.ts";

const SYNC = "people-to-contacts";
/** Longer than a change may take to be noticed. */
const SOON_MS = 5 * 60_000;

interface Bench extends TwoSystems {
  readonly clock: VirtualClock;
  open(changes?: Partial<ContactsSyncOptions>): Promise<Engine>;
  until<T>(promise: Promise<T>): Promise<T>;
  /** An audit from its beginning to its end, and what it found. */
  audit(
    engine: Engine,
    asked?: AuditAsked,
  ): Promise<AuditView & { readonly found: readonly AuditFinding[]; readonly kinds: readonly string[] }>;
  contactOf(name: string): string;
}

/** Twelve people who are contacts already; the next poll and listing are far off. */
async function setup(
  t: TestContext,
  changes: Partial<ContactsSyncOptions> = {},
  from = people,
  slow?: SlowClock,
): Promise<Bench & { engine: Engine }> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-audit-"));
  const clock = slow?.virtual ?? new VirtualClock();
  const systems = twoSystems({ clock, page: 5 });
  const network = inProcessNetwork(systems.handlers, clock);
  const world = { clock: slow ?? clock, random: new SeededRandom(1), network };
  const opened = new Set<Engine>();
  const bench: Bench = {
    ...systems,
    get onRequest() {
      return systems.onRequest;
    },
    set onRequest(hear) {
      systems.onRequest = hear;
    },
    clock,
    async open(others = {}) {
      const engine = await openEngine({
        project: twoSystemsProject({ pollEvery: "1d", everythingEvery: "7d", ...changes, ...others }, from),
        environment: {},
        dataPath: join(folder, "state.db"),
        listen: false,
        thread: false,
        world,
      });
      opened.add(engine);
      return engine;
    },
    async until(promise) {
      let ended = false;
      promise.then(
        () => (ended = true),
        () => (ended = true),
      );
      for (let step = 0; step < 500 && !ended; step += 1) await clock.advance(2_000);
      assert.ok(ended, "it did not come");
      return promise;
    },
    async audit(engine, asked = {}) {
      const { id } = await engine.control.audit(SYNC, asked);
      for (let step = 0; step < 400; step += 1) {
        const [view] = await engine.control.audits({ id });
        if (view !== undefined && view.state !== "running") {
          assert.equal(view.state, "done", view.result?.summary);
          const found = await engine.control.auditFindings({ id });
          return { ...view, found, kinds: found.map(({ kind, key, cause }) => `${kind} ${key}: ${cause.code}`) };
        }
        await clock.advance(5_000);
      }
      throw new Error("the audit did not end");
    },
    contactOf: (name) => {
      const found = [...systems.contacts.values()].find(({ FullName }) => FullName === name);
      assert.ok(found, `no contact is named ${name}`);
      return found.Id;
    },
  };
  t.after(async () => {
    for (const engine of opened) await bench.until(engine.stop());
    await rm(folder, { recursive: true, force: true });
  });
  for (let index = 1; index <= 12; index += 1) systems.putPerson(`p${String(index).padStart(2, "0")}`);
  const engine = await bench.open();
  await engine.start();
  await bench.until(engine.quiet());
  assert.equal(systems.contacts.size, 12);
  await clock.advance(SOON_MS);
  return Object.assign(bench, { engine });
}

test("two systems that agree are found to agree, and only listed", async (t) => {
  const bench = await setup(t);
  const before = { ...bench.calls };
  const audit = await bench.audit(bench.engine);
  assert.equal(audit.result?.verdict, "agree", audit.result?.summary);
  assert.deepEqual(audit.found, []);
  assert.equal(audit.counts.source, 12);
  assert.equal(audit.counts.target, 12);
  assert.deepEqual(
    [bench.calls.people - before.people, bench.calls.contacts - before.contacts, bench.calls.writes - before.writes],
    [3, 3, 0],
  );
});

test("each kind of difference is found, with its probable cause", async (t) => {
  const bench = await setup(t);
  bench.people.delete("p01");
  bench.putPerson("p02", { city: "Oslo" });
  bench.putPerson("p99");
  bench.contacts.delete(bench.contactOf("Person p03"));
  bench.putContact(bench.contactOf("Person p04"), { City: "Paris" });
  bench.putContact("stranger", { FullName: "Stranger", City: "Rome" });
  bench.putContact("twin", { ...bench.contacts.get(bench.contactOf("Person p05")), Id: "twin" });
  bench.putPerson("p06", { active: false });
  await bench.clock.advance(SOON_MS);
  const audit = await bench.audit(bench.engine);
  assert.deepEqual(audit.kinds.toSorted(), [
    "different p02: missed",
    "different p04: target-edited",
    "duplicate twin: made-twice",
    "extra p01: missed",
    "extra p06: missed",
    "missing p03: target-deleted",
    "missing p99: missed",
    "unmatched stranger: unlinked",
  ]);
  assert.equal(audit.result?.verdict, "differ");
  assert.equal(audit.result.missed.changes, 4);
  const edited = audit.found.find(({ key }) => key === "p04");
  assert.deepEqual(edited?.fields, [{ field: "City", expected: "Bergen", got: "Paris" }]);
});

test("a repair goes through the ordinary path, and is verified on both sides", async (t) => {
  const bench = await setup(t);
  bench.people.delete("p01");
  bench.putPerson("p02", { city: "Oslo" });
  bench.contacts.delete(bench.contactOf("Person p03"));
  bench.putContact(bench.contactOf("Person p04"), { City: "Paris" });
  await bench.clock.advance(SOON_MS);
  const dry = await bench.audit(bench.engine, { repair: { dryRun: true } });
  assert.deepEqual(
    dry.found.map(({ key, write }) => `${key} ${write}`),
    ["p01 delete", "p02 update", "p03 create", "p04 update"],
  );
  assert.equal(bench.contacts.size, 11);
  const repaired = await bench.audit(bench.engine, { repair: {} });
  assert.deepEqual(
    repaired.found.map(({ repair }) => repair),
    ["mended", "mended", "mended", "mended"],
  );
  assert.equal(repaired.result?.verdict, "agree");
  assert.equal(bench.contacts.get(bench.contactOf("Person p04"))?.City, "Bergen");
  const again = await bench.audit(bench.engine);
  assert.equal(again.result?.verdict, "agree", again.kinds.join());
  const story = await bench.engine.control.story("p04");
  assert.ok(story.some(({ what, text }) => what === "noted" && text.startsWith("audit")));
});

test("links that were swapped are put right without writing over either record", async (t) => {
  const bench = await setup(t);
  const [one, other] = [bench.contactOf("Person p07"), bench.contactOf("Person p08")];
  const [first, second] = [bench.contacts.get(one), bench.contacts.get(other)];
  assert.ok(first && second);
  bench.putContact(one, second);
  bench.putContact(other, first);
  const writes = bench.calls.writes;
  const audit = await bench.audit(bench.engine, { repair: {} });
  assert.deepEqual(audit.kinds, ["different p07: wrong-link", "different p08: wrong-link"]);
  assert.equal(audit.result?.verdict, "agree", JSON.stringify(audit.found));
  assert.equal(bench.calls.writes, writes);
});

test("what changes while the audit runs is no difference", async (t) => {
  const bench = await setup(t, { pollEvery: "5s" });
  let edits = 0;
  bench.onRequest = (what) => {
    if (what.startsWith("GET /contacts") && edits < 3) bench.putPerson("p09", { city: `Town ${(edits += 1)}` });
  };
  const audit = await bench.audit(bench.engine);
  bench.onRequest = undefined;
  assert.equal(edits, 3);
  assert.deepEqual(audit.kinds, []);
  assert.equal(audit.result?.verdict, "agree");
});

test("a record that waits for a person is told as under way, with its reason", async (t) => {
  const bench = await setup(t, { pollEvery: "5s" });
  bench.putPerson("p10", { name: "x".repeat(300) });
  await bench.clock.advance(60_000);
  const audit = await bench.audit(bench.engine);
  assert.deepEqual(audit.kinds, ["in-flight p10: under-way"]);
  assert.match(audit.found[0]?.cause.text ?? "", /parked: .*would not take/);
  assert.equal(audit.result?.verdict, "agree");
});

test("an audit tells what it waits for while a system is down, and goes on when that is back", async (t) => {
  const bench = await setup(t);
  bench.onRequest = (what) => {
    if (what.startsWith("GET /contacts")) throw new Error("nobody is there");
  };
  const { id } = await bench.engine.control.audit(SYNC, {});
  await bench.clock.advance(2_000);
  const [waiting] = await bench.engine.control.audits({ id });
  const { connection, reason = "", forPerson, until = 0 } = waiting?.waits ?? {};
  assert.deepEqual([waiting?.state, connection, forPerson], ["running", "contacts", false]);
  assert.match(reason, /^GET \/contacts of contacts ended unavailable: .*nobody is there/);
  assert.ok(until > bench.clock.now());
  bench.onRequest = undefined;
  const audit = await bench.audit(bench.engine);
  assert.deepEqual([audit.id, audit.result?.verdict, audit.waits], [id, "agree", undefined]);
});

test("an audit goes on after a restart where it was", async (t) => {
  const bench = await setup(t);
  bench.putContact(bench.contactOf("Person p11"), { City: "Paris" });
  const { id } = await bench.engine.control.audit(SYNC, {});
  await bench.until(bench.engine.stop());
  const engine = await bench.open();
  await engine.start();
  const audit = await bench.audit(engine);
  assert.equal(audit.id, id);
  assert.deepEqual(audit.kinds, ["different p11: target-edited"]);
});

/** Once it is audited, each record takes 5 ms to tell whether it is in scope. */
async function slowlyAudited(t: TestContext) {
  const slow = slowClock();
  let isSlow = false;
  const only = (): boolean => {
    if (isSlow) slow.take(5);
    return true;
  };
  const bench = await setup(t, { only }, people, slow);
  isSlow = true;
  return { bench, slow };
}

test("an audit of a sync that takes long over each record lets others go on in between", async (t) => {
  const { bench, slow } = await slowlyAudited(t);
  const { result, counts } = await bench.audit(bench.engine);
  assert.deepEqual([result?.verdict, counts.source, counts.target], ["agree", 12, 12]);
  assert.ok(slow.takenMs >= 60, `it took ${slow.takenMs} ms`);
  assert.ok(slow.heldMs <= 30, `others waited for ${slow.heldMs} ms`);
});

test("stopped while it takes long over each record, an audit goes on after a restart where it was", async (t) => {
  const { bench, slow } = await slowlyAudited(t);
  const { id } = await bench.engine.control.audit(SYNC, {});
  const stopped = new Promise<void>((resolve, reject) => {
    slow.onTurn = () => {
      slow.onTurn = undefined;
      bench.engine.stop().then(resolve, reject);
    };
  });
  await bench.until(stopped);
  assert.ok(slow.takenMs < 60, `it went on for ${slow.takenMs} ms`);
  const engine = await bench.open();
  await engine.start();
  const { result, counts, ...audit } = await bench.audit(engine);
  assert.deepEqual([audit.id, result?.verdict, counts.source, counts.target], [id, "agree", 12, 12]);
});

test("what was listed before a restart is compared with what is listed after it", async (t) => {
  const bench = await setup(t);
  bench.putContact(bench.contactOf("Person p02"), { City: "Paris" });
  const asked: string[] = [];
  let stopped: Promise<void> | undefined;
  bench.onRequest = (what) => {
    asked.push(what);
    if (what.startsWith("GET /contacts")) stopped ??= bench.engine.stop();
  };
  const { id } = await bench.engine.control.audit(SYNC, {});
  for (let step = 0; step < 100 && stopped === undefined; step += 1) await bench.clock.advance(1_000);
  assert.ok(stopped, "the target was never listed");
  await bench.until(stopped);
  asked.length = 0;
  const engine = await bench.open();
  await engine.start();
  const audit = await bench.audit(engine);
  bench.onRequest = undefined;
  assert.equal(audit.id, id);
  assert.equal(audit.counts.source, 12);
  assert.deepEqual(audit.kinds, ["different p02: target-edited"]);
  const isListing = (what: string): boolean => what.startsWith("GET /people") && !/[?&](keys|since)=/.test(what);
  assert.deepEqual(asked.filter(isListing), []);
});

test("a sample says with what confidence no larger share differs", async (t) => {
  const bench = await setup(t);
  bench.putContact(bench.contactOf("Person p12"), { City: "Paris" });
  const audit = await bench.audit(bench.engine, { sample: 12 });
  assert.deepEqual(audit.kinds, ["different p12: target-edited"]);
  assert.deepEqual(
    { ...audit.result?.sample, shareMax: audit.result?.sample?.shareMax.toFixed(3) },
    {
      size: 12,
      differing: 1,
      shareMax: "0.339",
    },
  );
});

for (const [what, id] of [
  ["a number", 13],
  ["empty", ""],
  ["absent", undefined],
] as const) {
  test(`a record whose key is ${what} costs an audit only itself, is counted, and keeps it from saying that both agree`, async (t) => {
    const bench = await setup(t);
    bench.putPerson("p13", { id: id as never });
    bench.putContact(bench.contactOf("Person p04"), { City: "Paris" });
    const { kinds, result, counts } = await bench.audit(bench.engine, { repair: {} });
    assert.deepEqual(kinds, ["different p04: target-edited"]);
    assert.deepEqual([counts.source, counts.target, counts.mended], [12, 12, 1]);
    assert.deepEqual([counts.sourceUnreadable, counts.targetUnreadable], [1, undefined]);
    assert.equal(result?.verdict, "differ");
    assert.match(
      result.summary,
      /12 records of people\/people and 12 of .* compared: 0 do not agree, and 1 could not be read/,
    );
    assert.deepEqual(result.notes, [
      "1 record of people/people could not be read: the connector does not tell which they are",
    ]);
  });
}

test("a linked record that can no longer be told apart is not taken for deleted", async (t) => {
  const bench = await setup(t);
  bench.putPerson("p05", { id: 5 as never });
  bench.people.delete("p06");
  await bench.clock.advance(SOON_MS);
  const { kinds, found, counts, result } = await bench.audit(bench.engine, { repair: {} });
  assert.deepEqual(kinds.toSorted(), ["different p05: unreadable", "extra p06: missed"]);
  const one = found.find(({ key }) => key === "p05");
  assert.match(
    one?.cause.text ?? "",
    /p05 of people\/people could not be read: the connector told no key of a record of people: expected text, got 5/,
  );
  assert.equal(one?.repair, "left");
  assert.deepEqual([counts.sourceUnreadable, counts.mended, counts.left], [1, 1, 1]);
  assert.equal(result?.verdict, "differ");
  assert.equal(bench.contacts.size, 11);
  assert.ok(bench.contactOf("Person p05"));
});

test("a linked target record that can no longer be told apart is not made anew", async (t) => {
  const bench = await setup(t);
  const id = bench.contactOf("Person p05");
  const before = bench.contacts.get(id);
  assert.ok(before);
  bench.contacts.set(id, { ...before, Id: undefined as never });
  const { kinds, found, counts, result } = await bench.audit(bench.engine, { repair: {} });
  assert.deepEqual(kinds, ["different p05: unreadable"]);
  assert.match(found[0]?.cause.text ?? "", /of contacts\/contacts could not be read: the connector told no key/);
  assert.deepEqual([counts.sourceUnreadable, counts.targetUnreadable], [undefined, 1]);
  assert.match(result?.notes.join() ?? "", /1 record of contacts\/contacts could not be read/);
  assert.equal(result?.verdict, "differ");
  assert.equal(bench.contacts.size, 12);
});

test("where records are only listed, one that cannot be told apart may be any that is missing", async (t) => {
  const { read: _read, ...resource } = people.people.resource;
  const onlyListed = defineConnector({ ...peopleConnector, resources: { people: resource } });
  const bench = await setup(t, {}, onlyListed.connect("people", people.settings));
  bench.putPerson("p05", { id: 5 as never });
  await bench.clock.advance(SOON_MS);
  const { kinds, counts } = await bench.audit(bench.engine, { repair: {} });
  assert.deepEqual(kinds, ["different p05: unreadable"]);
  assert.deepEqual([counts.sourceUnreadable, bench.contacts.size], [1, 12]);
});

test("a record whose version is no text costs an audit only itself", async (t) => {
  const bench = await setup(t);
  bench.putPerson("p03", { city: "Oslo", updatedAt: 5 as never });
  bench.putContact(bench.contactOf("Person p04"), { City: "Paris" });
  const { kinds, found, result } = await bench.audit(bench.engine, { repair: {} });
  assert.deepEqual(kinds, ["different p03: unreadable", "different p04: target-edited"]);
  assert.match(found[0]?.cause.text ?? "", /p03 of people\/people could not be read: .* a version that is no text/);
  assert.deepEqual(
    found.map(({ repair }) => repair),
    ["left", "mended"],
  );
  assert.equal(result?.verdict, "differ");
});

test("two people who ask for a repair at once are told of one audit, and what differs is mended once", async (t) => {
  const bench = await setup(t);
  const { engine } = bench;
  bench.putContact(bench.contactOf("Person p03"), { City: "Paris" });
  const asked = { repair: { upTo: 10 } };
  const [first, second] = await bench.until(
    Promise.all([engine.control.audit(SYNC, asked), engine.control.audit(SYNC, asked)]),
  );
  assert.deepEqual([first.already, second.already], [false, true]);
  assert.equal(second.id, first.id);
  assert.equal((await engine.control.audits({ sync: SYNC })).length, 1);
});

test("by schedule an audit mends up to its threshold, and beyond it only tells", async (t) => {
  const bench = await setup(t, { audit: { every: "20m", repairUpTo: 1 } });
  bench.putContact(bench.contactOf("Person p01"), { City: "Paris" });
  await ended(bench, 1);
  const [first] = await bench.engine.control.audits({ sync: SYNC });
  assert.equal(first?.result?.counts.mended, 1, first?.result?.summary);
  for (const name of ["Person p01", "Person p02"]) bench.putContact(bench.contactOf(name), { City: "Rome" });
  await ended(bench, 1 + (await bench.engine.control.audits({ sync: SYNC })).length);
  const [second] = await bench.engine.control.audits({ sync: SYNC });
  assert.equal(second?.result?.counts.different, 2);
  assert.equal(second.result.counts.mended, 0);
  assert.match(second.result.notes.join(), /nothing was repaired: 2 records differ, and no more than 1/);
});

test("a clock that was a year ahead and was set back does not put off the next audit for that year", async (t) => {
  const bench = await setup(t, { audit: { every: "20m", repairUpTo: 1 } });
  const now = bench.clock.now.bind(bench.clock);
  bench.clock.now = () => now() + 365 * 86_400_000;
  await ended(bench, 1);
  bench.clock.now = now;
  const [{ beganAt } = { beganAt: 0 }, ...before] = await bench.engine.control.audits({ sync: SYNC });
  assert.ok(beganAt > now() + 364 * 86_400_000);
  await ended(bench, 2 + before.length);
  const [next] = await bench.engine.control.audits({ sync: SYNC });
  assert.ok(next !== undefined && next.beganAt <= now());
});

test("a sync that was first seen by a clock that was a year ahead is audited an interval after that was set back", async (t) => {
  const bench = await setup(t);
  await bench.until(bench.engine.stop());
  const now = bench.clock.now.bind(bench.clock);
  bench.clock.now = () => now() + 365 * 86_400_000;
  const engine = await bench.open({ audit: { every: "20m", repairUpTo: 1 } });
  await engine.start();
  await bench.clock.advance(60_000);
  bench.clock.now = now;
  await ended(Object.assign(bench, { engine }), 1);
});

async function ended(bench: Bench & { engine: Engine }, count: number): Promise<void> {
  for (let step = 0; step < 200; step += 1) {
    const audits = await bench.engine.control.audits({ sync: SYNC });
    if (audits.filter(({ state }) => state === "done").length >= count) return;
    await bench.clock.advance(60_000);
  }
  assert.fail("no audit ended");
}
