import assert from "node:assert/strict";
import { test } from "node:test";
import { progress } from "./progress.ts";

test("progress begins at nothing, does not go back when more turns up, and ends at 100 %", () => {
  const lines: string[] = [];
  const bar = progress({ write: (text) => lines.push(text) });
  bar.show(0, 0, "nothing is known yet");
  bar.show(50, 100, "half");
  bar.show(60, 200, "more turned up");
  bar.show(190, 200, "nearly");
  bar.end("done");
  assert.deepEqual(lines, ["  0 %  nothing is known yet\n", "  50 %  half\n", "  90 %  nearly\n", "  100 %  done\n"]);
});
