// Who may read the page of a running engine.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "./server/testing/http.ts";
import { smallProject, smallWorld } from "./testing/small-world.ts";

const html = { accept: "text/html" };

test("on this machine the page and the metrics are read without a token", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true });
  for (const path of ["/", "/metrics"]) assert.equal((await ask(`${engine.url}${path}`)).status, 200, path);
});

test("where providers reach it nobody reads them without: a proxy that says nothing looks like this machine", async (t) => {
  const small = await smallWorld(t);
  const project = smallProject({ publicUrl: "https://bowline.example.com" });
  const engine = await small.running({ listen: true, project });
  for (const path of ["/", "/record?key=1", "/metrics"]) {
    assert.equal((await ask(`${engine.url}${path}`, { headers: html })).status, 401, path);
  }
  const opened = await ask(engine.pageUrl ?? "");
  const [cookie = ""] = opened.headers["set-cookie"] ?? [];
  assert.equal((await ask(`${engine.url}/`, { headers: { cookie: cookie.split(";", 1)[0] ?? "" } })).status, 200);
});
