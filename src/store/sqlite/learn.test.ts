import assert from "node:assert/strict";
import { test } from "node:test";
import type { Learnt } from "./listed.ts";
import { learn, settlesDoubt, type Known, type Lesson } from "./learn.ts";

const KNOWN: Known = { version: "5", hash: "a", deleted: false, stale: 0, hasBody: true, observedAt: 100 };
const seenRecord = (hash: string): Learnt["seen"] => ({ kind: "record", hash });

function observation(fields: Partial<Learnt>): Learnt {
  return { resource: "r", key: "k", cause: "webhook", priority: "live", at: 200, seen: { kind: "changed" }, ...fields };
}

const LIVING: readonly [what: string, Partial<Learnt>, Partial<Known>, Lesson][] = [
  ["an older version is nothing", { version: "4", seen: seenRecord("b") }, {}, "older"],
  ["an equal version with the same hash changes nothing", { version: "5", seen: seenRecord("a") }, {}, "unchanged"],
  ["an equal version with another hash is taken", { version: "5", seen: seenRecord("b") }, {}, "taken"],
  ["a newer version with the same hash changes nothing", { version: "6", seen: seenRecord("a") }, {}, "unchanged"],
  ["a newer version with another hash is taken", { version: "6", seen: seenRecord("b") }, {}, "taken"],
  ["without versions the hash decides", { seen: seenRecord("b") }, { version: undefined }, "taken"],
  ["a thin change of an older version is nothing", { version: "4" }, {}, "older"],
  ["a thin change of an older version of a doubted record doubts it again", { version: "4" }, { stale: 1 }, "doubted"],
  ["a thin change of an equal version doubts", { version: "5" }, {}, "doubted"],
  ["a thin change without a version doubts", {}, {}, "doubted"],
  ["a deletion of an older version is nothing", { version: "4", seen: { kind: "deleted" } }, {}, "older"],
  ["a deletion deletes", { seen: { kind: "deleted" } }, {}, "deleted"],
  [
    "a deletion that a webhook tells without a version may be an old one, and makes us look",
    { readable: true, seen: { kind: "deleted" } },
    {},
    "doubted",
  ],
  ["a deletion of a newer version deletes", { version: "6", readable: true, seen: { kind: "deleted" } }, {}, "deleted"],
  [
    "a deletion that a poll tells makes us look",
    { cause: "poll", readable: true, seen: { kind: "deleted" } },
    {},
    "doubted",
  ],
  [
    "a deletion that a poll tells of what cannot be read deletes",
    { cause: "poll", seen: { kind: "deleted" } },
    {},
    "deleted",
  ],
  ["a deletion that a look found deletes", { cause: "look", seen: { kind: "deleted" } }, {}, "deleted"],
  [
    "an older version that was listed later makes us look",
    { version: "4", cause: "poll", readable: true, seen: seenRecord("b") },
    {},
    "doubted",
  ],
  [
    "an older version that was listed later with the same hash is nothing",
    { version: "4", cause: "scan", seen: seenRecord("a") },
    {},
    "older",
  ],
  [
    "an older version that was listed before is nothing",
    { version: "4", cause: "poll", at: 100, seen: seenRecord("b") },
    {},
    "older",
  ],
  [
    "an older version that was listed later of what cannot be read is taken",
    { version: "4", cause: "poll", seen: seenRecord("b") },
    {},
    "taken",
  ],
  [
    "an older version that was read later is taken",
    { version: "4", cause: "look", seen: seenRecord("b") },
    {},
    "taken",
  ],
  [
    "an older version that was read later with the same hash changes nothing",
    { version: "4", cause: "look", seen: seenRecord("a") },
    {},
    "unchanged",
  ],
  [
    "an older version in an answer that was outrun is nothing",
    { version: "4", cause: "look", at: 99, seen: seenRecord("b") },
    {},
    "older",
  ],
  [
    "a deletion in an answer that was outrun makes us look again",
    { cause: "look", at: 99, seen: { kind: "deleted" } },
    {},
    "doubted",
  ],
  [
    "other content in an answer that was outrun makes us look again where no version tells",
    { cause: "look", at: 99, seen: seenRecord("b") },
    { version: undefined },
    "doubted",
  ],
  [
    "an older version in an answer that crossed what is known is nothing, though it was asked for later",
    { version: "4", cause: "look", seen: seenRecord("b"), lookedBy: { sync: "s", stale: 0, hash: "b" } },
    {},
    "older",
  ],
  [
    "other content in an answer that crossed what is known makes us look again, though it was asked for later",
    { cause: "look", seen: seenRecord("b"), lookedBy: { sync: "s", stale: 0, hash: "b" } },
    { version: undefined },
    "doubted",
  ],
  [
    "an older version that was read by whom had what is known in hand is taken, whatever the clock says",
    { version: "4", cause: "look", at: 99, seen: seenRecord("b"), lookedBy: { sync: "s", stale: 0, hash: "a" } },
    {},
    "taken",
  ],
  [
    "a newer version is taken although the answer was outrun",
    { version: "6", cause: "look", at: 99, seen: seenRecord("b") },
    {},
    "taken",
  ],
  [
    "other content that a webhook brings without a version may be late, and makes us look",
    { readable: true, seen: seenRecord("b") },
    { version: undefined },
    "doubted",
  ],
  ["so does other content of the same version", { version: "5", readable: true, seen: seenRecord("b") }, {}, "doubted"],
  [
    "other content on a page that was asked for before what is known was learnt makes us look",
    { cause: "poll", at: 100, readable: true, seen: seenRecord("b") },
    {},
    "doubted",
  ],
  ["an older version in a file is nothing", { version: "4", cause: "import", seen: seenRecord("b") }, {}, "older"],
  [
    "other content in a file, which is of any age, makes us look",
    { cause: "import", readable: true, seen: seenRecord("b") },
    {},
    "doubted",
  ],
  [
    "other content in a file is taken where nothing can be read",
    { cause: "import", seen: seenRecord("b") },
    {},
    "taken",
  ],
  ["a second deletion changes nothing", { seen: { kind: "deleted" } }, { deleted: true }, "unchanged"],
];

const DELETED: readonly [what: string, Partial<Learnt>, Partial<Known>, Lesson][] = [
  ["a newer version of what cannot be read lives again", { version: "6", seen: seenRecord("a") }, {}, "taken"],
  [
    "a newer version may be from before the deletion, and makes us look",
    { version: "6", readable: true, seen: seenRecord("a") },
    {},
    "doubted",
  ],
  ["a look lives again", { version: "5", cause: "look", seen: seenRecord("a") }, {}, "taken"],
  [
    "a look that the deletion outran looks again",
    { version: "5", cause: "look", at: 99, seen: seenRecord("a") },
    {},
    "doubted",
  ],
  [
    "a look that began before the deletion was known looks again",
    { version: "5", cause: "look", seen: seenRecord("a"), lookedBy: { sync: "s", stale: 0, hash: "a" } },
    {},
    "doubted",
  ],
  [
    "a look by whom knew of the deletion lives again",
    { version: "5", cause: "look", seen: seenRecord("a"), lookedBy: { sync: "s", stale: 0, hash: "a", deleted: true } },
    {},
    "taken",
  ],
  [
    "a file that still holds it makes us look",
    { version: "5", cause: "import", readable: true, seen: seenRecord("a") },
    {},
    "doubted",
  ],
  ["a late webhook of the same version does not", { version: "5", seen: seenRecord("a") }, {}, "older"],
  ["a webhook without a version only makes us look", { seen: seenRecord("a") }, {}, "doubted"],
  [
    "a poll after the deletion makes us look",
    { version: "5", cause: "poll", readable: true, seen: seenRecord("a") },
    {},
    "doubted",
  ],
  [
    "a poll after the deletion of what cannot be read lives again",
    { version: "5", cause: "poll", seen: seenRecord("a") },
    {},
    "taken",
  ],
  [
    "a poll of an older version after the deletion makes us look",
    { version: "4", cause: "poll", readable: true, seen: seenRecord("a") },
    {},
    "doubted",
  ],
  ["a look at an older version lives again", { version: "4", cause: "look", seen: seenRecord("a") }, {}, "taken"],
  [
    "a poll that was asked for before the deletion was learnt makes us look",
    { version: "5", cause: "poll", at: 100, readable: true, seen: seenRecord("a") },
    {},
    "doubted",
  ],
  [
    "a poll that was asked for before the deletion of what cannot be read was learnt does not",
    { version: "5", cause: "poll", at: 100, seen: seenRecord("a") },
    {},
    "older",
  ],
];

for (const [what, seen, known, lesson] of LIVING) {
  test(what, () => assert.equal(learn({ ...KNOWN, ...known }, observation(seen)), lesson));
}
for (const [what, seen, known, lesson] of DELETED) {
  test(`deleted: ${what}`, () => assert.equal(learn({ ...KNOWN, deleted: true, ...known }, observation(seen)), lesson));
}

test("only a look that claimed the present doubt settles it", () => {
  const doubted = { ...KNOWN, stale: 2 };
  const look = (stale: number): Learnt =>
    observation({ cause: "look", seen: seenRecord("a"), lookedBy: { sync: "s", stale } });
  assert.equal(settlesDoubt(doubted, look(2), "unchanged"), true);
  assert.equal(settlesDoubt(doubted, look(1), "unchanged"), false);
  assert.equal(settlesDoubt(doubted, look(2), "older"), false);
  assert.equal(settlesDoubt(doubted, observation({ cause: "poll", seen: seenRecord("a") }), "unchanged"), false);
  const listed = observation({ cause: "poll", readable: false, seen: seenRecord("a") });
  assert.equal(settlesDoubt(doubted, listed, "unchanged"), true, "nobody else can tell");
  assert.equal(settlesDoubt(doubted, listed, "older"), false);
});
