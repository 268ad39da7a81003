import assert from "node:assert/strict";
import { pbkdf2 } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { VirtualClock } from "../world/virtual.ts";
import { virtualUntil } from "./virtual-until.ts";

test("virtual time stands still while a file is worked on, however busy the machine is", async () => {
  // As many as node has threads for files, and more.
  const busy = Array.from({ length: 8 }, () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    pbkdf2("a", "b", 50_000, 64, "sha512", () => resolve());
    return promise;
  });
  const clock = new VirtualClock(0);
  await virtualUntil(clock, rm(join(tmpdir(), "bowline-no-such-file"), { force: true }), 2);
  assert.ok(clock.now() <= 500, `${clock.now()} ms passed`);
  await Promise.all(busy);
});
