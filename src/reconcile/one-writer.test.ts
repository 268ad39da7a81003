import assert from "node:assert/strict";
import { test } from "node:test";
import { OneWriter, type WrittenRecord } from "./one-writer.ts";

const begun = (writers: OneWriter, written: WrittenRecord, seenAt = writers.writes) => {
  const end = writers.begin(written, seenAt);
  return typeof end === "function" ? "now" : end;
};

function write(writers: OneWriter, written: WrittenRecord): void {
  const end = writers.begin(written, writers.writes);
  if (typeof end === "function") end();
}

test("a record is written by one at a time, and others meanwhile", () => {
  const writers = new OneWriter();
  const records = ["a", "a", "b"].map((record) => begun(writers, { record }));
  assert.deepEqual(records, ["now", "soon", "now"]);
});

test("who saw a record before it was written has to see it again", () => {
  const writers = new OneWriter();
  const before = writers.writes;
  write(writers, { record: "a" });
  assert.deepEqual([begun(writers, { record: "a" }, before), begun(writers, { record: "a" })], ["soon", "now"]);
});

test("a record that is being written is carried nowhere, and one that is being carried is not written", () => {
  const writers = new OneWriter();
  const end = writers.begin({ record: "b", from: "a" }, 0);
  assert.ok(typeof end === "function");
  const onward = { record: "c", from: "b" };
  const over = { record: "a", from: "d" };
  assert.deepEqual([begun(writers, onward), begun(writers, over)], ["soon", "soon"]);
  end();
  // What was decided before it ended carries an older value.
  assert.deepEqual([begun(writers, onward, 0), begun(writers, onward), begun(writers, over)], ["again", "now", "now"]);
});

test("a record is carried to several others at once, and written when the last of them has it", () => {
  const writers = new OneWriter();
  const ends = ["b", "c"].map((record) => writers.begin({ record, from: "a" }, 0));
  const asked = ends.map((end) => {
    assert.ok(typeof end === "function");
    end();
    // Ended twice it is ended once.
    end();
    return begun(writers, { record: "a", from: "d" });
  });
  assert.deepEqual(asked, ["soon", "now"]);
});

test("who waited long enough writes though the record is being carried", () => {
  const writers = new OneWriter();
  writers.begin({ record: "b", from: "a" }, 0);
  assert.equal(begun(writers, { record: "a" }), "now");
});

test("it remembers a bounded number of records", () => {
  const writers = new OneWriter();
  for (let index = 0; index <= 10_000; index += 1) write(writers, { record: `record ${index}` });
  assert.deepEqual(
    [begun(writers, { record: "record 0" }, 0), begun(writers, { record: "record 1" }, 0)],
    ["now", "soon"],
  );
});
