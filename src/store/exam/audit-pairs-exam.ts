// What is kept for an audit of a two-way sync: both sides as they were listed, along the links and beside them.
import assert from "node:assert/strict";
import { SCOPE } from "../audit-pairs.ts";
import type { Claim, Declaration, Settlement, Store } from "../store.ts";
import { examine, read, settlement, type MakeFile } from "./fixture.ts";

const CRM = "crm/contacts";
const MARKETING = "marketing/people";
const PEOPLE = "people";
const NOTHING_YET = "{}";

const BOTH: Declaration = {
  connections: ["crm", "marketing"],
  resources: [CRM, MARKETING],
  syncs: [{ name: PEOPLE, from: CRM, to: MARKETING, twoWay: true }],
};

/** One field, and one value that records are found by. */
const digests = (...records: readonly (readonly [field: number, match: number])[]): Uint8Array =>
  new Uint8Array(Uint32Array.from(records.flat()).buffer);

const give = (claim: Claim, fate: object): Settlement => ({
  ...(settlement(claim, fate as never, 50) as Settlement),
  ...(claim.side === undefined ? {} : { side: claim.side }),
});

/** c1 ↔ m1 and c2 ↔ m2 are pairs; c3 and m3 are alone. */
async function listed(store: Store): Promise<number> {
  await store.declare(BOTH);
  for (const pair of ["1", "2", "3"]) {
    const resources = [read(`c${pair}`, "a", { resource: CRM }), read(`m${pair}`, "a", { resource: MARKETING })];
    await store.observe({ observations: resources });
    const [first, second] = await store.claim({ sync: PEOPLE, limit: 9, at: 10 });
    await store.settle([give(second as Claim, { to: "cleared", why: "out-of-scope" })]);
    if (pair === "3") await store.settle([give(first as Claim, { to: "cleared", why: "out-of-scope" })]);
    else {
      await store.settle([give(first as Claim, { to: "linked", other: `m${pair}`, until: 9_000 })]);
      const [both] = await store.claim({ sync: PEOPLE, limit: 9, at: 10 });
      const link = { targetKey: `m${pair}`, base: `[{},{}]`, recordHash: "" };
      await store.settle([give(both as Claim, { to: "cleared", why: "agreed", link })]);
    }
  }
  const id = await store.beginAudit(PEOPLE, NOTHING_YET, NOTHING_YET, 100);
  const scopes = Uint8Array.of(SCOPE.in, SCOPE.out, SCOPE.in);
  await store.auditStep({
    id,
    progress: NOTHING_YET,
    records: [
      { side: 0, keys: ["c1", "c2", "c3"], scopes, digests: digests([5, 7], [6, 8], [6, 9]) },
      { side: 1, keys: ["m1", "m3"], scopes: scopes.slice(0, 2), digests: digests([5, 7], [6, 9]) },
    ],
  });
  return id;
}

export function auditPairsExam(makeFile: MakeFile): void {
  examine(makeFile, "each link comes with both records as they were listed, a slice at a time", async (store) => {
    const id = await listed(store);
    const { rows, next } = await store.auditPairs(id, undefined, 1);
    assert.deepEqual(rows, [
      {
        key: "c1",
        otherKey: "m1",
        base: "[{},{}]",
        listed: [
          { scope: SCOPE.in, digests: digests([5, 7]) },
          { scope: SCOPE.in, digests: digests([5, 7]) },
        ],
      },
    ]);
    const rest = await store.auditPairs(id, next, 9);
    assert.equal(rest.next, undefined);
    assert.deepEqual(
      rest.rows.map(({ otherKey, listed: [first, second] }) => [otherKey, first?.scope, second]),
      [["m2", SCOPE.out, undefined]],
    );
  });

  examine(makeFile, "what nobody is linked to is told on either side, and who is found by the same", async (store) => {
    const id = await listed(store);
    for (const [side, key] of [
      [0, "c3"],
      [1, "m3"],
    ] as const) {
      const { rows } = await store.auditAlone(id, side, undefined, 9);
      assert.deepEqual(
        rows.map((row) => row.key),
        [key],
      );
      const wanted = { side, fields: 1, digests: [[9, 7]] };
      const found = await store.auditMatching(id, wanted, side === 0 ? "c1" : "m1", 9);
      assert.deepEqual(found, { rows: [{ key, alternative: 0, digest: 9 }] });
    }
    assert.deepEqual((await store.auditAlone(id, 0, undefined, 2)).next, "c2");
    assert.deepEqual(await store.auditSideKeys(id, 1, "m1", 1), ["m2"]);
    assert.equal(await store.conflictsOpen(PEOPLE), 0);
  });

  examine(
    makeFile,
    "what is known of a pair is told with both records, its link and its pending row",
    async (store) => {
      const id = await listed(store);
      await store.observe({ observations: [read("m1", "b", { resource: MARKETING, at: 200 })] });
      const [pair, second, alone, nobody] = await store.auditPairFacts(id, [
        { key: "c1" },
        { key: "m1", side: 1 },
        { key: "m3", side: 1 },
        { key: "x" },
      ]);
      assert.equal(pair?.link?.targetKey, "m1");
      assert.deepEqual([pair.record?.hash, pair.other?.record?.hash, pair.other?.record?.observedAt], ["a", "b", 200]);
      assert.deepEqual([pair.pending?.state, pair.clearedAt], ["ready", 50]);
      assert.equal(second?.linkedTo, "c1");
      assert.equal(alone?.linkedTo, undefined);
      assert.equal(alone?.listed?.scope, SCOPE.out);
      assert.deepEqual(nobody, { key: "x" });
    },
  );

  examine(
    makeFile,
    "a side that is listed anew begins with nothing, and keys of what became part of others lead there",
    async (store) => {
      const id = await listed(store);
      const records = [
        {
          side: 0 as const,
          keys: ["c1"],
          scopes: Uint8Array.of(SCOPE.in),
          digests: digests([5, 7]),
          former: [["c2", "c1"]] as const,
        },
      ];
      await store.auditStep({ id, progress: NOTHING_YET, afresh: "source", records });
      const { rows } = await store.auditPairs(id, undefined, 9);
      assert.deepEqual(
        rows.map(({ key, listed: [first] }) => [key, first?.scope]),
        [
          ["c1", SCOPE.in],
          ["c2", undefined],
        ],
      );
      assert.deepEqual((await store.auditAlone(id, 0, undefined, 9)).rows, []);
      const [facts] = await store.auditPairFacts(id, [{ key: "c2" }]);
      assert.deepEqual([facts?.listed, facts?.listedAs], [undefined, "c1"]);
    },
  );

  examine(makeFile, "records that show just what is wanted are found", async (store) => {
    const id = await listed(store);
    const wanted = { side: 1 as const, digests: [Uint8Array.from(digests([6, 0]).subarray(0, 4))] };
    assert.deepEqual(await store.auditShowing(id, wanted, undefined, 9), { rows: [{ key: "m3", place: 0 }] });
  });

  examine(makeFile, "what was listed of a two-way sync is swept away", async (store) => {
    const id = await listed(store);
    while ((await store.sweepAudit(id, 2)) > 0);
    assert.deepEqual((await store.auditAlone(id, 0, undefined, 9)).rows, []);
    assert.deepEqual((await store.auditPairs(id, undefined, 9)).rows[0]?.listed, [undefined, undefined]);
  });
}
