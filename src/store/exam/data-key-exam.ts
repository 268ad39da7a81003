// Data keys: one current for each tenant, taken away only when nothing is sealed with it any more.
import assert from "node:assert/strict";
import { examine, tally, type MakeFile } from "./fixture.ts";

const KEY = { id: "00000000000000aa", tenant: "default", wrapped: Buffer.from("wrapped a"), madeAt: 1 };
const OTHER = { id: "00000000000000bb", tenant: "default", wrapped: Buffer.from("wrapped b"), madeAt: 2 };
/** As the vault seals: a format, the data key, the rest. */
const sealedWith = (key: { readonly id: string }, text: string): Buffer =>
  Buffer.concat([Buffer.of(1), Buffer.from(key.id, "hex"), Buffer.from(text)]);

export function dataKeyExam(makeFile: MakeFile): void {
  examine(makeFile, "of two who make a tenant's data key one does, and it is the current one", async (store) => {
    assert.deepEqual(await store.dataKeys(), []);
    assert.deepEqual(await Promise.all([store.addDataKey(KEY, undefined), store.addDataKey(OTHER, undefined)]), [
      true,
      false,
    ]);
    assert.equal(await store.addDataKey({ ...OTHER, tenant: "other" }, undefined), true, "another tenant has its own");
    const [first] = await store.dataKeys();
    assert.deepEqual({ ...first, wrapped: Buffer.from(first!.wrapped) }, { ...KEY, current: true, seals: 0 });
  });

  examine(makeFile, "a new data key takes the current one's place only if that one still is", async (store) => {
    await store.addDataKey(KEY, undefined);
    assert.equal(await store.addDataKey(OTHER, "00000000000000cc"), false);
    assert.equal(await store.addDataKey(OTHER, KEY.id), true);
    assert.deepEqual(
      (await store.dataKeys()).map(({ id, current }) => [id, current]),
      [
        [KEY.id, false],
        [OTHER.id, true],
      ],
    );
  });

  examine(makeFile, "a data key is wrapped anew only in place of the wrapping that was", async (store) => {
    await store.addDataKey(KEY, undefined);
    assert.equal(await store.rewrapDataKey(KEY.id, Buffer.from("another"), Buffer.from("x")), false);
    assert.equal(await store.rewrapDataKey(KEY.id, KEY.wrapped, Buffer.from("x")), true);
    assert.equal(Buffer.from((await store.dataKeys())[0]!.wrapped).toString(), "x");
  });

  examine(
    makeFile,
    "a data key is taken away only when it is superseded and nothing is sealed with it",
    async (store) => {
      await store.addDataKey(KEY, undefined);
      await store.saveCredential("shop", 0, sealedWith(KEY, "one"));
      await store.addDataKey(OTHER, KEY.id);
      assert.deepEqual(await store.dropUnusedDataKeys(), []);
      assert.equal(await store.reseal("shop", 1, sealedWith(KEY, "one"), sealedWith(OTHER, "two")), true);
      assert.deepEqual(await store.dropUnusedDataKeys(), [KEY.id]);
      assert.deepEqual(
        (await store.dataKeys()).map(({ id, seals }) => [id, seals]),
        [[OTHER.id, 1]],
      );
    },
  );

  examine(
    makeFile,
    "a secret is sealed anew only in place of the one that was, and keeps its version",
    async (store) => {
      const [one, two, three] = ["one", "two", "three"].map((text) => sealedWith(KEY, text)) as [
        Buffer,
        Buffer,
        Buffer,
      ];
      await store.saveCredential("shop", 0, one);
      await store.saveCredential("shop", 1, two);
      assert.equal(await store.reseal("shop", 1, two, three), false);
      assert.equal(await store.reseal("shop", 2, one, three), false);
      assert.equal(await store.reseal("shop", 2, two, three), true);
      const kept = await store.credential("shop");
      assert.deepEqual([kept?.version, Buffer.from(kept!.sealed)], [2, three]);
    },
  );

  examine(makeFile, "all that is sealed is paged through in order of connection", async (store) => {
    await store.saveCredential("shop", 0, sealedWith(KEY, "s"));
    await store.saveCredential("books", 0, sealedWith(KEY, "b"));
    const [first, ...others] = await store.sealed(undefined, 1);
    assert.deepEqual([first?.connection, first?.tenant, first?.version, others], ["books", "default", 1, []]);
    assert.deepEqual(
      (await store.sealed("books", 5)).map(({ connection }) => connection),
      ["shop"],
    );
    assert.deepEqual(await store.sealed("shop", 5), []);
  });

  examine(makeFile, "what happened outside the store is counted", async (store) => {
    await Promise.all([store.tally("vault.refused"), store.tally("vault.refused")]);
    assert.equal(await tally(store, "vault.refused"), 2);
  });
}
