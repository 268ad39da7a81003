// What is kept for an audit: both sides as they were listed, what looks amiss, what was found, and links that are put right.
import assert from "node:assert/strict";
import { DIGEST_EMPTY, DIGEST_OMITTED, EXPECTS, MARK_WORDS, PLACES } from "../audit.ts";
import type { Store } from "../store.ts";
import { AGREED, claimed, deleted, examine, INVOICES, LINK, ORDERS, read, settle, type MakeFile } from "./fixture.ts";

const NOTHING_YET = "{}";

/** Two fields of each record. */
function digests(...fields: readonly (readonly [number, number])[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(fields.flat()).buffer);
}

/** Orders that are linked, each to T and its key. */
async function linked(store: Store, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await store.observe({ observations: [read(key, "a", { onlySyncs: [INVOICES] })] });
    const claim = await claimed(store);
    await settle(store, claim, { ...AGREED, link: { ...LINK, targetKey: `T${key}` } });
  }
}

async function listedOf(store: Store, id: number, key: string): Promise<boolean> {
  return (await store.auditFacts(id, [key]))[0]?.listed !== undefined;
}

async function begun(store: Store): Promise<number> {
  return store.beginAudit(INVOICES, NOTHING_YET, NOTHING_YET, 100);
}

/** All that was listed is compared one by one. */
async function sifted(store: Store, id: number): Promise<void> {
  const everywhere = new Uint8Array(PLACES / 8).fill(255);
  for (let after: string | undefined; ;) {
    after = await store.auditSift(id, everywhere, after, 1);
    if (after === undefined) return;
  }
}

/** The sums of the digests in the marks of one side. */
async function sumOf(store: Store, id: number, side: "source" | "target"): Promise<readonly number[]> {
  const { rows } = await store.auditMarks(id, undefined, 100);
  const sums = Uint32Array.of(0, 0);
  for (const { marks } of rows.filter((row) => row.side === side)) {
    for (let at = 0; at < marks.length; at += MARK_WORDS) {
      sums[0] = (sums[0] ?? 0) + (marks[at + 1] ?? 0);
      sums[1] = (sums[1] ?? 0) + (marks[at + 2] ?? 0);
    }
  }
  return [...sums];
}

export function auditExam(makeFile: MakeFile): void {
  examine(
    makeFile,
    "records that show something else than is expected are suspects, those that agree are not",
    async (store) => {
      await linked(store, "1", "2", "3", "4");
      const id = await begun(store);
      const source = digests([5, 6], [5, 6], [5, 6], [5, DIGEST_OMITTED]);
      const { fields } = EXPECTS;
      await store.auditStep({
        id,
        progress: NOTHING_YET,
        sides: [
          {
            side: "source",
            keys: ["1", "2", "3", "4"],
            expects: Uint8Array.of(fields, fields, fields, fields),
            digests: source,
          },
          {
            side: "target",
            keys: ["T1", "T2", "T4", "T9"],
            digests: digests([5, 6], [5, 7], [5, DIGEST_EMPTY], [5, 6]),
          },
        ],
      });
      await sifted(store, id);
      const { rows, next } = await store.auditSuspects(id, undefined, 10);
      assert.deepEqual(
        rows.map(({ key, shown }) => [key, shown !== undefined]),
        [
          ["2", true],
          ["3", false],
        ],
      );
      assert.equal(next, undefined);
      assert.deepEqual(
        (await store.auditUnmatched(id, undefined, 10)).rows.map(({ key }) => key),
        ["T9"],
      );
      const same = await store.auditSame(id, [{ key: "T9", digests: digests([5, 6]) }], undefined, 10);
      assert.deepEqual(same.rows, [
        { key: "T9", targetKey: "T1", linkedTo: "1" },
        { key: "T9", targetKey: "T9" },
      ]);
    },
  );

  examine(
    makeFile,
    "sums of marks are the same on both sides where both agree, in whatever order and on whichever pages they come",
    async (store) => {
      await linked(store, "1", "2", "3");
      const { fields, anything } = EXPECTS;
      const id = await begun(store);
      const expects = Uint8Array.of(fields, fields, fields);
      const own = [digests([5, 6]), digests([7, DIGEST_OMITTED]), digests([5, 6])] as const;
      const sides = [
        { side: "source", keys: ["1", "2", "3"], expects, digests: Buffer.concat(own) },
        { side: "target", keys: ["T3"], digests: own[2] },
        { side: "target", keys: ["T2", "T1"], digests: digests([7, DIGEST_EMPTY], [5, 6]) },
      ] as const;
      await store.auditStep({ id, progress: NOTHING_YET, sides });
      assert.deepEqual(await sumOf(store, id, "source"), await sumOf(store, id, "target"));
      const swapped = await begun(store);
      const others = {
        side: "target",
        keys: ["T1", "T2", "T3"],
        digests: Buffer.concat([own[1], own[0], own[2]]),
      } as const;
      await store.auditStep({ id: swapped, progress: NOTHING_YET, sides: [sides[0], others] });
      assert.notDeepEqual(await sumOf(store, swapped, "source"), await sumOf(store, swapped, "target"));
      // What says nothing of the target, or belongs to no link, adds nothing.
      const silent = await begun(store);
      const strangers = { side: "source", keys: ["1", "x"], expects: Uint8Array.of(anything, fields) } as const;
      await store.auditStep({
        id: silent,
        progress: NOTHING_YET,
        sides: [{ ...strangers, digests: digests([5, 6], [5, 6]) }],
      });
      assert.deepEqual(await sumOf(store, silent, "source"), [0, 0]);
      // And what belongs to no link is compared without being sifted.
      assert.deepEqual(
        (await store.auditSuspects(silent, undefined, 9)).rows.map(({ key }) => key),
        ["x"],
      );
    },
  );

  examine(
    makeFile,
    "only records at the places that differ are compared, and a side that is listed afresh leaves nothing behind",
    async (store) => {
      await linked(store, "1", "2");
      const id = await begun(store);
      const source = {
        side: "source",
        keys: ["1", "2"],
        expects: Uint8Array.of(1, 1),
        digests: digests([5, 6], [5, 6]),
      } as const;
      await store.auditStep({ id, progress: NOTHING_YET, sides: [source] });
      const [page] = (await store.auditMarks(id, undefined, 9)).rows;
      const places = new Uint8Array(PLACES / 8);
      const place = (page?.marks[MARK_WORDS] ?? 0) % PLACES;
      places[place >> 3] = 1 << (place & 7);
      assert.equal(await store.auditSift(id, places, undefined, 9), undefined);
      assert.deepEqual([await listedOf(store, id, "1"), await listedOf(store, id, "2")], [false, true]);
      await store.auditStep({ id, progress: NOTHING_YET, afresh: "source" });
      assert.equal(await listedOf(store, id, "2"), false);
      assert.deepEqual((await store.auditMarks(id, undefined, 9)).rows, []);
    },
  );

  examine(
    makeFile,
    "a record that was listed twice, because it moved meanwhile, is compared as it was listed last",
    async (store) => {
      await linked(store, "1");
      const id = await begun(store);
      const source = { side: "source", keys: ["1"], expects: Uint8Array.of(EXPECTS.fields) } as const;
      const sides = [
        { ...source, digests: digests([5, 6]) },
        { ...source, digests: digests([7, 6]) },
        { side: "target", keys: ["T1"], digests: digests([7, 6]) },
      ] as const;
      await store.auditStep({ id, progress: NOTHING_YET, sides });
      assert.notDeepEqual(await sumOf(store, id, "source"), await sumOf(store, id, "target"));
      await sifted(store, id);
      assert.deepEqual((await store.auditSuspects(id, undefined, 9)).rows, []);
    },
  );

  examine(
    makeFile,
    "a comparison goes on after the last key of a slice, whether or not the slice had suspects",
    async (store) => {
      await linked(store, "1", "2", "3");
      const id = await begun(store);
      const expects = Uint8Array.of(EXPECTS.anything, EXPECTS.anything, EXPECTS.unclear);
      await store.auditStep({
        id,
        progress: NOTHING_YET,
        sides: [{ side: "source", keys: ["1", "2", "3"], expects, digests: new Uint8Array() }],
      });
      await sifted(store, id);
      const first = await store.auditSuspects(id, undefined, 2);
      assert.deepEqual(first, { rows: [], next: "2" });
      assert.deepEqual(
        (await store.auditSuspects(id, "2", 2)).rows.map(({ key }) => key),
        ["3"],
      );
    },
  );

  examine(
    makeFile,
    "a linked record that the source did not list, and whose target is there, is gone",
    async (store) => {
      await linked(store, "1", "2", "3");
      const id = await begun(store);
      await store.auditStep({
        id,
        progress: NOTHING_YET,
        sides: [
          { side: "source", keys: ["1"], expects: Uint8Array.of(EXPECTS.anything), digests: digests([0, 0]) },
          { side: "target", keys: ["T1", "T2"], digests: digests([5, 6], [5, 6]) },
        ],
      });
      await sifted(store, id);
      assert.deepEqual((await store.auditGone(id, undefined, 10)).rows, [{ key: "2" }]);
    },
  );

  examine(
    makeFile,
    "findings replace suspects in one step, and pages of them are in the order of keys",
    async (store) => {
      const id = await begun(store);
      const suspect = (key: string) => ({ kind: "suspect", key, detail: NOTHING_YET });
      await store.auditStep({ id, progress: NOTHING_YET, findings: ["b", "a", "c"].map(suspect) });
      assert.deepEqual(
        (await store.auditFindings(id, "suspect", "a", 1)).map(({ key }) => key),
        ["b"],
      );
      await store.auditStep({
        id,
        progress: '{"stage":"recheck"}',
        without: [{ kind: "suspect", keys: ["a", "b"] }],
        findings: [{ kind: "missing", key: "a", detail: '{"why":1}' }],
      });
      assert.deepEqual(await store.auditFindings(id, undefined, undefined, 10), [
        { kind: "missing", key: "a", detail: '{"why":1}' },
        suspect("c"),
      ]);
      assert.equal((await store.audits({ id, limit: 1 }))[0]?.progress, '{"stage":"recheck"}');
    },
  );

  examine(makeFile, "the facts of a record tell its link, its pending and what was listed of it", async (store) => {
    await linked(store, "1");
    await store.observe({ observations: [read("1", "b", { at: 20, onlySyncs: [INVOICES] })] });
    const id = await begun(store);
    const own = digests([5, 6]);
    await store.auditStep({
      id,
      progress: NOTHING_YET,
      sides: [{ side: "source", keys: ["1"], expects: Uint8Array.of(1), digests: own }],
    });
    await sifted(store, id);
    const [facts, unknown] = await store.auditFacts(id, ["1", "nobody"]);
    assert.equal(facts?.record?.hash, "b");
    assert.equal(facts.link?.targetKey, "T1");
    assert.equal(facts.pending?.state, "ready");
    assert.equal(facts.clearedAt, 50);
    assert.deepEqual([...(facts.listed?.digests ?? [])], [...own]);
    assert.deepEqual(unknown, { key: "nobody" });
  });

  examine(
    makeFile,
    "two links can change places; a record that is pending or linked otherwise is left alone",
    async (store) => {
      await linked(store, "1", "2", "3", "4");
      await store.observe({ observations: [read("3", "b", { at: 20, onlySyncs: [INVOICES] })] });
      const id = await begun(store);
      const to = (targetKey: string) => ({ ...LINK, targetKey });
      const done = await store.auditRebase(id, [
        { key: "1", was: "T1", link: to("T2") },
        { key: "2", was: "T2", link: to("T1") },
        { key: "3", was: "T3", link: null },
        { key: "4", was: "other", link: null },
      ]);
      assert.deepEqual(done, ["1", "2"]);
      const needs = ["1", "2", "3", "4"].map((key) => ({ sync: INVOICES, key }));
      assert.deepEqual(await store.links(needs), ["T2", "T1", "T3", "T4"]);
    },
  );

  examine(
    makeFile,
    "what was listed is swept away; an audit and its findings stay until they are old",
    async (store, file) => {
      await linked(store, "1");
      await store.observe({ observations: [deleted("9", { onlySyncs: [] })] });
      const first = await begun(store);
      const findings = [{ kind: "missing", key: "1", detail: NOTHING_YET }];
      const source = {
        side: "source",
        keys: ["1", "2"],
        expects: Uint8Array.of(EXPECTS.fields, EXPECTS.fields),
        digests: new Uint8Array(),
      } as const;
      await store.auditStep({ id: first, progress: NOTHING_YET, sides: [source], findings });
      const other = await begun(store);
      await store.auditStep({
        id: other,
        progress: NOTHING_YET,
        sides: [{ ...source, keys: ["1"], expects: Uint8Array.of(EXPECTS.fields) }],
      });
      await sifted(store, first);
      await sifted(store, other);
      assert.deepEqual(
        [await store.sweepAudit(first, 1), await store.sweepAudit(first, 5), await store.sweepAudit(first, 5)],
        [1, 2, 0],
      );
      assert.deepEqual([await listedOf(store, first, "1"), await listedOf(store, other, "1")], [false, true]);
      while ((await store.sweepAudit(other, 5)) > 0);
      assert.equal(await listedOf(store, other, "1"), false);
      await store.endAudit(other, { state: "stopped", result: NOTHING_YET, at: 105 });
      await store.endAudit(first, { state: "done", result: NOTHING_YET, at: 110 });
      const second = await store.beginAudit(INVOICES, NOTHING_YET, NOTHING_YET, 120);
      assert.deepEqual(await store.auditKeys(second, undefined, 10), ["1"]);
      assert.deepEqual(
        (await store.audits({ sync: INVOICES, limit: 9 })).map(({ id, state }) => [id, state]),
        [
          [second, "running"],
          [other, "stopped"],
          [first, "done"],
        ],
      );
      await store.close();
      const again = await file.open();
      await again.declare({ connections: ["shop"], resources: [ORDERS], syncs: [] });
      await again.prune({ before: 200, rowsMax: 100 });
      assert.deepEqual(
        (await again.audits({ limit: 9 })).map(({ id }) => id),
        [second],
      );
      assert.deepEqual(await again.auditFindings(first, undefined, undefined, 9), []);
      await again.close();
    },
  );
}
