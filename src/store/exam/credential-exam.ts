// Credentials: only whoever saw the last one may replace it, and one at a time refreshes it, in this process and in others.
import assert from "node:assert/strict";
import type { CredentialStore, RefreshClaim } from "../store.ts";
import { examine, type ExamFile, type MakeFile } from "./fixture.ts";

const sealed = (text: string): Uint8Array => Buffer.from(text);
const claim = (owner: string, at: number, more: Partial<RefreshClaim> = {}): RefreshClaim => ({
  owner,
  at,
  until: at + 100,
  ...more,
});

export function credentialExam(makeFile: MakeFile): void {
  examine(makeFile, "of two who saw the same credential one replaces it", async (store) => {
    assert.equal(await store.credential("shop"), undefined);
    assert.deepEqual(
      await Promise.all([store.saveCredential("shop", 0, sealed("a")), store.saveCredential("shop", 0, sealed("b"))]),
      [true, false],
    );
    const first = await store.credential("shop");
    assert.ok(first !== undefined);
    assert.deepEqual({ ...first, sealed: Buffer.from(first.sealed).toString() }, { sealed: "a", version: 1 });
    assert.equal(await store.saveCredential("shop", 1, sealed("c")), true);
    assert.equal(await store.saveCredential("shop", 1, sealed("d")), false);
    assert.equal((await store.credential("shop"))?.version, 2);
  });

  examine(
    makeFile,
    "a refresh is recorded with its lease before it is made, and ended by its success",
    async (store) => {
      await store.saveCredential("shop", 0, sealed("a"));
      const begun = await store.beginRefresh("shop", 1, claim("one", 50));
      assert.deepEqual(begun, { is: "begun", epoch: 1 });
      const during = await store.credential("shop");
      assert.deepEqual([during?.refreshBeganAt, during?.lease], [50, { owner: "one", until: 150 }]);
      assert.equal(await store.saveCredential("shop", 1, sealed("b"), 1), true);
      const after = await store.credential("shop");
      assert.deepEqual([after?.version, after?.refreshBeganAt, after?.lease], [2, undefined, undefined]);
      assert.deepEqual(await store.beginRefresh("shop", 1, claim("one", 60)), { is: "changed" });
    },
  );

  examine(makeFile, "while one refreshes no other process may, until the lease ends", async (store, file) => {
    await store.saveCredential("shop", 0, sealed("a"));
    await withOther(file, async (other) => {
      await store.beginRefresh("shop", 1, claim("one", 50));
      assert.deepEqual(await other.beginRefresh("shop", 1, claim("two", 149, { seenBeganAt: 50 })), {
        is: "leased",
        until: 150,
      });
      assert.deepEqual(await other.beginRefresh("shop", 1, claim("two", 150, { seenBeganAt: 50 })), {
        is: "begun",
        epoch: 2,
      });
      assert.deepEqual(await store.beginRefresh("shop", 1, claim("one", 151, { seenBeganAt: 50 })), {
        is: "leased",
        until: 250,
      });
    });
  });

  examine(
    makeFile,
    "whoever lost the lease commits nothing, and gives nobody else's lease back",
    async (store, file) => {
      await store.saveCredential("shop", 0, sealed("a"));
      await withOther(file, async (other) => {
        await store.beginRefresh("shop", 1, claim("one", 50));
        await other.beginRefresh("shop", 1, claim("two", 150, { seenBeganAt: 50 }));
        assert.equal(await store.saveCredential("shop", 1, sealed("late"), 1), false);
        await store.endRefresh("shop", 1, { at: 50, answered: true });
        assert.equal((await store.credential("shop"))?.lease?.owner, "two");
        assert.equal(await other.saveCredential("shop", 1, sealed("b"), 2), true);
        assert.equal(Buffer.from((await store.credential("shop"))!.sealed).toString(), "b");
      });
    },
  );

  examine(makeFile, "a lease that nobody took over commits even after its end", async (store) => {
    await store.saveCredential("shop", 0, sealed("a"));
    await store.beginRefresh("shop", 1, claim("one", 50));
    assert.equal(await store.saveCredential("shop", 1, sealed("b"), 1), true);
  });

  examine(makeFile, "an attempt that was not seen fences nobody off", async (store) => {
    await store.saveCredential("shop", 0, sealed("a"));
    await store.beginRefresh("shop", 1, claim("one", 50));
    assert.equal((await store.beginRefresh("shop", 1, claim("two", 200))).is, "leased");
    assert.equal(await store.saveCredential("shop", 1, sealed("b"), 1), true);
  });

  examine(makeFile, "whoever is alone waits for nobody's lease", async (store) => {
    await store.saveCredential("shop", 0, sealed("a"));
    await store.beginRefresh("shop", 1, claim("dead", 50));
    const again = await store.beginRefresh("shop", 1, claim("next", 60, { alone: true, seenBeganAt: 50 }));
    assert.deepEqual(again, { is: "begun", epoch: 2 });
    assert.equal((await store.credential("shop"))?.refreshBeganAt, 50, "from the first attempt on");
  });

  examine(makeFile, "an answered attempt leaves no doubt; one that was not keeps its own", async (store) => {
    await store.saveCredential("shop", 0, sealed("a"));
    await store.beginRefresh("shop", 1, claim("one", 50));
    await store.endRefresh("shop", 1, { at: 50, answered: false });
    const left = await store.credential("shop");
    assert.deepEqual([left?.refreshBeganAt, left?.lease], [50, undefined]);
    await store.beginRefresh("shop", 1, claim("two", 60, { seenBeganAt: 50 }));
    await store.endRefresh("shop", 2, { at: 60, answered: true });
    assert.equal((await store.credential("shop"))?.refreshBeganAt, 50, "the first one's answer is still not known");
    await store.saveCredential("shop", 1, sealed("b"));
    await store.beginRefresh("shop", 2, claim("two", 70));
    await store.endRefresh("shop", 3, { at: 70, answered: true });
    assert.equal((await store.credential("shop"))?.refreshBeganAt, undefined);
  });
}

async function withOther(file: ExamFile, work: (other: CredentialStore) => Promise<void>): Promise<void> {
  const other = await file.openShared();
  try {
    await work(other);
  } finally {
    await other.close();
  }
}
