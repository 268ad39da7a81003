// `bowline alerts` as people and programs use it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { receiver } from "../alert/testing/receiver.ts";
import { simulatedProject } from "./testing/simulated-project.ts";
import { runIn } from "./testing/simulated-project.ts";
import { testShell } from "./testing/test-shell.ts";

test("alerts of a project where all is well are none", async (t) => {
  const { run } = await simulatedProject(t);
  const { exitCode, out, err } = await run("alerts");
  assert.equal(exitCode, 0, err);
  assert.equal(out, "No alert is open.\n");
  assert.deepEqual((await run("alerts", "--json")).json, { alerts: [] });
  assert.match((await run("alerts", "tst")).err, /did you mean "test"\?/);
});

test("a test is sent to every address, and one that does not take it is told", async (t) => {
  const { folder, environment } = await simulatedProject(t);
  const to = await receiver(t);
  const shell = () => testShell({ folder, environment: { ...environment, ALERTS_URL: to.url } });
  const taken = await runIn(shell(), ["alerts", "test"]);
  assert.equal(taken.exitCode, 0, taken.err);
  assert.equal(taken.out, "everybody: delivered\n");
  assert.match(to.received[0]?.text ?? "", /^\[command-line\] A test: alerts arrive here/);
  to.status = 404;
  const refused = await runIn(shell(), ["alerts", "test", "--json"]);
  assert.equal(refused.exitCode, 1);
  assert.deepEqual(refused.json, {
    delivered: [{ to: "everybody", fault: "everybody: the address answered 404" }],
  });
});
