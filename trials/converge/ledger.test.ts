import assert from "node:assert/strict";
import { test } from "node:test";
import { entered, type Field, type Value } from "./fields.ts";
import { Ledger } from "./ledger.ts";
import type { Contact } from "./provider.ts";
import type { Setting } from "./setting.ts";

const SETTING: Setting = {
  seed: 1,
  systems: 2,
  versions: true,
  answerMsMax: 60,
  sharedClock: false,
  skewMs: 0,
  onDelete: "delete",
  tellsDeletions: true,
  returns: "record",
  preconditions: true,
  mergedKey: "kept",
  mergedRead: "follows",
  webhookWhole: false,
  automation: false,
  initial: 1,
};

/** One person whom both systems know, linked; `edit` and `write` as people and Bowline do them. */
function setup(setting: Partial<Setting> = {}) {
  const contacts = new Map<string, Contact>();
  const ledger = new Ledger({ ...SETTING, ...setting }, (id) => contacts.get(id));
  const add = (id: string, system: Contact["system"]): Contact => {
    const contact: Contact = {
      id,
      system,
      fields: {},
      earlier: {},
      hidden: false,
      stamp: 1,
      changedAt: 0,
      changedBy: "person",
      deletedAt: undefined,
      mergedInto: undefined,
      former: [],
      servedStamp: 99,
      servedAt: 0,
    };
    contacts.set(id, contact);
    ledger.added(contact);
    return contact;
  };
  const crm = add("c1", "crm");
  const marketing = add("m1", "marketing");
  ledger.same("c1", "m1");
  ledger.linked("c1", "m1");
  let at = 0;
  const edit = (contact: Contact, field: Field, size = 1): Value => {
    const id = ledger.nextEdit();
    const value = field === "tags" ? [`T~${id}.`] : entered(field, id, size);
    ledger.edited(contact, field, value, id, (at += 1));
    ledger.authored(id, contact.id);
    return value;
  };
  const write = (contact: Contact, field: Field, value: Value, isNew = false): void =>
    ledger.wrote(contact, { [field]: value }, { isNew, at: (at += 1), seenStamp: 99, triedAt: at });
  return { ledger, crm, marketing, edit, write, add };
}

test("an edit that is carried across is no loss", () => {
  const { ledger, crm, marketing, edit, write } = setup();
  write(marketing, "city", edit(crm, "city"));
  write(crm, "city", edit(marketing, "city"));
  assert.deepEqual([ledger.violations, ledger.owed], [[], []]);
});

test("of two edits of one moment the one that loses by the rule is owed", () => {
  const { ledger, crm, marketing, edit, write } = setup();
  edit(crm, "city");
  write(crm, "city", edit(marketing, "city"));
  assert.deepEqual(ledger.violations, []);
  assert.deepEqual(
    ledger.owed.map(({ contact, field, edit: lost, by }) => [contact, field, lost, by]),
    [["c1", "city", 1, 2]],
  );
});

const BROKEN: readonly (readonly [string, Field, number, number, "crm" | "marketing", RegExp])[] = [
  ["the side that wins is overwritten", "email", 1, 1, "crm", /crm wins/],
  ["the greater of two is overwritten", "amount", 9, 2, "crm", /greatest/],
  ["the lesser of two is overwritten", "credit", 2, 9, "crm", /least/],
  ["what a person should decide is overwritten", "note", 1, 1, "marketing", /a person decides/],
  ["what only one side tells is overwritten there", "score", 1, 1, "marketing", /only marketing/],
  ["the side that decides where no clock tells is overwritten", "name", 1, 1, "marketing", /no clock/],
];
for (const [what, field, here, there, overwritten, why] of BROKEN) {
  test(`it does not hold when ${what}`, () => {
    const { ledger, crm, marketing, edit, write } = setup();
    const values = { crm: edit(crm, field, here), marketing: edit(marketing, field, there) };
    if (overwritten === "crm") write(crm, field, values.marketing);
    else write(marketing, field, values.crm);
    assert.match(ledger.violations.join("\n"), why);
  });
}

test("an edit that an older value takes back does not hold", () => {
  const { ledger, crm, marketing, edit, write } = setup();
  const old = edit(crm, "city");
  write(marketing, "city", old);
  edit(marketing, "city");
  write(marketing, "city", old);
  assert.match(ledger.violations.join("\n"), /undone by the older edit 1/);
});

for (const [what, servedStamp, violations] of [
  ["before Bowline was shown", 1, []],
  ["after Bowline was shown", 2, [/undone by the older edit 1/]],
] as const) {
  const holds = violations.length === 0 ? "holds" : "does not hold";
  test(`what is edited ${what} what the system made of a write, and undone by that, ${holds}`, () => {
    const { ledger, crm, marketing, edit, write } = setup({ returns: "version" });
    const old = edit(crm, "amount", 9);
    write(marketing, "amount", old);
    marketing.servedStamp = servedStamp;
    edit(marketing, "name");
    edit(crm, "amount", 2);
    write(crm, "amount", old);
    assert.equal(ledger.violations.length, violations.length);
    for (const [index, expected] of violations.entries()) assert.match(ledger.violations[index] ?? "", expected);
  });
}

test("what somebody chose who merged two contacts is on its way, although the contact has been edited since", () => {
  const { ledger, crm, marketing, edit, write, add } = setup();
  write(marketing, "amount", edit(crm, "amount", 9));
  const gone = add("c2", "crm");
  const stays = add("c3", "crm");
  const lesser = edit(gone, "amount", 2);
  ledger.mergedInto(gone, stays, 8);
  ledger.mergedInto(crm, stays, 8);
  edit(stays, "amount", 5);
  write(marketing, "amount", lesser);
  assert.deepEqual(ledger.violations, []);
});

test("without a base an older value may come back, and is owed", () => {
  const { ledger, crm, marketing, edit, write } = setup();
  const old = edit(crm, "email");
  write(marketing, "email", old);
  edit(marketing, "email");
  ledger.lostBase("c1", 5);
  write(marketing, "email", old);
  assert.deepEqual([ledger.violations, ledger.owed.length], [[], 1]);
});

test("what was entered since the base was lost, and carried across, may not undo what came after it", () => {
  const { ledger, crm, marketing, edit, write } = setup();
  ledger.lostBase("c1", 0);
  const old = edit(crm, "email");
  write(marketing, "email", old);
  edit(marketing, "email");
  write(marketing, "email", old);
  const tags = edit(crm, "tags");
  write(marketing, "tags", tags);
  ledger.edited(crm, "tags", [], ledger.nextEdit(), 9);
  write(crm, "tags", tags);
  assert.match(ledger.violations.join("\n"), /edit 2 was undone by the older edit 1\n.*told tag 3 again/);
});

interface Loss {
  /** The merge. */
  readonly loses?: "before" | "after";
  readonly at?: number;
  /** The contact that stays has a link of its own, with another that the CRM's contact becomes part of. */
  readonly hasOwnLink?: boolean;
}

/** Marketing's contact becomes part of another, which is edited, and told what the CRM had told the first one before. */
function undoneAfterMerge({ loses, at = 5, hasOwnLink = false }: Loss): Ledger {
  const { ledger, crm, marketing, edit, write, add } = setup();
  const old = edit(crm, "email");
  write(marketing, "email", old);
  const stays = add("m2", "marketing");
  const counterpart = hasOwnLink ? add("c2", "crm") : crm;
  if (hasOwnLink) ledger.linked(counterpart.id, stays.id);
  if (loses === "before") ledger.lostBase("c1", at);
  const merge = (gone: Contact, into: Contact): void => {
    ledger.mergedInto(gone, into, 8);
    into.former.push(gone.id);
  };
  merge(marketing, stays);
  if (hasOwnLink) merge(crm, counterpart);
  if (loses === "after") ledger.lostBase("c1", at);
  edit(stays, "email");
  ledger.linkedNow([[counterpart.id, stays.id]]);
  write(stays, "email", old);
  return ledger;
}

for (const loses of ["before", "after"] as const) {
  test(`a link that lost its base ${loses} a merge goes on without one with the contact that stays`, () => {
    const { violations, owed } = undoneAfterMerge({ loses });
    assert.deepEqual([violations, owed.length], [[], 1]);
  });
}

const WITH_BASE: readonly (readonly [string, Loss])[] = [
  ["a link that goes on with the contact that stays keeps its base", {}],
  [
    "a link that goes on with the contact that stays has what was agreed on since it lost its base",
    { loses: "before", at: 0 },
  ],
  [
    "contacts that stay have the base of their own link, though another's was lost",
    { loses: "before", hasOwnLink: true },
  ],
];
for (const [what, loss] of WITH_BASE) {
  test(what, () => {
    assert.match(undoneAfterMerge(loss).violations.join("\n"), /edit 2 was undone by the older edit 1/);
  });
}

test("where a link is gone and comes back, it has no base", () => {
  const { ledger, crm, marketing, edit, write } = setup();
  const old = edit(crm, "email");
  write(marketing, "email", old);
  edit(marketing, "email");
  ledger.linkedNow([["c1", "m1"]]);
  ledger.linkedNow([]);
  ledger.linkedNow([["c1", "m1"]]);
  write(marketing, "email", old);
  assert.deepEqual([ledger.violations, ledger.owed.length], [[], 1]);
});

test("a person who came into the filter again beside the contact made in its place is not known by links alone", () => {
  const { ledger, crm, add } = setup();
  const inPlace = add("c2", "crm");
  ledger.same("c2", "c1");
  ledger.linkedNow([["c2", "m1"]]);
  inPlace.deletedAt = 5;
  assert.deepEqual([ledger.isLinkedNow("m1"), ledger.areLinkedNow("m1")], [true, false]);
  crm.deletedAt = 6;
  assert.equal(ledger.areLinkedNow("m1"), true);
});

test("where a person has two contacts, what empties one is not taken for what emptied the other", () => {
  const { ledger, crm, marketing, edit, write, add } = setup();
  const empty = (contact: Contact): void => ledger.edited(contact, "city", null, ledger.nextEdit(), 9);
  write(marketing, "city", edit(crm, "city"));
  empty(marketing);
  const [second, counterpart] = [add("c2", "crm"), add("m2", "marketing")];
  ledger.same("c2", "m2");
  ledger.linked("c2", "m2");
  write(counterpart, "city", edit(second, "city"));
  empty(counterpart);
  ledger.same("c1", "c2");
  write(second, "city", null);
  assert.deepEqual([ledger.violations, ledger.owed], [[], []]);
});

test("what both sides emptied is agreed on, and no loss when it is filled again", () => {
  const filled = (emptiesBoth: boolean): number => {
    const { ledger, crm, marketing, edit, write } = setup();
    const empty = (contact: Contact): void => ledger.edited(contact, "city", null, ledger.nextEdit(), 9);
    write(marketing, "city", edit(crm, "city"));
    empty(marketing);
    if (emptiesBoth) empty(crm);
    write(marketing, "city", edit(crm, "city"));
    return ledger.owed.length;
  };
  assert.deepEqual([filled(true), filled(false)], [0, 1]);
});

test("a value that nobody entered does not hold", () => {
  const { ledger, crm, write } = setup();
  write(crm, "phone", "~77. made up");
  assert.match(ledger.violations.join("\n"), /nobody entered/);
});

test("a tag that nobody took out may not be lost, nor one come back that was taken out", () => {
  const { ledger, crm, marketing, edit, write } = setup();
  const tags = edit(crm, "tags");
  write(marketing, "tags", tags);
  ledger.edited(crm, "tags", [], ledger.nextEdit(), 9);
  write(crm, "tags", tags);
  assert.match(ledger.violations.join("\n"), /told tag 1 again/);
  write(marketing, "tags", []);
  edit(marketing, "tags");
  write(marketing, "tags", []);
  assert.match(ledger.violations.join("\n"), /lost tag 3/);
});

test("a tag whose carrying across was never confirmed may come back where it was taken out", () => {
  const { ledger, crm, marketing, edit, write } = setup();
  const tags = edit(crm, "tags");
  write(marketing, "tags", tags);
  ledger.unconfirmed("m1");
  ledger.edited(crm, "tags", [], ledger.nextEdit(), 9);
  write(crm, "tags", tags);
  assert.deepEqual(ledger.violations, []);
});

test("who makes one contact of two takes the tags out that the one that stays does not have", () => {
  const { ledger, crm, marketing, edit, write } = setup();
  write(crm, "tags", edit(marketing, "tags"));
  write(crm, "tags", []);
  assert.match(ledger.violations.join("\n"), /c1 lost tag 1/);
  const other = setup();
  other.write(other.crm, "tags", other.edit(other.marketing, "tags"));
  const kept = other.add("m2", "marketing");
  other.edit(kept, "tags");
  other.ledger.mergedInto(other.marketing, kept, 9);
  other.write(other.crm, "tags", ["T~2."]);
  assert.deepEqual(other.ledger.violations, []);
});

test("a contact that is restored beside the one that took its place is a second one, which may get a counterpart", () => {
  const made = (isRestored: boolean): readonly string[] => {
    const { ledger, crm, marketing, edit, write, add } = setup();
    const value = edit(marketing, "city");
    const inPlace = add("m2", "marketing");
    ledger.same("m1", "m2");
    crm.servedStamp = 1;
    if (isRestored) ledger.restored(marketing, 5);
    ledger.wrote(add("c2", "crm"), { city: value }, { isNew: true, at: 9_000, seenStamp: 0, triedAt: 9_000 });
    write(inPlace, "city", value);
    return ledger.violations;
  };
  assert.deepEqual([made(true), made(false)], [[], ["c2 was created, and c1 was there already"]]);
});

for (const systems of [2, 3] as const) {
  test(`a deletion that was taken back may not take the contact again, with ${systems} systems`, () => {
    const { ledger, crm } = setup({ systems });
    ledger.deleted(crm, 5);
    ledger.restored(crm, 6);
    ledger.removed(crm, { seenStamp: 99 });
    assert.deepEqual(ledger.violations, ["c1 was removed, and nobody had deleted its counterpart"]);
  });
}

for (const [what, comesBack] of [
  ["was restored", (ledger: Ledger, contact: Contact) => ledger.restored(contact, 5)],
  ["came into the filter again", (ledger: Ledger, contact: Contact) => ledger.unhidden(contact)],
] as const) {
  test(`a second one may be made of a contact that ${what}, and was not shown since`, () => {
    const made = (servedStamp: number): readonly string[] => {
      const { ledger, crm, marketing, edit, add } = setup();
      const value = edit(marketing, "city");
      comesBack(ledger, crm);
      crm.servedStamp = servedStamp;
      ledger.wrote(add("c2", "crm"), { city: value }, { isNew: true, at: 9_000, seenStamp: 0, triedAt: 9_000 });
      return ledger.violations;
    };
    assert.deepEqual([made(1), made(2)], [[], ["c2 was created, and c1 was there already"]]);
  });
}

test("two that were both gone and are back find each other by their address alone: each may get a counterpart where these differ", () => {
  const made = (address: string): readonly string[] => {
    const { ledger, crm, marketing, edit, add } = setup();
    const value = edit(marketing, "city");
    crm.fields = { email: "One@example.com" };
    marketing.fields = { email: address };
    ledger.linkedNow([]);
    for (const contact of [crm, marketing]) ledger.restored(contact, 5);
    crm.servedStamp = 2;
    ledger.wrote(add("c2", "crm"), { city: value }, { isNew: true, at: 9_000, seenStamp: 0, triedAt: 9_000 });
    return ledger.violations;
  };
  assert.deepEqual(
    [made("other@example.com"), made(" one@example.com")],
    [[], ["c2 was created, and c1 was there already"]],
  );
});

test("a contact may be removed only where somebody deleted its counterpart, and nobody edited it since", () => {
  const { ledger, crm, marketing, edit, write } = setup();
  write(marketing, "phone", edit(crm, "phone"));
  ledger.removed(marketing, { seenStamp: 99 });
  assert.match(ledger.violations.join("\n"), /nobody had deleted/);
  const other = setup();
  other.edit(other.marketing, "phone");
  other.ledger.deleted(other.crm, 5);
  other.ledger.removed(other.marketing, { seenStamp: 99 });
  assert.match(other.ledger.violations.join("\n"), /edited since/);
});

test("a contact may be removed though its last tag never went over, where that was overwritten between our look and our write", () => {
  const { ledger, crm, marketing, edit } = setup({ preconditions: false });
  const theirs = edit(marketing, "tags");
  edit(crm, "tags");
  crm.stamp = 7;
  ledger.wrote(crm, { tags: theirs }, { isNew: false, at: 9, seenStamp: 0, triedAt: 9 });
  ledger.deleted(marketing, 10);
  ledger.removed(crm, { seenStamp: 99 });
  assert.deepEqual(ledger.violations, []);
});

test("a contact may be removed though a tag was taken out of it since, where its counterpart never had that one", () => {
  const { ledger, crm, marketing, edit, write } = setup();
  const ours = edit(crm, "tags");
  const theirs = edit(marketing, "tags");
  write(crm, "tags", [...(ours as string[]), ...(theirs as string[])]);
  ledger.edited(crm, "tags", theirs, ledger.nextEdit(), 9);
  ledger.deleted(marketing, 10);
  ledger.removed(crm, { seenStamp: 99 });
  assert.deepEqual(ledger.violations, []);
});

test("what was emptied is filled by one that took the counterpart's place, with which nothing was agreed on", () => {
  const filled = (from: "m1" | "m2"): number => {
    const { ledger, crm, marketing, edit, add, write } = setup();
    write(marketing, "city", edit(crm, "city"));
    ledger.edited(crm, "city", null, ledger.nextEdit(), 8);
    const inPlace = add("m2", "marketing");
    ledger.same("m1", "m2");
    write(crm, "city", edit(from === "m1" ? marketing : inPlace, "city"));
    return ledger.owed.length;
  };
  assert.deepEqual([filled("m2"), filled("m1")], [0, 1]);
});

test("a deleted contact may not rise again, and no second one be made", () => {
  const { ledger, crm, edit, write, add, marketing } = setup();
  const value = edit(marketing, "city");
  write(crm, "city", value);
  ledger.deleted(crm, 5);
  crm.deletedAt = 5;
  write(add("c2", "crm"), "city", value, true);
  assert.match(ledger.violations.join("\n"), /c1 was deleted, and rose again as c2/);
});

test("in a ring a contact of the third system, which had no counterpart yet, may make one where another was deleted", () => {
  const { ledger, crm, marketing, edit, write, add } = setup({ systems: 3 });
  write(crm, "city", edit(marketing, "city"));
  const billing = add("b1", "billing");
  ledger.same("m1", "b1");
  const value = edit(billing, "city");
  ledger.deleted(crm, 5);
  crm.deletedAt = 5;
  write(add("c2", "crm"), "city", value, true);
  assert.deepEqual(ledger.violations, []);
  ledger.linked("b1", "c2");
  write(add("c3", "crm"), "city", value, true);
  assert.match(ledger.violations.join("\n"), /c1 was deleted, and rose again as c3/);
});
