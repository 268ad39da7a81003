// Two-way syncs: one row for a linked pair, whom a record is found by, values that lost, records that became part of others.
import assert from "node:assert/strict";
import type { Claim, Declaration, Observation, PendingWrite, Settlement, Store } from "../store.ts";
import { NotArmed } from "../two-way.ts";
import {
  changed,
  claimed,
  deleted,
  examine,
  read,
  settle,
  settlement,
  syncStatus,
  WRITE,
  type MakeFile,
} from "./fixture.ts";

const CRM = "crm/contacts";
const MARKETING = "marketing/people";
const PEOPLE = "people";

const BOTH: Declaration = {
  connections: ["crm", "marketing"],
  resources: [CRM, MARKETING],
  syncs: [{ name: PEOPLE, from: CRM, to: MARKETING, twoWay: true }],
};

const crm = (key: string, hash = "a", more: Partial<Observation> = {}) => read(key, hash, { resource: CRM, ...more });
const marketing = (key: string, hash = "a", more: Partial<Observation> = {}) =>
  read(key, hash, { resource: MARKETING, ...more });
const linkTo = (targetKey: string, base = "null") => ({ targetKey, base, recordHash: "" });
const LINKED = { to: "linked", until: 9_000 } as const;
const WRITTEN = { ...WRITE, side: 1 } as const satisfies PendingWrite;

async function claims(store: Store, at = 1_000): Promise<readonly Claim[]> {
  return store.claim({ sync: PEOPLE, limit: 100, at });
}

const shortly = (all: readonly Claim[]) => all.map(({ key, side = 0, other }) => [key, side, other?.key]);

/** A and M, each known and claimed alone. */
async function apart(store: Store): Promise<readonly [Claim, Claim]> {
  await store.declare(BOTH);
  await store.observe({ observations: [crm("1"), marketing("1")] });
  const all = await claims(store);
  assert.deepEqual(shortly(all), [
    ["1", 0, undefined],
    ["1", 1, undefined],
  ]);
  return [all[0] as Claim, all[1] as Claim];
}

const give = (claim: Claim, fate: object, at = 50): Settlement => ({
  ...(settlement(claim, fate as never, at) as Settlement),
  ...(claim.side === undefined ? {} : { side: claim.side }),
});

/** A pair of both, with nothing to do. */
async function pair(store: Store): Promise<void> {
  const [first, second] = await apart(store);
  await store.settle([give(second, { to: "cleared", why: "out-of-scope" })]);
  await store.settle([give(first, { ...LINKED, other: "1" })]);
  const [both] = await claims(store);
  await store.settle([give(both as Claim, { to: "cleared", why: "agreed", link: linkTo("1", "[{},{}]") })]);
  assert.deepEqual(await claims(store), []);
}

export function twoWayExam(makeFile: MakeFile): void {
  examine(makeFile, "a sync that became two-way, or no longer is, has to have a new name", async (store) => {
    await pair(store);
    const oneWay = { ...BOTH, syncs: [{ name: PEOPLE, from: CRM, to: MARKETING }] };
    await assert.rejects(store.declare(oneWay), /both ways.*Give the sync a new name/s);
  });

  examine(
    makeFile,
    "once they are linked, news of either side notes the pair, which is one row with both records",
    async (store) => {
      await pair(store);
      await store.observe({ observations: [marketing("1", "b")] });
      const [both, ...others] = await claims(store);
      assert.deepEqual([shortly([both as Claim]), others], [[["1", 0, "1"]], []]);
      assert.deepEqual([both?.record?.hash, both?.other?.record?.hash], ["a", "b"]);
      await store.observe({ observations: [crm("1", "c"), changed("1", { resource: MARKETING })] });
      await store.settle([give(both as Claim, { to: "cleared", why: "agreed" })]);
      const [again, ...more] = await claims(store);
      assert.deepEqual([shortly([again as Claim]), more], [[["1", 0, "1"]], []], "noted while it was held");
      assert.ok((again?.other?.record?.stale ?? 0) > 0);
    },
  );

  examine(makeFile, "a record is not linked while somebody works on the other", async (store) => {
    const [first, second] = await apart(store);
    await store.settle([give(first, { ...LINKED, other: "1" })]);
    assert.deepEqual(await store.links([{ sync: PEOPLE, key: "1" }]), [undefined]);
    await store.settle([give(second, { ...LINKED, other: "1" })]);
    assert.deepEqual(await store.links([{ sync: PEOPLE, key: "1" }]), ["1"]);
    assert.deepEqual(shortly(await claims(store, 99_000)), [["1", 0, "1"]], "the first side's row waits no longer");
  });

  examine(makeFile, "two records that find each other in the same moment are linked once", async (store) => {
    const [first, second] = await apart(store);
    await store.settle([give(first, { ...LINKED, other: "1" }), give(second, { ...LINKED, other: "1" })]);
    assert.deepEqual(shortly(await claims(store, 99_000)), [["1", 0, "1"]]);
    assert.equal((await syncStatus(store, PEOPLE)).links, 1);
  });

  examine(makeFile, "what was decided for a record alone counts for nothing once it was linked", async (store) => {
    const [first, second] = await apart(store);
    await store.settle([give(first, { to: "ready" })]);
    const [again] = await claims(store);
    await store.settle([give(second, { to: "parked", cause: "match", reason: "r", todo: "t" })]);
    await store.linkByHand(PEOPLE, "1", "1", 60).catch(() => undefined);
    await store.settle([give(again as Claim, { to: "ready" })]);
    await store.linkByHand(PEOPLE, "1", "1", 70);
    assert.deepEqual(await store.parked({}), []);
    assert.deepEqual(shortly(await claims(store)), [["1", 0, "1"]]);
  });

  examine(makeFile, "a creation from the second side leaves one row for the pair, or none", async (store) => {
    await store.declare(BOTH);
    for (const [key, again] of [
      ["m1", undefined],
      ["m2", true],
    ] as const) {
      await store.observe({ observations: [marketing(key)] });
      const [claim] = await claims(store);
      await store.settle([give(claim as Claim, { to: "sending", write: { ...WRITTEN, side: 0 } })]);
      const seen = [crm(`c-${key}`, "made", { cause: "look", lookedBy: { sync: PEOPLE, stale: 0 } })];
      const link = { firstKey: `c-${key}`, link: linkTo(key, "[{},{}]"), ...(again && { again }) };
      await store.settle([
        { ...give(claim as Claim, { to: "cleared", why: "confirmed", action: "create", ...link }), seen },
      ]);
      assert.deepEqual(shortly(await claims(store)), again ? [[`c-${key}`, 0, key]] : []);
    }
    assert.equal((await store.record(CRM, "c-m1"))?.hash, "made");
  });

  examine(makeFile, "a record that shows up while a creation is under way is not created back", async (store) => {
    const [first, second] = await apart(store);
    await store.settle([give(first, { to: "sending", write: WRITTEN })]);
    // It was known before: it cannot be what is being made.
    await store.settle([give(second, { to: "sending", write: { ...WRITTEN, side: 0, id: "w2" } })]);
    await store.observe({ observations: [marketing("new")] });
    const [made] = await claims(store);
    const arm = give(made as Claim, { to: "sending", write: { ...WRITTEN, side: 0, id: "w3" } });
    await assert.rejects(store.settle([arm]), (error) => error instanceof NotArmed && error.why === "echo");
    const link = { link: linkTo("new", "[{},{}]") };
    await store.settle([give(first, { to: "cleared", why: "confirmed", action: "create", ...link })]);
    await assert.rejects(store.settle([arm]), (error) => error instanceof NotArmed && error.why === "linked");
    await store.settle([give(made as Claim, { to: "ready" })]);
    assert.deepEqual(shortly(await claims(store)), [["1", 0, "new"]]);
  });

  examine(
    makeFile,
    "a side has records that nobody has looked at while they are there, pending and not linked",
    async (store) => {
      await store.declare(BOTH);
      const has = async () => [await store.hasUnmatched(PEOPLE, 0), await store.hasUnmatched(PEOPLE, 1)];
      const keep = (key: string, values: readonly (string | null)[], side?: 1) =>
        store.match([{ sync: PEOPLE, key, values, find: false, ...(side === undefined ? {} : { side }) }], 1);
      assert.deepEqual(await has(), [false, false]);
      await store.observe({ observations: [crm("1"), marketing("1")] });
      assert.deepEqual(await has(), [true, true]);
      await keep("1", [null], 1);
      assert.deepEqual(await has(), [true, false], "it was looked at, whatever it has");
      await keep("1", ["a@x"]);
      assert.deepEqual(await has(), [false, false]);
      await keep("1", []);
      assert.deepEqual(await has(), [true, false], "what it is found by was forgotten");
      await keep("1", ["a@x"]);
      const [first] = await claims(store);
      await store.settle([give(first as Claim, { to: "cleared", why: "gone" })]);
      await store.noteAgain(PEOPLE, ["1"], 60);
      assert.deepEqual(await has(), [false, false], "it was looked at before");
      await store.observe({ observations: [deleted("2", { resource: CRM, at: 61 })] });
      assert.deepEqual(await has(), [false, false]);
      await store.observe({ observations: [crm("2", "b", { at: 62 })] });
      assert.deepEqual(await has(), [true, false], "it is there again");
      const second = (await claims(store)).find(({ key }) => key === "2") as Claim;
      await store.settle([give(second, { to: "parked", cause: "match", reason: "r", todo: "t" }, 63)]);
      assert.deepEqual(await has(), [false, false], "a person is asked about it");
      await store.retryParked({}, 64);
      assert.deepEqual(await has(), [true, false]);
    },
  );

  examine(makeFile, "a pair that parts, and at which nobody has looked, is two such records", async (store) => {
    await pair(store);
    await store.observe({ observations: [crm("1", "c")] });
    assert.deepEqual([await store.hasUnmatched(PEOPLE, 0), await store.hasUnmatched(PEOPLE, 1)], [false, false]);
    const [both] = await claims(store);
    await store.settle([give(both as Claim, { to: "cleared", why: "gone", link: null, again: true })]);
    assert.deepEqual([await store.hasUnmatched(PEOPLE, 0), await store.hasUnmatched(PEOPLE, 1)], [true, true]);
  });

  examine(makeFile, "records find each other by the first of the values that anybody shares", async (store) => {
    await store.declare(BOTH);
    await store.observe({ observations: [crm("c1"), crm("c2"), marketing("m1"), marketing("m2")] });
    assert.equal(await store.hasUnmatched(PEOPLE, 1), true);
    const keep = (key: string, values: readonly (string | null)[], side?: 1) =>
      ({ sync: PEOPLE, key, values, find: false, ...(side === undefined ? {} : { side }) }) as const;
    await store.match([keep("m1", ["a@x", "one"], 1), keep("m2", [null, "two"], 1), keep("c2", ["b@x", "two"])], 1);
    assert.equal(await store.hasUnmatched(PEOPLE, 1), false);
    const ask = async (values: readonly (string | null)[]) =>
      (await store.match([{ ...keep("c1", values), find: true }], 2))[0];
    assert.deepEqual(await ask(["a@x", "two"]), {
      value: "a@x",
      candidates: [{ key: "m1", linked: false }],
      rivals: [],
    });
    assert.deepEqual(await ask([null, "two"]), {
      value: "two",
      candidates: [{ key: "m2", linked: false }],
      rivals: ["c2"],
    });
    assert.deepEqual(await ask(["b@x", null]), { value: "b@x", candidates: [], rivals: ["c2"] });
    assert.deepEqual(await ask(["c@x", null]), { candidates: [], rivals: [] });
    await store.observe({ observations: [deleted("m1", { resource: MARKETING })] });
    assert.deepEqual((await ask(["a@x", null]))?.candidates, []);
  });

  examine(makeFile, "a record that was parked over a value is noted again when the value is gone", async (store) => {
    const [first, second] = await apart(store);
    const keep = { sync: PEOPLE, key: "1", find: false } as const;
    await store.match(
      [
        { ...keep, values: ["a@x"] },
        { ...keep, values: ["a@x"], side: 1 },
      ],
      1,
    );
    await store.settle([give(first, { to: "parked", cause: "match", reason: "r", todo: "t" })]);
    await store.settle([give(second, { to: "cleared", why: "out-of-scope" })]);
    await store.match([{ ...keep, values: ["b@x"], side: 1 }], 2);
    assert.deepEqual(shortly(await claims(store)), [["1", 0, undefined]]);
  });

  examine(makeFile, "a record that is being parked over a value while that goes is noted again", async (store) => {
    const [first, second] = await apart(store);
    const keep = { sync: PEOPLE, key: "1", find: false } as const;
    await store.match([{ ...keep, values: ["a@x"], side: 1 }], 1);
    const [found] = await store.match([{ ...keep, values: ["a@x"], find: true }], 1);
    assert.equal(found?.candidates.length, 1);
    await store.match([{ ...keep, values: [], side: 1 }], 2);
    await store.settle([give(second, { to: "cleared", why: "gone" })]);
    await store.settle([give(first, { to: "parked", cause: "match", reason: "r", todo: "t" })]);
    assert.deepEqual(shortly(await claims(store)), [["1", 0, undefined]]);
  });

  examine(makeFile, "who finds a record of which a person is asked waits for the answer", async (store) => {
    const [first, second] = await apart(store);
    const made = {
      ...give(first, { to: "parked", cause: "unknown-outcome", reason: "r", todo: "t" }),
      write: WRITTEN,
    };
    await store.settle([made, give(second, { ...LINKED, other: "1" })]);
    const [, waits] = await store.parked({});
    assert.deepEqual([waits?.side, waits?.cause, waits?.detail], [1, "match", { awaits: "1", side: 0 }]);
    assert.deepEqual(await claims(store), []);
    await store.retryParked({ cause: "unknown-outcome" }, 60);
    const [again] = await claims(store);
    assert.equal(again?.state, "unknown");
    await store.settle([
      give(again as Claim, { to: "parked", cause: "unknown-outcome", reason: "r", todo: "t", write: WRITTEN }),
    ]);
    assert.deepEqual(await claims(store), []);
    await store.discardParked({ cause: "unknown-outcome" }, 70, "it was never made");
    assert.deepEqual(shortly(await claims(store)), [["1", 1, undefined]]);
  });

  examine(makeFile, "who waits for what a person is asked goes on when it resolves itself", async (store) => {
    const [first, second] = await apart(store);
    const made = { ...give(first, { to: "parked", cause: "unknown-outcome", reason: "r", todo: "t" }), write: WRITTEN };
    await store.settle([made, give(second, { ...LINKED, other: "1" })]);
    await store.retryParked({ cause: "unknown-outcome" }, 60);
    const [again] = await claims(store);
    await store.settle([give(again as Claim, { to: "cleared", why: "confirmed", link: linkTo("2", "{}") })]);
    assert.deepEqual(shortly(await claims(store)), [["1", 1, undefined]]);
  });

  examine(makeFile, "values that lost are kept once, found by either key, and put back by a person", async (store) => {
    await pair(store);
    const conflict = { fields: ["Name", "name"], values: ['"A"', '"B"'], rule: "side", winner: 0 } as const;
    for (const hash of ["b", "c"]) {
      await store.observe({ observations: [crm("1", hash)] });
      const [claim] = await claims(store);
      await store.settle([{ ...give(claim as Claim, { to: "cleared", why: "agreed" }), conflicts: [conflict] }]);
    }
    const [kept, ...others] = await store.conflicts({ sync: PEOPLE, key: "1" });
    assert.deepEqual(others, []);
    assert.deepEqual(
      { ...kept },
      { ...conflict, id: kept?.id, sync: PEOPLE, key: "1", otherKey: "1", title: "#1", at: 50 },
    );
    assert.deepEqual(await store.conflicts({ open: true }), []);
    await store.putBack(kept?.id ?? 0, [{}, { name: "B" }], 80);
    const [claim] = await claims(store);
    assert.deepEqual([claim?.corrections, claim?.priority], [[{}, { name: "B" }], "person"]);
    await store.settle([give(claim as Claim, { to: "cleared", why: "confirmed", corrected: "" })]);
    assert.equal((await store.conflicts({}))[0]?.putBackAt, 80);
    await store.observe({ observations: [crm("1", "d")] });
    assert.equal((await claimed(store, PEOPLE)).corrections, undefined);
  });

  for (const [side, what] of [
    [0, "first"],
    [1, "second"],
  ] as const) {
    const resource = side === 0 ? CRM : MARKETING;
    const one = (key: string, hash?: string, more?: Partial<Observation>) =>
      read(key, hash ?? "a", { resource, ...more });
    examine(
      makeFile,
      `the link of a ${what} record that was merged away goes on with the one that stayed`,
      async (store) => {
        await pair(store);
        const merged = one("2", "m");
        const seen = { ...merged.seen, former: ["1"] } as Observation["seen"];
        await store.observe({ observations: [{ ...merged, seen }] });
        const all = await claims(store);
        const both = all.find(({ other }) => other !== undefined);
        const alone = all.find(({ other }) => other === undefined);
        assert.equal(side === 0 ? both?.record?.movedTo : both?.other?.record?.movedTo, "2");
        await store.settle([give(alone as Claim, { to: "cleared", why: "out-of-scope" })]);
        const orPark = { reason: "r", todo: "t", detail: {} };
        await store.settle([give(both as Claim, { to: "moved", of: side, into: "2", until: 9_000, orPark })]);
        assert.deepEqual(shortly(await claims(store)), [side === 0 ? ["2", 0, "1"] : ["1", 0, "2"]]);
        assert.equal((await syncStatus(store, PEOPLE)).links, 1);
      },
    );
    examine(makeFile, `what was put back goes on with the pair whose ${what} record was merged away`, async (store) => {
      await pair(store);
      await store.observe({ observations: [one("1", "b")] });
      const conflict = { fields: ["Name", "name"], values: ['"A"', '"B"'], rule: "side", winner: 0 } as const;
      const agreed = give(await claimed(store, PEOPLE), { to: "cleared", why: "agreed" });
      await store.settle([{ ...agreed, conflicts: [conflict] }]);
      const [kept] = await store.conflicts({});
      await store.putBack(kept?.id ?? 0, [{}, { name: "B" }], 80);
      const merged = one("2", "m");
      await store.observe({ observations: [{ ...merged, seen: { ...merged.seen, former: ["1"] } as never }] });
      const all = await claims(store);
      const both = all.find(({ other }) => other !== undefined);
      const alone = all.find(({ other }) => other === undefined);
      await store.settle([give(alone as Claim, { to: "cleared", why: "out-of-scope" })]);
      const orPark = { reason: "r", todo: "t", detail: {} };
      await store.settle([give(both as Claim, { to: "moved", of: side, into: "2", until: 9_000, orPark })]);
      assert.deepEqual((await claimed(store, PEOPLE)).corrections, [{}, { name: "B" }]);
    });
  }

  examine(makeFile, "where the one that stayed is linked itself, a person is asked", async (store) => {
    await pair(store);
    await store.observe({ observations: [crm("2"), marketing("2")] });
    const [first, second] = await claims(store);
    await store.settle([give(second as Claim, { to: "cleared", why: "out-of-scope" })]);
    await store.settle([give(first as Claim, { ...LINKED, other: "2" })]);
    await settle(store, await claimed(store, PEOPLE), { to: "cleared", why: "agreed" });
    const seen = { ...crm("2", "m").seen, former: ["1"] } as Observation["seen"];
    await store.observe({ observations: [{ ...crm("2", "m"), seen }] });
    const both = (await claims(store)).find(({ key }) => key === "1");
    const orPark = { reason: "both were linked", todo: "t", detail: {} };
    await store.settle([give(both as Claim, { to: "moved", of: 0, into: "2", until: 9_000, orPark })]);
    assert.deepEqual(
      (await store.parked({})).map(({ key, cause, reason }) => [key, cause, reason]),
      [["1", "match", "both were linked"]],
    );
  });

  examine(makeFile, "what was merged into a deleted one is not deleted with it: a person is asked", async (store) => {
    await pair(store);
    const seen = { ...crm("2", "m").seen, former: ["1"] } as Observation["seen"];
    await store.observe({ observations: [{ ...crm("2", "m"), seen }] });
    const all = await claims(store);
    await store.observe({ observations: [deleted("2", { resource: CRM })] });
    const both = all.find(({ key }) => key === "1");
    const orPark = { reason: "both were linked", todo: "t", detail: {} };
    await store.settle([give(both as Claim, { to: "moved", of: 0, into: "2", until: 9_000, orPark })]);
    assert.deepEqual(
      (await store.parked({})).map(({ key, cause, detail }) => [key, cause, detail]),
      [["1", "deleted", { mergedInto: "2" }]],
    );
  });

  examine(makeFile, "what is being taken out of use goes by the deletion that took its counterpart", async (store) => {
    const again = "people again";
    const claimsOf = (sync: string): Promise<readonly Claim[]> => store.claim({ sync, limit: 100, at: 1_000 });
    const syncs = [PEOPLE, again].map((name) => ({ name, from: CRM, to: MARKETING, twoWay: true }));
    await store.declare({ ...BOTH, syncs });
    await store.observe({ observations: [crm("1"), marketing("1")] });
    for (const sync of [PEOPLE, again]) {
      const [first, second] = await claimsOf(sync);
      await store.settle([give(second as Claim, { to: "cleared", why: "out-of-scope" })]);
      await store.settle([give(first as Claim, { ...LINKED, other: "1" })]);
      const [linked] = await claimsOf(sync);
      await store.settle([give(linked as Claim, { to: "cleared", why: "agreed", link: linkTo("1") })]);
    }
    await store.observe({ observations: [deleted("1", { resource: CRM, at: 60 })] });
    const [removing] = await claimsOf(PEOPLE);
    const write: PendingWrite = { ...WRITTEN, action: "remove", way: "delete", targetKey: "1" };
    await store.settle([give(removing as Claim, { to: "sending", write })]);
    // Back, and seen only then that the other is gone; what the removal came to is still unknown.
    await store.observe({ observations: [crm("1", "a", { at: 70 })] });
    await store.observe({ observations: [deleted("1", { resource: MARKETING, at: 80 })] });
    const [pair] = await claimsOf(again);
    const deletion = pair?.record?.deletion;
    assert.ok(deletion);
    assert.deepEqual(
      [pair.record?.deleted, pair.other?.record],
      [false, { ...pair.other?.record, deletion, deleted: true }],
    );
    const arm = give(pair, { to: "sending", write: { ...write, side: 0, id: "w2" } });
    await assert.rejects(store.settle([arm]), (error) => error instanceof NotArmed && error.why === "back");
  });

  examine(
    makeFile,
    "what is not to be armed once something was learnt of either record is decided anew",
    async (store) => {
      await pair(store);
      await store.observe({ observations: [deleted("1", { resource: CRM, at: 60 })] });
      const write: PendingWrite = { ...WRITTEN, action: "remove", way: "delete", targetKey: "1" };
      const [removing] = await claims(store);
      await store.observe({ observations: [marketing("1", "edited", { at: 70 })] });
      const arm = store.settle([give(removing as Claim, { to: "sending", write, unlessNoted: true })]);
      await assert.rejects(arm, (error) => error instanceof NotArmed && error.why === "noted");
      await store.settle([give(removing as Claim, { to: "ready" })]);
      const [anew] = await claims(store);
      assert.equal(anew?.other?.record?.hash, "edited");
      await store.settle([give(anew, { to: "sending", write, unlessNoted: true })]);
    },
  );

  examine(
    makeFile,
    "only so many removals are armed within a time, and refused ones leave their counterparts alone",
    async (store) => {
      await store.declare(BOTH);
      const keys = ["1", "2", "3"];
      await store.observe({ observations: keys.flatMap((key) => [crm(key), marketing(key)]) });
      const all = await claims(store);
      await store.settle(
        all.filter(({ side }) => side === 1).map((claim) => give(claim, { to: "cleared", why: "out-of-scope" })),
      );
      await store.settle(
        all.filter(({ side }) => side === undefined).map((claim) => give(claim, { ...LINKED, other: claim.key })),
      );
      const pairs = await claims(store);
      const write: PendingWrite = { ...WRITTEN, action: "remove", way: "delete" };
      const arm = (index: number, at: number): Settlement =>
        give(pairs[index] as Claim, { to: "sending", write, removals: { share: 0.1, few: 1, since: at - 100 } }, at);
      await store.settle([arm(0, 1_000)]);
      await assert.rejects(
        store.settle([arm(1, 1_050)]),
        (error) => error instanceof NotArmed && error.why === "deletions",
      );
      await store.settle([arm(1, 1_100)]);
      const parked = { to: "parked", cause: "deletions", reason: "r", todo: "t", detail: { gone: 0 } };
      await store.settle([give(pairs[2] as Claim, parked)]);
      assert.deepEqual(await store.refuseDeletions(PEOPLE, 2_000), [{ sync: PEOPLE, key: "3" }]);
      const link = (await store.linkPage(PEOPLE, "2", 1))[0];
      assert.deepEqual([link?.targetKey, link?.state], ["3", '{"gone":0}']);
    },
  );
}
