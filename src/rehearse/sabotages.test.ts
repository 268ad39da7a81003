import assert from "node:assert/strict";
import { test } from "node:test";
import { Sabotages, type SpoiledCalls } from "./sabotages.ts";

interface Named extends SpoiledCalls {
  readonly how: string;
}

test("each call is spoiled by the first that means it, as often as was said", () => {
  const sabotages = new Sabotages<Named>((path, wanted) => path.endsWith(wanted));
  const take = (method: string, path: string): string | undefined => sabotages.take(method, path)?.how;
  sabotages.add({ how: "first", method: "POST" });
  sabotages.add({ how: "second", path: "/orders", times: 2 });
  sabotages.add({ how: "any" });
  assert.deepEqual(
    [take("GET", "/v1/orders"), take("POST", "/v1/orders"), take("POST", "/v1/orders"), take("POST", "/v1/orders")],
    ["second", "first", "second", "any"],
  );
  assert.equal(take("POST", "/v1/orders"), undefined);
});
