import assert from "node:assert/strict";
import { test } from "node:test";
import { CleanLog } from "./clean-log.ts";

test("neither the settings' secrets nor the credential in use are ever shown, and a new one takes the old one's place", () => {
  const log = new CleanLog({ connection: "shop", secrets: ["setting-12345678"], limits: {}, redact: {} });
  const said = "with setting-12345678, token-old-12345 and token-new-12345";
  const hidden = (): readonly boolean[] =>
    ["setting-12345678", "token-old-12345", "token-new-12345"].map((secret) => !log.words(said).includes(secret));
  assert.deepEqual(hidden(), [true, false, false]);
  const old = { headers: {}, secrets: ["token-old-12345"] };
  log.uses(old);
  log.uses(old);
  assert.deepEqual(hidden(), [true, true, false]);
  log.uses({ headers: {}, secrets: ["token-new-12345"] });
  assert.deepEqual(hidden(), [true, false, true]);
});
