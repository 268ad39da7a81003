// A file of state that was brought back: what is in doubt from the start on, and for how long.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScanKind, ScanState, Store } from "../store.ts";
import {
  DECLARATION,
  INVOICES,
  LINK,
  ORDERS,
  onDeclared,
  read,
  settle,
  type ExamFile,
  type MakeFile,
} from "./fixture.ts";

const BEGAN = 2_000;
const DAY_MS = 86_400_000;

/** Two orders were pending when the backup was made. */
async function restoredFile(makeFile: MakeFile, check: (store: Store, file: ExamFile) => Promise<void>): Promise<void> {
  const file = await makeFile();
  const before = await file.open();
  await before.declare(DECLARATION);
  await before.observe({ observations: [read("1", "a"), read("2", "a")] });
  await before.close();
  await file.restored(77);
  await onDeclared(file, check);
}

/** Since when each of them is in doubt; they stay held. */
async function doubts(store: Store, at = BEGAN): Promise<readonly (readonly [string, number | undefined])[]> {
  const claims = await store.claim({ sync: INVOICES, limit: 10, at });
  const told = claims.map(({ key, doubtedSince }) => [key, doubtedSince] as const);
  return told.toSorted(([one], [other]) => one.localeCompare(other));
}

function listed(store: Store, state: ScanState, kind: ScanKind = "changes"): Promise<unknown> {
  const { completeAt: wholeUntil } = state;
  const whole = wholeUntil === undefined ? {} : { wholeUntil };
  return store.observe({ observations: [], scan: { resource: ORDERS, kind, state, ...whole } });
}

export function restoredExam(makeFile: MakeFile): void {
  test("a file that was never restored is in no doubt", async () => {
    const file = await makeFile();
    const store = await file.open();
    await store.declare(DECLARATION);
    await store.observe({ observations: [read("1", "a")] });
    assert.equal(await store.beginRestored(BEGAN), undefined);
    assert.equal(await store.restored(), undefined);
    assert.deepEqual(await doubts(store), [["1", undefined]]);
    await store.close();
    await file.remove();
  });

  test("a restored file tells it at the next start, and only then; what is read by syncs is in doubt", () =>
    restoredFile(makeFile, async (store) => {
      assert.deepEqual(await store.restored(), { madeAt: 77, doubted: [] });
      const restored = { madeAt: 77, beganAt: BEGAN, doubted: ["shop/customers", ORDERS] };
      assert.deepEqual(await store.beginRestored(BEGAN), restored);
      assert.equal(await store.beginRestored(BEGAN + 1), undefined);
      assert.deepEqual(await store.restored(), restored);
    }));

  test("what was pending stays in doubt until it is settled, also after its source was listed", () =>
    restoredFile(makeFile, async (store) => {
      await store.beginRestored(BEGAN);
      await listed(store, { completeAt: BEGAN });
      assert.deepEqual((await store.restored())?.doubted, ["shop/customers"]);
      const [one, two] = await store.claim({ sync: INVOICES, limit: 10, at: BEGAN });
      assert.ok(one !== undefined && two !== undefined);
      assert.deepEqual([one.doubtedSince, two.doubtedSince], [BEGAN, BEGAN]);
      await settle(store, one, { to: "waiting", until: BEGAN, reason: "no room", attempts: 0, waits: 1 });
      await settle(store, two, { to: "cleared", why: "confirmed", link: { ...LINK, targetKey: "T2" } });
      await store.observe({ observations: [read("2", "b"), read("3", "a")] });
      assert.deepEqual(await doubts(store), [
        ["1", BEGAN],
        ["2", undefined],
        ["3", undefined],
      ]);
    }));

  test("what is noted before its source was listed since is in doubt, and not claimed where it is first seen", () =>
    restoredFile(makeFile, async (store) => {
      await store.beginRestored(BEGAN);
      const claim = [{ sync: INVOICES, limit: 5 }];
      const { claimed: atOnce } = await store.observe({ observations: [read("3", "a")], claim });
      assert.deepEqual(atOnce, []);
      // One that does not show all that changed before the restore.
      await listed(store, { completeAt: BEGAN - 1 });
      await store.observe({ observations: [read("4", "a")] });
      await listed(store, { completeAt: BEGAN });
      const later = await store.observe({ observations: [read("5", "a")], claim });
      assert.deepEqual(
        later.claimed.map(({ key, doubtedSince }) => [key, doubtedSince]),
        [["5", undefined]],
      );
      const all = ["1", "2", "3", "4"].map((key) => [key, BEGAN] as const);
      assert.deepEqual(await doubts(store), all);
    }));

  test("changes that were listed since end no doubt while everything is still being listed, whenever that began", () =>
    restoredFile(makeFile, async (store) => {
      const orders = async (): Promise<boolean> => (await store.restored())?.doubted.includes(ORDERS) === true;
      await listed(store, { beganAt: BEGAN - 5, cursor: "page 2" }, "everything");
      await store.beginRestored(BEGAN);
      await listed(store, { completeAt: BEGAN });
      assert.equal(await orders(), true);
      await listed(store, { beganAt: BEGAN + 1, cursor: "begun anew, page 2" }, "everything");
      await listed(store, { completeAt: BEGAN + 2 });
      assert.equal(await orders(), true);
      await listed(store, { completeAt: BEGAN + 1 }, "everything");
      assert.equal(await orders(), false);
    }));

  test("once a listing of everything that began before is complete, the next of changes ends the doubt", () =>
    restoredFile(makeFile, async (store) => {
      await listed(store, { beganAt: BEGAN - 5, cursor: "page 2" }, "everything");
      await store.beginRestored(BEGAN);
      await listed(store, { completeAt: BEGAN });
      await listed(store, { completeAt: BEGAN - 5 }, "everything");
      await listed(store, { completeAt: BEGAN + 1 });
      assert.deepEqual((await store.restored())?.doubted, ["shop/customers"]);
    }));

  test("the doubt outlasts a start, and of what is never listed it ends after a month", () =>
    restoredFile(makeFile, async (store, file) => {
      await store.beginRestored(BEGAN);
      const one = (await store.claim({ sync: INVOICES, limit: 1, at: BEGAN }))[0];
      assert.equal(one?.doubtedSince, BEGAN);
      await store.close();
      const again = await file.open();
      await again.declare(DECLARATION);
      assert.equal(await again.beginRestored(BEGAN + 5), undefined);
      await again.observe({ observations: [read("3", "a")] });
      const [first] = await again.claim({ sync: INVOICES, limit: 1, at: BEGAN });
      assert.equal(first?.doubtedSince, BEGAN);
      const month = BEGAN + 31 * DAY_MS;
      assert.deepEqual(await doubts(again, month), [
        ["2", BEGAN],
        ["3", undefined],
      ]);
      await again.close();
    }));

  test("restored once more, it begins anew", () =>
    restoredFile(makeFile, async (store, file) => {
      await store.beginRestored(BEGAN);
      await listed(store, { completeAt: BEGAN });
      await store.close();
      await file.restored(99);
      const again = await file.open();
      await again.declare(DECLARATION);
      const later = BEGAN + 10;
      assert.deepEqual(await again.beginRestored(later), {
        madeAt: 99,
        beganAt: later,
        doubted: ["shop/customers", ORDERS],
      });
      assert.deepEqual(
        (await doubts(again)).map(([, since]) => since),
        [later, later],
      );
      await again.close();
    }));
}
