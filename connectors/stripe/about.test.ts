import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../../src/testing/connector-api.ts";
import { stripe } from "./connector.ts";
import { CONNECTED, RESTRICTED, setup } from "./test-api.ts";

test("the account says who it is, and a test key that nothing there is real", async () => {
  await using world = await setup();
  const account = await stripe.about!(world.api);
  assert.deepEqual(account, { id: world.simulator.accountId, name: "Simulated Company", sandbox: true });
  const other = await stripe.about!(world.as({ stripeAccount: CONNECTED }));
  assert.equal(other.id, CONNECTED);
});

test("a restricted key that may not see the account still proves itself, and whose it is", async () => {
  await using world = await setup();
  const account = await stripe.about!(world.as({ apiKey: RESTRICTED }));
  assert.deepEqual(account, { id: world.simulator.accountId, sandbox: true });
});

test("a wrong key is no account", async () => {
  await using world = await setup();
  const outcome = await failure(stripe.about!(world.as({ apiKey: "sk_test_wrong" })));
  assert.equal(outcome.kind, "reauthorize");
});

test("a key of the wrong kind is refused among the settings", async () => {
  for (const apiKey of ["pk_test_1", "sk_1", ""]) {
    const result = await stripe.settings["~standard"].validate({ apiKey });
    assert.ok(result.issues, apiKey);
  }
  const result = await stripe.settings["~standard"].validate({ apiKey: "rk_live_1", apiKye: "typing error" });
  assert.ok(result.issues);
});
