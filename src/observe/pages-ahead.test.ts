import assert from "node:assert/strict";
import { test } from "node:test";
import { PagesAhead, type Place } from "./pages-ahead.ts";

interface Page {
  readonly number: number;
  readonly next?: string;
}

const first: Place = { kind: "everything", since: undefined, cursor: undefined };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setup(pages: number, failing: ReadonlySet<number> = new Set()) {
  const read: number[] = [];
  const ahead = new PagesAhead<Page>(
    async ({ cursor }) => {
      const number = Number(cursor ?? 1);
      read.push(number);
      if (failing.has(number)) throw new Error(`page ${number} failed`);
      return number < pages ? { number, next: String(number + 1) } : { number };
    },
    ({ next }) => next,
  );
  return { read, ahead };
}

test("the page behind the one that was asked for is read ahead, and no more", async () => {
  const { read, ahead } = setup(9);
  assert.equal((await ahead.at(first)).number, 1);
  await turn();
  assert.deepEqual(read, [1, 2]);
  assert.equal((await ahead.at({ ...first, cursor: "2" })).number, 2);
  await turn();
  assert.deepEqual(read, [1, 2, 3]);
});

test("a place that nobody foresaw is read now, and what was read ahead is forgotten", async () => {
  const { read, ahead } = setup(9);
  await ahead.at(first);
  await turn();
  assert.equal((await ahead.at({ ...first, cursor: "7" })).number, 7);
  await turn();
  assert.deepEqual(read, [1, 2, 7, 8]);
});

test("a page that failed ahead is told when it is asked for, and can be asked for again", async () => {
  const failing = new Set([2]);
  const { ahead } = setup(3, failing);
  await ahead.at(first);
  await turn();
  await assert.rejects(ahead.at({ ...first, cursor: "2" }), /page 2 failed/);
  failing.clear();
  assert.equal((await ahead.at({ ...first, cursor: "2" })).number, 2);
});

test("nothing is read behind the last page", async () => {
  const { read, ahead } = setup(1);
  await ahead.at(first);
  await turn();
  assert.deepEqual(read, [1]);
});
