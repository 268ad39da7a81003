import assert from "node:assert/strict";
import { test } from "node:test";
import type { Subscription } from "../define/subscriptions.ts";
import { faultsText, judgeSubscriptions } from "./judge-subscriptions.ts";

const URL = "https://here.example/hooks/shop";
const one = (id: string, changes: Partial<Subscription> = {}): Subscription => ({
  id,
  topics: [id.toUpperCase()],
  url: URL,
  active: true,
  ...changes,
});
const topics = ["A", "B"];

const judge = (listed: readonly Subscription[], known: readonly Subscription[] = []) =>
  judgeSubscriptions({ listed, known, url: URL, topics });

const cases: readonly (readonly [what: string, listed: Subscription[], known: Subscription[], faults: string[]])[] = [
  ["what is there is well", [one("a"), one("b")], [], []],
  ["what was never made through the API is no fault", [one("a", { url: "https://other.example/" })], [], []],
  ["one that is gone was removed", [one("a")], [one("a"), one("b")], ["B removed"]],
  ["all that are gone were removed", [], [one("a"), one("b")], ["A removed", "B removed"]],
  ["one that is switched off is disabled", [one("a"), one("b", { active: false })], [], ["B disabled"]],
  [
    "one whose address is another's points elsewhere",
    [one("a"), one("b", { url: "https://old.example/" })],
    [one("a"), one("b")],
    ["B elsewhere"],
  ],
  ["a topic that the project needs now and did not before is missing", [one("a")], [one("a")], ["B missing"]],
  ["everything covers each", [one("x", { topics: ["*"] })], [], []],
  ["a slash at the end is no other address", [one("a", { url: `${URL}/` }), one("b")], [], []],
];

for (const [what, listed, known, faults] of cases) {
  test(what, () => {
    assert.deepEqual(
      judge(listed, known).faults.map(({ topic, why }) => `${topic} ${why}`),
      faults,
    );
  });
}

test("what is at fault stays known until it is mended", () => {
  const first = judge([one("a")], [one("a"), one("b")]);
  const second = judge([one("a")], first.known);
  assert.deepEqual(second.faults, first.faults);
  assert.deepEqual(judge([one("a"), one("c", { topics: ["B"] })], second.known).faults, []);
});

test("faults are told by their kind, a few names each", () => {
  const many = ["A", "B", "C", "D", "E"].map((topic) => ({ topic, why: "removed" as const }));
  assert.equal(
    faultsText([...many, { topic: "F", why: "disabled" }]),
    "no longer subscribed: A, B, C and 2 more; switched off: F",
  );
});
