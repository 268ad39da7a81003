import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { quietSettings } from "./quiet-settings.ts";

const settings = quietSettings({ shop: "demo", token: "sk_live_0123456789" }, new Set(["token"]));

test("each setting is had by its name", () => {
  assert.deepEqual([settings["shop"], settings["token"]], ["demo", "sk_live_0123456789"]);
});

test("the whole shows what is no secret, and a mark in place of each secret", () => {
  assert.match(JSON.stringify(settings), /^\{"shop":"demo","token":"\[secret:[0-9a-f]{4}\]"\}$/);
  for (const shown of [
    inspect(settings),
    inspect({ settings }, { depth: 9 }),
    inspect({ ...settings }),
    JSON.stringify(Object.entries(settings)),
    inspect(structuredClone(settings)),
  ]) {
    assert.ok(shown.includes("demo") && !shown.includes("sk_live"), shown);
  }
});
