import assert from "node:assert/strict";
import { test } from "node:test";
import { OnTheWay } from "./on-the-way.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Parts that say when they are begun, and are durable, or fail, when told so. */
function parts() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const part = (name: string) => (): Promise<void> => {
    begun.push(name);
    const end = Promise.withResolvers<void>();
    ends.set(name, end);
    return end.promise;
  };
  const durable = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) ends.get(name)!.resolve();
    await turn();
  };
  const fail = async (name: string): Promise<void> => {
    ends.get(name)!.reject(new Error(`${name} failed`));
    await turn();
  };
  return { begun, part, durable, fail };
}

test("the last part of a page waits for all before it, and the next page goes behind it without waiting", async () => {
  const { begun, part, durable } = parts();
  const way = new OnTheWay();
  for (const name of ["1a", "1b"]) way.add(part(name));
  way.finish(part("1 end"));
  way.add(part("2a"));
  way.finish(part("2 end"));
  await turn();
  assert.deepEqual(begun, ["1a", "1b"]);
  await durable("1b");
  assert.deepEqual(begun, ["1a", "1b"]);
  await durable("1a");
  assert.deepEqual(begun, ["1a", "1b", "1 end", "2a"]);
  await durable("2a");
  assert.deepEqual(begun, ["1a", "1b", "1 end", "2a"]);
  await durable("1 end");
  assert.deepEqual(begun, ["1a", "1b", "1 end", "2a", "2 end"]);
  const end = way.end();
  await durable("2 end");
  await end;
});

test("where a part fails, no cursor behind it moves, nothing more begins, and it is told", async () => {
  const { begun, part, durable, fail } = parts();
  const way = new OnTheWay();
  way.add(part("1a"));
  way.add(part("1b"));
  way.finish(part("1 end"));
  way.add(part("2a"));
  way.finish(part("2 end"));
  await turn();
  await fail("1a");
  await durable("1b");
  assert.deepEqual(begun, ["1a", "1b"]);
  await assert.rejects(way.room(), /1a failed/);
  await assert.rejects(way.end(), /1a failed/);
  assert.equal(await way.clear(), false);
  way.finish(part("1a again"));
  await turn();
  await durable("1a again");
  assert.deepEqual(begun, ["1a", "1b", "1a again"]);
  assert.equal(await way.clear(), true);
});

test("there is room for a page while another one is on its way, and not beside two", async () => {
  const { part, durable } = parts();
  const way = new OnTheWay();
  way.finish(part("1"));
  await way.room();
  way.finish(part("2"));
  let hasRoom = false;
  const room = way.room().then(() => (hasRoom = true));
  await turn();
  assert.equal(hasRoom, false);
  await durable("1");
  assert.equal(hasRoom, true);
  await room;
});

test("what is cleared is waited for, also the parts of a page that nobody finished", async () => {
  const { part, durable } = parts();
  const way = new OnTheWay();
  way.add(part("1a"));
  let isClear = false;
  const clear = way.clear().then((isDurable) => (isClear = isDurable));
  await turn();
  assert.equal(isClear, false);
  await durable("1a");
  assert.equal(isClear, true);
  await clear;
});
