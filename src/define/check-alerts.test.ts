import assert from "node:assert/strict";
import { test } from "node:test";
import { smallProject } from "../testing/small-world.ts";
import { checkAlerts } from "./check-alerts.ts";
import type { AlertOptions } from "./define-config.ts";
import type { Findings } from "./fault.ts";
import { env } from "./secret.ts";

function check(alerts: AlertOptions, environment: Readonly<Record<string, string>> = {}): readonly string[] {
  const findings: Findings = { errors: [], warnings: [] };
  checkAlerts(smallProject({ alerts }), environment, findings);
  const said = (kind: string, faults: Findings["errors"]) =>
    faults.map(({ place, message }) => `${kind} ${place}: ${message}`);
  return [...said("error", findings.errors), ...said("warning", findings.warnings)];
}

const CASES: readonly (readonly [says: string, alerts: AlertOptions, expected: readonly RegExp[]])[] = [
  ["an address for all", { to: "https://alerts.example.com/x", remindEvery: "12h" }, []],
  ["an address for each owner", { toOwners: { finance: "https://alerts.example.com/x" } }, []],
  ["no address at all", {}, [/^warning alerts › to: nobody is told for finance but the log and the page/]],
  [
    "an owner whom nobody has",
    { to: "https://alerts.example.com", toOwners: { Finance: "https://alerts.example.com" } },
    [/^error alerts › toOwners › Finance: no sync has this owner\. Did you mean "finance"\?/],
  ],
  ["no address in the text", { to: "finance@example.com" }, [/^error alerts › to: cannot post to it/]],
  ["a password in the address", { to: "https://me:secret@example.com" }, [/without a user's name/]],
  ["a variable that is not set", { to: env("ALERTS_URL") }, [/^error alerts › to: the environment has no ALERTS_URL/]],
  [
    "a time that is none",
    { to: "https://alerts.example.com", remindEvery: "daily" as "1d" },
    [/^error alerts › remindEvery: cannot read "daily" as a duration/],
  ],
];

for (const [says, alerts, expected] of CASES) {
  test(`where alerts go is checked: ${says}`, () => {
    const said = check(alerts);
    assert.equal(said.length, expected.length, said.join("\n"));
    for (const [index, pattern] of expected.entries()) assert.match(said[index] ?? "", pattern);
  });
}

test("the address of a chat is not quoted when it is wrong", () => {
  const said = check({ to: env("ALERTS_URL") }, { ALERTS_URL: "hooks.example.com/T0/very-secret" });
  assert.equal(said.length, 1);
  assert.doesNotMatch(said[0] ?? "", /very-secret/);
});
