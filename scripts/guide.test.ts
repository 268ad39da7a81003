// The guide to writing a connector says what is so: its code stands in the example, the example uses only what is public, and
// nothing that a connector can say is left out.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { membersOf } from "./members-of.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const guide = read("docs/writing-a-connector.md");
const example = globSync("examples/own-connector/**/*.ts", { cwd: root }).toSorted();

/** However it is broken into lines. */
const plain = (code: string): string => code.replaceAll(/\s+/g, "").replaceAll(/,(?=[}\])])/g, "");

test("every piece of code in the guide stands in the example", () => {
  const blocks = [...guide.matchAll(/^```ts\n([\s\S]*?)^```/gm)];
  const values = [...guide.matchAll(/`(\{ kind: [^`]*\})`/g)];
  assert.ok(blocks.length > 6 && values.length > 12, `${blocks.length} blocks and ${values.length} values were found`);
  const sources = example.map((path) => plain(read(path)));
  assert.deepEqual(
    [...blocks, ...values]
      .map(([, code = ""]) => code)
      .filter((code) => !sources.some((source) => source.includes(plain(code)))),
    [],
    "say in docs/writing-a-connector.md what the example says now",
  );
});

test("the example of a connector of one's own uses only what a project can", () => {
  const allowed = /^(?:node:.*|zod|\.\/.*|(?:\.\.\/){2,3}src\/(?:index|rehearse\/simulators)\.ts)$/;
  const found = example.flatMap((path) =>
    [...read(path).matchAll(/ from "([^"]+)"/g)]
      .map(([, from = ""]) => from)
      .filter((from) => !allowed.test(from))
      .map((from) => `${path} imports ${from}`),
  );
  assert.deepEqual(found, [], "make it public in src/index.ts, or do without");
});

test("the guide names all that a connector can say", () => {
  const connector = (name: string): readonly string[] => membersOf("src/define/connector.ts", name);
  const resource = (name: string): readonly string[] => membersOf("src/define/resource.ts", name);
  const kinds = [read("src/define/auth.ts"), read("src/define/connector.ts"), read("src/define/outcome.ts")].flatMap(
    (source) => [...source.matchAll(/^.* kind: "([\w-]+)";?|^  \| "([\w-]+)"/gm)].map(([, one, other]) => one ?? other),
  );
  const safeties = [...read("src/define/resource.ts").matchAll(/\{ readonly kind: "([\w-]+)"/g)].map(
    ([, kind]) => kind,
  );
  const names = [
    ...["Connector", "Webhook"].flatMap(connector),
    ...["Resource", "Page", "Changes", "Everything", "Read", "Write", "Written"].flatMap(resource),
    ...connector("WebhookEvent").filter((name) => !["resource", "key"].includes(name)),
    ...kinds,
    ...safeties,
  ];
  assert.ok(names.length > 80, `only ${names.length} names were found: mend how they are`);
  assert.deepEqual(
    [...new Set(names)].filter((name) => !new RegExp(`\`[^\`]*\\b${name}\\b|^  ${name}\\b`, "m").test(guide)),
    [],
    "say in docs/writing-a-connector.md what it is for",
  );
});
