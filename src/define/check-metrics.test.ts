import assert from "node:assert/strict";
import { test } from "node:test";
import { smallProject } from "../testing/small-world.ts";
import { checkMetrics } from "./check-metrics.ts";
import type { ProjectMetrics } from "./config.ts";
import type { Findings } from "./fault.ts";
import { env, type Secret } from "./secret.ts";

const token = env("BOWLINE_METRICS_TOKEN");

function check(metrics: ProjectMetrics, held?: string): readonly string[] {
  const findings: Findings = { errors: [], warnings: [] };
  checkMetrics(smallProject({ metrics }), held === undefined ? {} : { BOWLINE_METRICS_TOKEN: held }, findings);
  assert.deepEqual(findings.warnings, []);
  return findings.errors.map(({ place, message }) => `${place}: ${message}`);
}

for (const [says, metrics, held, expected] of [
  ["no token", {}, undefined, undefined],
  ["a token that is long enough", { token }, "0123456789abcdef", undefined],
  [
    "a variable that is not set",
    { token },
    undefined,
    /^metrics › token: the environment has no BOWLINE_METRICS_TOKEN/,
  ],
  ["an empty variable", { token }, "", /the environment has no BOWLINE_METRICS_TOKEN: set it/],
  [
    "a token that is too short",
    { token },
    "0123456789abcde",
    /BOWLINE_METRICS_TOKEN .*at least 16 characters, got 15$/,
  ],
  [
    "a token that no header carries",
    { token },
    "0123456789abcdef\n",
    /BOWLINE_METRICS_TOKEN .* got a space or another/,
  ],
  ["the token itself", { token: "0123456789abcdef" as unknown as Secret }, undefined, /expected where it is kept/],
] as const) {
  test(`who may read the metrics is checked: ${says}`, () => {
    const said = check(metrics, held);
    assert.equal(said.length, expected === undefined ? 0 : 1, said.join("\n"));
    if (expected !== undefined) assert.match(said[0] ?? "", expected);
    assert.doesNotMatch(said.join(), /0123456789/, "it is not quoted");
  });
}
