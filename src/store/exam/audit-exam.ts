// What is kept for an audit: both sides as they were listed, what looks amiss, what was found, and links that are put right.
import assert from "node:assert/strict";
import { DIGEST_EMPTY, DIGEST_OMITTED, EXPECTS } from "../audit.ts";
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
        expects: Uint8Array.of(0, 0),
        digests: new Uint8Array(),
      } as const;
      await store.auditStep({ id: first, progress: NOTHING_YET, sides: [source], findings });
      const other = await begun(store);
      await store.auditStep({
        id: other,
        progress: NOTHING_YET,
        sides: [{ ...source, keys: ["1"], expects: Uint8Array.of(0) }],
      });
      assert.deepEqual(
        [await store.sweepAudit(first, 1), await store.sweepAudit(first, 5), await store.sweepAudit(first, 5)],
        [1, 1, 0],
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
