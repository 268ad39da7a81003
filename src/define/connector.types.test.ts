// What must not compile in a connector, and what must.
import { test } from "node:test";
import type { Limit } from "./connector.ts";

const rate = { kind: "rate", name: "channel", count: 1, perMs: 1_000 } as const;

test("a limit of each thing of a kind is taken from only by calls that name the thing", () => {
  const named: Limit = { ...rate, every: false, each: true };
  const plain: readonly Limit[] = [
    { ...rate, every: true },
    { ...rate, every: true, each: false },
  ];
  // @ts-expect-error nothing would keep to it: no call says of which thing it is
  const unnamed: Limit = { ...rate, every: true, each: true };
  void [named, plain, unnamed];
});
