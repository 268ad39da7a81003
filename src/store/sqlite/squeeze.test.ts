import assert from "node:assert/strict";
import { test } from "node:test";
import { DECLARATION, ORDERS, read } from "../exam/fixture.ts";
import type { RequestEntry } from "../store.ts";
import { prepareCore } from "./core.ts";
import { openDatabase } from "./database.ts";
import { groupCommit, type Call } from "./group-commit.ts";
import { ALL_REQUESTS } from "./request.ts";

const BODY = JSON.stringify({ lines: Array.from({ length: 50 }, (_nothing, at) => ({ at, title: "Tea" })) });

function openStore() {
  const open = openDatabase(":memory:", 0);
  const commit = groupCommit(open, prepareCore(open.database));
  const call = (method: Call["method"], ...given: readonly unknown[]): unknown => {
    const [outcome] = commit([{ method, given }]);
    assert.ok(outcome?.ok === true);
    return outcome.value;
  };
  call("declare", DECLARATION);
  return { open, call };
}

const requestAt = (at: number): RequestEntry => ({
  connection: "books",
  at,
  method: "POST",
  url: "/",
  outcome: "done",
  durationMs: 1,
  requestBody: BODY,
  responseBody: BODY,
});

test("bodies are deflated a slice at a time after they were written, and read the same", () => {
  const { open, call } = openStore();
  const deflated = (): unknown =>
    open.database.prepare("SELECT count(*) FILTER (WHERE typeof(body) = 'blob') AS count FROM record").get()?.["count"];
  const seen = { kind: "record", hash: "a", body: BODY } as const;
  call("observe", { observations: ["1", "2", "3"].map((key) => read(key, "a", { seen })) });
  const request = requestAt(1);
  call("log", [request]);
  assert.equal(deflated(), 0);
  assert.deepEqual(call("prune", { before: 0, rowsMax: 2 }), { rows: 0, isAll: false });
  assert.equal(deflated(), 2);
  assert.deepEqual(call("prune", { before: 0, rowsMax: 2 }), { rows: 0, isAll: true });
  assert.equal(deflated(), 3);
  const record = call("record", ORDERS, "1");
  assert.ok(typeof record === "object" && record !== null && "body" in record && record.body === BODY);
  assert.deepEqual(call("requestsIn", {}, ALL_REQUESTS), [{ id: 1, ...request }]);
  open.close();
});

test("bodies of requests are deflated, too, after all that there were was taken away", () => {
  const { open, call } = openStore();
  const kinds = (): unknown =>
    open.database
      .prepare("SELECT id, typeof(bodies) AS kind FROM request ORDER BY id")
      .all()
      .map(({ id, kind }) => `${String(id)} ${String(kind)}`);
  call("log", [requestAt(1), requestAt(1), requestAt(1)]);
  call("prune", { before: 0, rowsMax: 10 });
  assert.deepEqual(kinds(), ["1 blob", "2 blob", "3 blob"]);
  call("prune", { before: 100, rowsMax: 10 });
  call("log", [requestAt(200), requestAt(200), requestAt(200), requestAt(200)]);
  call("prune", { before: 100, rowsMax: 10 });
  assert.deepEqual(kinds(), ["1 blob", "2 blob", "3 blob", "4 blob"]);
  open.close();
});
