// What the compiler says of a wrong mapping is the page that most people will read: its first line has to name the field or
// say the question. All wrong snippets are compiled in one run.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const NUMBER = 'number: constant("1")';
const CURRENCY = 'currency: constant("dollars")';
const CUSTOMER = 'customer: constant({ value: "1" })';
const LINES = "lines: constant([])";
const ANSWERED = [NUMBER, CURRENCY, CUSTOMER, LINES].join(", ");

interface Snippet {
  readonly says: string;
  readonly rules: string;
  readonly firstLine: RegExp;
}

const SNIPPETS: readonly Snippet[] = [
  {
    says: "a required field without a rule is named",
    rules: [NUMBER, CURRENCY, LINES].join(", "),
    firstLine: /RulesMissing<"customer"/,
  },
  {
    says: "a misspelled target field is named",
    rules: `${ANSWERED}, memmo: constant('x')`,
    firstLine: /the target has no field of this name.*NoSuchField<"memmo">/,
  },
  {
    says: "a misspelled source field is named",
    rules: `${ANSWERED}, memo: field((order) => order.noet).orOmit()`,
    firstLine: /Property 'noet' does not exist/,
  },
  {
    says: "a source value that may be null: what to add is said",
    rules: `${CURRENCY}, ${CUSTOMER}, ${LINES}, number: field((order) => order.note)`,
    firstLine: /this source value may be null: add \.or\(…\), \.orOmit\(\) or \.orPark\(…\)/,
  },
  {
    says: "the same for an optional target field",
    rules: `${ANSWERED}, memo: field((order) => order.customer?.id)`,
    firstLine: /this source value may be null: add \.or\(…\), \.orOmit\(\) or \.orPark\(…\)/,
  },
  {
    says: "source values without an entry: what to add is said",
    rules: `${NUMBER}, ${CUSTOMER}, ${LINES}, currency: table((order) => order.currency, { USD: 'dollars', EUR: 'euros' })`,
    firstLine:
      /some source values have no entry: add \.otherwise\(…\), \.otherwise\.omit\(\) or \.otherwise\.park\(…\)/,
  },
  {
    says: "both questions of a table are said",
    rules: `${ANSWERED}, terms: table((order) => order.status, { paid: 'now' })`,
    firstLine: /this source value may be null: .* and some values have no entry: add \.otherwise/,
  },
  {
    says: "a misspelled entry is named, with the right spelling",
    rules: `${ANSWERED}, terms: table((order) => order.currency, { USDD: 'now', EUR: 'now', GBP: 'now' })`,
    firstLine: /'USDD' does not exist.*Did you mean to write 'USD'/,
  },
  {
    says: "a required field that would be left out is named as such",
    rules: `${CURRENCY}, ${CUSTOMER}, ${LINES}, number: field((order) => order.note).orOmit()`,
    firstLine: /'"always gives a value"' is missing in type 'OptionalRule<string>'.*'Rule<string>'/,
  },
  {
    says: "a result of the wrong type shows both types",
    rules: `${CURRENCY}, ${CUSTOMER}, ${LINES}, number: field((order) => order.total)`,
    firstLine: /'Rule<number>' is not assignable to type 'Rule<string>'/,
  },
  {
    says: "an item's wrong type is shown at the item's field",
    rules: `${ANSWERED}, tags: each((order) => order.lines, ({ field }) => ({ word: field((line) => line.quantity) }))`,
    firstLine: /'Rule<number>' is not assignable to type 'Rule<string>'/,
  },
  {
    says: "an item's required field without a rule is named",
    rules: `${ANSWERED}, tags: each((order) => order.lines, ({ field }) => ({ weight: field((line) => line.quantity) }))`,
    firstLine: /RulesMissing<"word"/,
  },
  {
    says: "an item's value that may be null, in a list of lists",
    rules: `${NUMBER}, ${CURRENCY}, ${CUSTOMER}, lines: concat(each((order) => order.lines, ({ field }) => ({ kind: constant('sale'), amount: field((line) => line.sku), detail: constant({}) })))`,
    firstLine: /this source value may be null: add/,
  },
];

interface TwoWaySnippet {
  readonly says: string;
  /** Besides what every one of them says, or in its place. */
  readonly options: string;
  readonly firstLine: RegExp;
}

const NAMES = 'fields: [{ crm: "Name", marketing: "name" }]';

const TWO_WAY: readonly TwoWaySnippet[] = [
  {
    says: "a misspelled field of a side, with those that there are",
    options: 'fields: [{ crm: "Nmae", marketing: "name" }]',
    firstLine: /"Nmae"' is not assignable to type '"Email" \| "Name" \| /,
  },
  {
    says: "values of different types that nothing carries across",
    options: 'fields: [{ crm: "Score", marketing: "score" }]',
    firstLine: /readonly convert: NeedsConvert;/,
  },
  {
    says: "a converter that gives another type shows both",
    options: 'fields: [{ crm: "Score", marketing: "score", convert: across("crm", trimmedText) }]',
    firstLine: /ConvertsToAnotherType<string, number>/,
  },
  {
    says: "a side that does not exist cannot win",
    options: 'fields: [{ crm: "Name", marketing: "name", wins: "sales" }]',
    firstLine: /"sales"' is not assignable to type 'Wins<"crm" \| "marketing">'/,
  },
  {
    says: "a field cannot come from a side that does not exist",
    options: 'fields: [{ crm: "Name", marketing: "name", from: "sales" }]',
    firstLine: /"sales"' is not assignable to type '"crm" \| "marketing"'/,
  },
  {
    says: "a resource that can only be read is said to be",
    options: 'between: { crm: crm.reports, marketing: marketing.people }, fields: [{ crm: "id", marketing: "name" }]',
    firstLine: /"id"' is not assignable to type '"this resource can only be read"'/,
  },
  {
    says: "a removal that the other side does not have, with those that there are",
    options: `${NAMES}, onDelete: { crm: "delete", marketing: "park" }`,
    firstLine: /"delete"' is not assignable to type '"archive" \| "park" \| "unlink"'/,
  },
];

function twoWaySource(options: string): string {
  return `import { defineTwoWaySync } from "../../src/define/define-two-way-sync.ts";
import { across, trimmedText } from "../../src/mapping/two-way-converter.ts";
import { crm, marketing } from "../../src/define/testing/two-sides.ts";
const common = {
  name: "people", purpose: "", owner: "Sales", freshWithin: "5m", conflicts: "park", match: [],
  between: { crm: crm.contacts, marketing: marketing.people },
  create: { crm: true, marketing: true }, onDelete: { crm: "archive", marketing: "park" },
} as const;
export default defineTwoWaySync({ ...common, ${options} });
export const used = [across, trimmedText];
`;
}

const REMOVAL = "onDelete: 'deactivate'";

let messages: ReadonlyMap<string, readonly string[]>;

before(async () => {
  await mkdir(join(ROOT, ".data"), { recursive: true });
  const folder = await mkdtemp(join(ROOT, ".data/compile-"));
  try {
    const files = [
      ...SNIPPETS.map(({ rules }) => source(rules, "onDelete: 'void'")),
      source(ANSWERED, REMOVAL),
      ...TWO_WAY.map(({ options }) => twoWaySource(options)),
    ];
    await Promise.all(files.map((text, index) => writeFile(join(folder, `snippet-${index}.ts`), text)));
    const config = { extends: "../../tsconfig.json", compilerOptions: { noUnusedParameters: false }, include: ["."] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    messages = await compile(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
});

function source(rules: string, onDelete: string): string {
  return `import { defineSync } from "../../src/define/define-sync.ts";
import { booksConnector, shopConnector } from "../../src/define/testing/small-project.ts";
const shop = shopConnector.connect("shop", { token: "1" });
const books = booksConnector.connect("books", { token: "1", company: "1" });
export default defineSync({
  name: "orders", purpose: "", freshWithin: "5m", from: shop.orders, to: books.invoices, ${onDelete},
  map: ({ field, table, each, concat, constant }) => ({ ${rules} }),
});
`;
}

/** The first line of each message, by the number of its snippet. */
async function compile(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [compiler, "-p", folder, "--pretty", "false"], { cwd: folder }, (_error, out) =>
      resolve(out),
    );
  });
  const found = new Map<string, string[]>();
  for (const line of output.split("\n")) {
    const [, snippet, message] = /^snippet-(\d+)\.ts\(\d+,\d+\): error (.*)$/.exec(line) ?? [];
    if (snippet === undefined || message === undefined) continue;
    found.set(snippet, [...(found.get(snippet) ?? []), message]);
  }
  return found;
}

for (const [index, { says, firstLine }] of SNIPPETS.entries()) {
  test(`the compiler's first line is readable: ${says}`, () => {
    const [first, ...others] = messages.get(String(index)) ?? [];
    assert.match(first ?? "it compiled", firstLine);
    assert.deepEqual(others, [], "one fault is one message");
  });
}

test("the compiler's first line is readable: a removal that the target does not have", () => {
  const [first] = messages.get(String(SNIPPETS.length)) ?? [];
  assert.match(first ?? "it compiled", /"deactivate"' is not assignable to type '.*"void"/);
});

for (const [index, { says, firstLine }] of TWO_WAY.entries()) {
  test(`the compiler's first line on two ways is readable: ${says}`, () => {
    const [first, ...others] = messages.get(String(SNIPPETS.length + 1 + index)) ?? [];
    assert.match(first ?? "it compiled", firstLine);
    assert.deepEqual(others, [], "one fault is one message");
  });
}
