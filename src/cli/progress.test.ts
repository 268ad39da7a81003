// Progress is a bar on a terminal and a line now and then elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Progress } from "./progress.ts";
import { testShell } from "./testing/test-shell.ts";

test("a terminal shows a bar that is taken away at the end", () => {
  const shell = testShell({ isTTY: true });
  const progress = new Progress(shell, "orders");
  progress.step({ done: 5, of: 10, text: "5 read" });
  progress.step({ done: 6, of: 10, text: "too soon to be drawn" });
  progress.end();
  assert.equal(shell.err.text, `\r\u001b[2K${"█".repeat(12)}${"░".repeat(12)} orders: 5 read\r\u001b[2K`);
});

test("elsewhere there is a line every five seconds", () => {
  const shell = testShell({ isTTY: false });
  const progress = new Progress(shell, "orders");
  for (let second = 0; second <= 11; second += 1) {
    progress.step({ done: second, text: `${second} read` });
    shell.advance(1000);
  }
  progress.end();
  assert.equal(shell.err.text, "orders: 5 read\norders: 10 read\n");
});
