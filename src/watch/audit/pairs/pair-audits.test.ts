// Audits of two-way syncs by a whole engine: two systems in one process, virtual time, a real file of state.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { email } from "../../../define/match-as.ts";
import { greatest, newest, union } from "../../../define/two-way-rules.ts";
import type { Engine } from "../../../engine.ts";
import { twoWayWorld, type TwoWayOptions, type TwoWayWorld } from "../../../testing/two-way-world.ts";
import type { AuditView } from "../audits.ts";
import type { AuditAsked, AuditFinding } from "../report.ts";

const SYNC = "people";
/** Longer than a change may take to be noticed. */
const SOON_MS = 2 * 60_000;
const FAR_OFF = { pollEvery: "1d", everythingEvery: "7d" } as const;

interface Audited extends AuditView {
  readonly found: readonly AuditFinding[];
  readonly kinds: readonly string[];
}

interface Bench {
  readonly small: TwoWayWorld;
  readonly engine: Engine;
  audit(asked?: AuditAsked, engine?: Engine): Promise<Audited>;
  /** The counterpart in marketing of a person in the crm. */
  partner(id: string): string;
}

/** Ten people whom both systems know; the next poll and listing are far off. */
async function setup(t: TestContext, options: TwoWayOptions = {}): Promise<Bench> {
  const small = await twoWayWorld(t, { ...options, sync: { ...FAR_OFF, ...options.sync } });
  for (let index = 0; index < 10; index += 1) {
    const side = index % 2 === 0 ? small.crm : small.marketing;
    side.edit(`p${index}`, { email: `p${index}@example.com`, name: `Person ${index}`, phone: `555000${index}` });
  }
  const engine = await small.running();
  assert.equal(small.crm.all.size, 10);
  assert.equal(small.marketing.all.size, 10);
  await small.pass(SOON_MS);
  return {
    small,
    engine,
    partner(id) {
      const address = small.crm.fields(id)?.email;
      const found = [...small.marketing.all.values()].find(({ fields }) => fields.email === address);
      assert.ok(found, `nobody in marketing has ${address}`);
      return found.id;
    },
    async audit(asked = {}, by = engine) {
      const { id } = await by.control.audit(SYNC, asked);
      for (let step = 0; step < 600; step += 1) {
        const [view] = await by.control.audits({ id });
        if (view !== undefined && view.state !== "running") {
          assert.equal(view.state, "done", view.result?.summary);
          const found = await by.control.auditFindings({ id });
          const named = ({ kind, key, side, cause }: AuditFinding): string =>
            `${kind} ${side === undefined ? "" : `${side} `}${key}: ${cause.code}`;
          return { ...view, found, kinds: found.map(named).toSorted() };
        }
        await small.clock.advance(5_000);
      }
      throw new Error("the audit did not end");
    },
  };
}

test("two systems that agree are found to agree, and only listed", async (t) => {
  const { small, audit } = await setup(t);
  const reads = small.crm.reads.length + small.marketing.reads.length;
  const { result, found, counts } = await audit();
  assert.equal(result?.verdict, "agree", result?.summary);
  assert.deepEqual(found, []);
  assert.deepEqual([counts.pairs, counts.source, counts.target, counts.rechecked], [10, 10, 10, 0]);
  assert.equal(small.crm.reads.length + small.marketing.reads.length - reads, 6);
  assert.match(result.summary, /10 pairs among 10 records of crm\/people and 10 of marketing\/people.*they agree/);
});

test("each kind of difference is found, with its side and its probable cause", async (t) => {
  const bench = await setup(t);
  const { small, audit, partner } = bench;
  small.crm.edit("p0", { name: "Edited" });
  small.marketing.edit(partner("p2"), { phone: "1234" });
  small.crm.remove("p4");
  const gone = partner("p6");
  small.marketing.remove(gone);
  small.crm.edit("new", { email: "new@example.com", name: "New" });
  small.marketing.edit("other", { email: "other@example.com", name: "Other" });
  small.marketing.edit("twin", { email: "P8@example.com ", name: "Twin" });
  small.crm.edit("apart", { email: "both@example.com", name: "Both" });
  small.marketing.edit("apart", { email: "both@example.com", name: "Both" });
  await small.pass(SOON_MS);
  const { kinds, found, result } = await audit();
  assert.deepEqual(kinds, [
    "different p0: missed",
    "different p2: missed",
    "duplicate marketing twin: missed",
    "extra p4: missed",
    "extra p6: missed",
    "missing apart: missed",
    "missing marketing other: missed",
    "missing new: missed",
  ]);
  assert.equal(result?.verdict, "differ");
  assert.equal(result.missed.changes, 8);
  const one = (key: string) => found.find((finding) => finding.key === key);
  assert.deepEqual(one("p0")?.fields, [{ side: "marketing", field: "name", expected: "Edited", got: "Person 0" }]);
  assert.deepEqual(one("p2")?.fields, [{ side: "crm", field: "phone", expected: "1234", got: "5550002" }]);
  assert.equal(one("p2")?.targetKey, partner("p2"));
  assert.deepEqual(one("twin")?.matches, { candidates: ["p8"], rivals: [partner("p8")] });
  assert.deepEqual(found.map(({ key, write }) => `${key} ${write}`).toSorted(), [
    "apart link",
    "new create",
    "other create",
    "p0 update",
    "p2 update",
    "p4 delete",
    "p6 delete",
    "twin undefined",
  ]);
  assert.match(one("p4")?.cause.text ?? "", /it was deleted in crm, and neither a webhook nor a poll told of it/);
});

test("a repair goes through the ordinary path, and is verified on both sides", async (t) => {
  const bench = await setup(t);
  const { small, audit, partner } = bench;
  const [second, sixth] = [partner("p2"), partner("p6")];
  small.crm.edit("p0", { name: "Edited" });
  small.marketing.edit(second, { phone: "1234" });
  small.crm.remove("p4");
  small.marketing.remove(sixth);
  small.crm.edit("new", { email: "new@example.com", name: "New" });
  small.marketing.edit("other", { email: "other@example.com", name: "Other" });
  await small.pass(SOON_MS);
  const writes = small.crm.writes.length + small.marketing.writes.length;
  const dry = await audit({ repair: { dryRun: true } });
  assert.equal(dry.found.length, 6);
  assert.equal(small.crm.writes.length + small.marketing.writes.length, writes, "a dry run writes nothing");
  const { found, result } = await audit({ repair: {} });
  assert.deepEqual(new Set(found.map(({ repair }) => repair)), new Set(["mended"]));
  assert.equal(result?.verdict, "agree", result?.summary);
  assert.equal(small.marketing.fields(partner("p0"))?.name, "Edited");
  assert.equal(small.crm.fields("p2")?.phone, "1234");
  assert.equal(small.crm.fields("p6"), undefined);
  const again = await audit();
  assert.deepEqual([again.result?.verdict, again.kinds, again.counts.pairs], ["agree", [], 10]);
  const story = await bench.engine.control.story("p0");
  assert.ok(story.some(({ what, text }) => what === "noted" && text.startsWith("audit")));
});

test("links that were swapped are put right without writing over either record", async (t) => {
  const { small, audit, partner } = await setup(t);
  const [one, other] = [partner("p0"), partner("p2")];
  const [first, second] = [small.marketing.fields(one), small.marketing.fields(other)];
  assert.ok(first && second);
  small.marketing.edit(one, second);
  small.marketing.edit(other, first);
  await small.pass(SOON_MS);
  const writes = small.crm.writes.length + small.marketing.writes.length;
  const { kinds, result, found } = await audit({ repair: {} });
  assert.deepEqual(kinds, ["different p0: wrong-link", "different p2: wrong-link"]);
  assert.equal(result?.verdict, "agree", JSON.stringify(found));
  assert.equal(small.crm.writes.length + small.marketing.writes.length, writes);
  assert.deepEqual((await audit()).kinds, []);
});

test("a copy of what a counterpart once showed is a duplicate, and no wrong link", async (t) => {
  const { small, audit, partner } = await setup(t);
  const one = partner("p0");
  small.marketing.edit("copy", { ...small.marketing.fields(one) });
  small.marketing.edit(one, { name: "Edited" });
  await small.pass(SOON_MS);
  const { kinds, found } = await audit({ repair: {} });
  assert.deepEqual(kinds, ["different p0: missed", "duplicate marketing copy: missed"]);
  assert.equal(found.find(({ key }) => key === "p0")?.write, "update");
  assert.equal(small.crm.fields("p0")?.name, "Edited");
});

test("what the reconciler leaves alone is agreement, whatever both sides show", async (t) => {
  const bench = await setup(t, {
    marketing: {
      normal: ({ phone, ...fields }) => ({ ...fields, ...(phone === undefined ? {} : { phone: `+${phone}` }) }),
    },
    sync: {
      pollEvery: "5s",
      fields: [
        { crm: "email", marketing: "email", as: email },
        { crm: "name", marketing: "name", wins: newest({ otherwise: "park" }) },
        { crm: "phone", marketing: "phone", from: "crm" },
        { crm: "tags", marketing: "tags", wins: union },
        { crm: "score", marketing: "score", wins: greatest },
      ],
    },
  });
  const { small, engine, audit, partner } = bench;
  small.crm.edit("p0", { tags: ["a", "b"], score: 3 });
  small.marketing.edit(partner("p0"), { tags: ["B", "c"], score: 5, email: "P0@Example.com" });
  small.marketing.edit(partner("p2"), { phone: "overwritten" });
  small.crm.hide("p4", true);
  small.marketing.remove(partner("p6"));
  small.crm.edit("p6", { name: "Edited and kept" });
  small.crm.edit("p8", { name: "" });
  await small.settle(engine);
  await small.settle(engine, true);
  await small.pass(SOON_MS);
  small.marketing.edit(partner("p4"), { name: "Out of scope" });
  const writes = small.crm.writes.length + small.marketing.writes.length;
  const { kinds, result, found } = await audit({ repair: {} });
  assert.deepEqual([kinds, result?.verdict], [[], "agree"], JSON.stringify(found));
  assert.equal(small.crm.writes.length + small.marketing.writes.length, writes);
});

test("a record that became part of another one is told as that, and the link is mended", async (t) => {
  const { small, audit, partner } = await setup(t);
  const before = partner("p0");
  small.crm.edit("stays", { email: "p0@example.com", name: "Person 0", phone: "5550000" });
  small.crm.merge("stays", "p0");
  await small.pass(SOON_MS);
  const { kinds, found } = await audit({ repair: {} });
  assert.ok(kinds.includes("different p0: missed"), kinds.join());
  assert.match(found.find(({ key }) => key === "p0")?.cause.text ?? "", /it became part of stays in crm/);
  assert.deepEqual((await audit()).kinds, []);
  assert.equal(partner("stays"), before);
});

test("what was noted and then discarded by a person is found again, and not called missed", async (t) => {
  const bench = await setup(t, { sync: { pollEvery: "5s", conflicts: "park" } });
  const { small, engine, audit } = bench;
  small.crm.edit("p0", { name: "One" });
  small.marketing.edit(bench.partner("p0"), { name: "Two" });
  await small.settle(engine);
  await engine.control.discardParked({ sync: SYNC }, "never mind");
  const { kinds, found, result } = await audit();
  assert.deepEqual([kinds, result?.verdict], [["different p0: edited-twice"], "differ"]);
  assert.deepEqual(found[0]?.fields, [{ field: "name ↔ name", expected: "One", got: "Two" }]);
  assert.equal(found[0]?.write, undefined, "a person has to");
});

test("records that stay alone by the sync's own rules are counted and told, not judged", async (t) => {
  const small = await twoWayWorld(t, {
    sync: { ...FAR_OFF, create: { crm: false, marketing: true }, onDelete: { crm: "unlink", marketing: "unlink" } },
  });
  small.crm.edit("a", { email: "a@example.com", name: "A" });
  small.crm.edit("hidden", { email: "h@example.com", name: "H" });
  small.crm.hide("hidden", true);
  small.marketing.edit("m", { email: "m@example.com", name: "M" });
  const engine = await small.running();
  small.crm.remove("a");
  await small.settle(engine, true);
  await small.pass(SOON_MS);
  const { id } = await engine.control.audit(SYNC, {});
  await small.pass(60_000);
  const [view] = await engine.control.audits({ id });
  assert.equal(view?.result?.verdict, "agree", JSON.stringify(await engine.control.auditFindings({ id })));
  assert.equal(view.counts.unmatched, 1);
  const [only] = await engine.control.auditFindings({ id });
  assert.deepEqual([only?.kind, only?.side, only?.key], ["unmatched", "marketing", "m"]);
});

test("what changes while the audit runs is no difference", async (t) => {
  const { small, engine, audit } = await setup(t, { sync: { pollEvery: "5s" } });
  const { id } = await engine.control.audit(SYNC, {});
  small.crm.edit("p0", { name: "One" });
  small.marketing.edit("p1", { name: "Two" });
  const { kinds, id: same } = await audit();
  assert.equal(same, id);
  assert.deepEqual(kinds, []);
});

test("what a person has to decide is under way, and its conflict is counted", async (t) => {
  const bench = await setup(t, { sync: { pollEvery: "5s", conflicts: "park" } });
  const { small, engine, audit } = bench;
  small.crm.edit("p0", { name: "One" });
  small.marketing.edit(bench.partner("p0"), { name: "Two" });
  await small.settle(engine);
  const { kinds, counts, found, result } = await audit();
  assert.deepEqual(kinds, ["in-flight p0: under-way"]);
  assert.match(found[0]?.cause.text ?? "", /parked: both sides were edited/);
  assert.deepEqual([result?.verdict, counts.conflicts], ["agree", 1]);
});

test("an audit goes on after a restart where it was", async (t) => {
  const bench = await setup(t);
  bench.small.marketing.edit(bench.partner("p0"), { name: "Edited" });
  await bench.small.pass(SOON_MS);
  const { id } = await bench.engine.control.audit(SYNC, {});
  await bench.small.stop(bench.engine);
  const engine = await bench.small.open();
  await engine.start();
  const audit = await bench.audit({}, engine);
  assert.equal(audit.id, id);
  // Bowline polls when it starts, and may have noticed it before the audit did.
  assert.ok(audit.kinds.every((kind) => kind === "different p0: missed"));
});

test("a sample is of pairs, and says with what confidence no larger share differs", async (t) => {
  const bench = await setup(t);
  bench.small.crm.edit("p4", { name: "Edited" });
  await bench.small.pass(SOON_MS);
  const { kinds, result } = await bench.audit({ sample: 10 });
  assert.deepEqual(kinds, ["different p4: missed"]);
  assert.deepEqual([result?.sample?.size, result?.sample?.differing], [10, 1]);
});

test("a record that cannot be told apart costs an audit only itself, and keeps it from saying that both agree", async (t) => {
  const { small, audit } = await setup(t);
  small.crm.edit("new", { email: "new@example.com", name: "New" });
  small.crm.showsAs.set("new", 14);
  small.marketing.edit("other", { email: "other@example.com", name: "Other" });
  small.marketing.showsAs.set("other", undefined);
  const { kinds, result, counts } = await audit({ repair: {} });
  assert.deepEqual(kinds, []);
  assert.deepEqual([counts.pairs, counts.source, counts.target], [10, 10, 10]);
  assert.deepEqual([counts.sourceUnreadable, counts.targetUnreadable], [1, 1]);
  assert.equal(result?.verdict, "differ");
  assert.match(result.summary, /0 do not agree, and 2 could not be read/);
  assert.match(result.notes.join(), /1 record of crm\/people could not .*1 record of marketing\/people could not/);
});

test("a record of a pair that can no longer be told apart is not taken for deleted", async (t) => {
  const { small, audit, partner } = await setup(t);
  const second = partner("p2");
  small.crm.showsAs.set("p0", 0);
  small.marketing.showsAs.set(second, undefined);
  small.crm.remove("p4");
  await small.pass(SOON_MS);
  const { kinds, found, result } = await audit({ repair: {} });
  assert.deepEqual(kinds, ["different p0: unreadable", "different p2: unreadable", "extra p4: missed"]);
  const repaired = found.map(({ key, repair }) => `${key} ${repair}`).toSorted();
  assert.deepEqual(repaired, ["p0 left", "p2 left", "p4 mended"]);
  assert.match(found.find(({ key }) => key === "p2")?.cause.text ?? "", /of marketing\/people could not be read/);
  assert.equal(result?.verdict, "differ");
  assert.deepEqual([small.crm.all.size, small.marketing.all.size], [9, 9]);
});

test("former keys that are none cost an audit only the record that tells of them", async (t) => {
  const { small, audit } = await setup(t);
  const before = small.crm.edit("p0", { name: "Edited" });
  small.crm.all.set("p0", { ...before, former: [undefined as never] });
  await small.pass(SOON_MS);
  const { kinds, found, counts } = await audit();
  assert.deepEqual(kinds, ["different p0: unreadable"]);
  assert.match(found[0]?.cause.text ?? "", /told no key of what it took up/);
  assert.equal(counts.sourceUnreadable, 1);
});

test("by schedule an audit mends up to its threshold", async (t) => {
  const bench = await setup(t, { sync: { audit: { every: "4m", repairUpTo: 1 } } });
  const partner = bench.partner("p8");
  bench.small.crm.edit("p8", { name: "Edited" });
  for (let step = 0; step < 14; step += 1) await bench.small.clock.advance(30_000);
  const [last] = await bench.engine.control.audits({ sync: SYNC });
  assert.equal(bench.small.marketing.fields(partner)?.name, "Edited", last?.result?.summary);
});
