import assert from "node:assert/strict";
import { test } from "node:test";
import { subscribingText } from "./subscribing-text.ts";

const address = "https://bowline.example/hooks/desk";
const where = "Settings › Webhooks";

for (const [what, view, text] of [
  [
    "a person subscribes and knows the whole address",
    { how: "by-hand", where, address },
    `a person subscribes to them: ${where}; they have to be sent to ${address}`,
  ],
  [
    "a person subscribes, and of the address the path is known",
    { how: "by-hand", where },
    `a person subscribes to them: ${where}; they have to be sent to /hooks/desk at the address at which the provider reaches Bowline (the project has no publicUrl, which would say it)`,
  ],
  ["Bowline subscribes, and there is nothing to say", { how: "api", address }, undefined],
  [
    "Bowline would subscribe, and has no address",
    { how: "api" },
    "Bowline can subscribe to none: the project has no publicUrl, the address at which providers reach it",
  ],
] as const) {
  test(`of webhooks one thing is said: ${what}`, () => {
    assert.equal(subscribingText({ connection: "desk", ...view }), text);
  });
}
