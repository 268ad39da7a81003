import assert from "node:assert/strict";
import { test } from "node:test";
import { DECLARATION, ORDERS, read } from "../exam/fixture.ts";
import type { RequestEntry } from "../store.ts";
import { prepareCore } from "./core.ts";
import { openDatabase } from "./database.ts";
import { groupCommit, type Call } from "./group-commit.ts";
import { ALL_REQUESTS } from "./request.ts";

const BODY = JSON.stringify({ lines: Array.from({ length: 50 }, (_nothing, at) => ({ at, title: "Tea" })) });

test("bodies are deflated a slice at a time after they were written, and read the same", () => {
  const open = openDatabase(":memory:", 0);
  const commit = groupCommit(open, prepareCore(open.database));
  const call = (method: Call["method"], ...given: readonly unknown[]): unknown => {
    const [outcome] = commit([{ method, given }]);
    assert.ok(outcome?.ok === true);
    return outcome.value;
  };
  const deflated = (): unknown =>
    open.database.prepare("SELECT count(*) FILTER (WHERE typeof(body) = 'blob') AS count FROM record").get()?.["count"];
  call("declare", DECLARATION);
  const seen = { kind: "record", hash: "a", body: BODY } as const;
  call("observe", { observations: ["1", "2", "3"].map((key) => read(key, "a", { seen })) });
  const request: RequestEntry = {
    connection: "books",
    at: 1,
    method: "POST",
    url: "/",
    outcome: "done",
    durationMs: 1,
    requestBody: BODY,
    responseBody: BODY,
  };
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
