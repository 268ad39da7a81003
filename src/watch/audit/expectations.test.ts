import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fields } from "../../reconcile/decide.ts";
import type { Auditable, Expected } from "./auditable.ts";
import { Expectations } from "./expectations.ts";

const nothingLinked = (): undefined => undefined;

/** Names, as a schema leaves them; `asked` counts how often it was asked. */
function names(shape: (name: string) => string | undefined) {
  const asked = { times: 0 };
  const auditable: Pick<Auditable, "fields" | "mapped" | "fitted"> = {
    fields: ["Name"],
    mapped: (body): Expected => ({ kind: "fields", fields: { Name: body } }),
    fitted({ Name }: Fields): Expected {
      asked.times += 1;
      const shaped = shape(String(Name));
      return shaped === undefined
        ? { kind: "unclear", reason: "it would not take it" }
        : { kind: "fields", fields: { Name: shaped } };
    },
  };
  return { asked, expectations: new Expectations(auditable as Auditable) };
}

const nameOf = (expected: Expected): unknown => (expected.kind === "fields" ? expected.fields["Name"] : expected.kind);

test("a schema that leaves the fields as they are is asked of a few records", () => {
  const { asked, expectations } = names((name) => name);
  for (let record = 0; record < 10_000; record += 1) expectations.of(`person ${record}`, nothingLinked);
  assert.ok(asked.times > 200 && asked.times < 500, `asked ${asked.times} times`);
});

test("a schema that makes something else of one is asked of all from then on", () => {
  const { expectations } = names((name) => name.trim());
  assert.equal(nameOf(expectations.of(" Ann ", nothingLinked)), "Ann");
  for (let record = 0; record < 1_000; record += 1) expectations.of("Bob", nothingLinked);
  assert.equal(nameOf(expectations.of("Cid ", nothingLinked)), "Cid");
});

test("what a schema refuses is unclear, and no reason to ask it of all", () => {
  const { asked, expectations } = names((name) => (name === "" ? undefined : name));
  assert.equal(nameOf(expectations.of("", nothingLinked)), "unclear");
  for (let record = 0; record < 10_000; record += 1) expectations.of("Ann", nothingLinked);
  assert.ok(asked.times < 500, `asked ${asked.times} times`);
});
