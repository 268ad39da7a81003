// Tables line up for people, and what providers send cannot steer the terminal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { displayWidth } from "./display-width.ts";
import { paintFor, type Paint } from "./paint.ts";
import { oneLine, table } from "./table.ts";

const plain: Paint = (_style, text) => text;
const COLUMNS = [{ title: "KEY" }, { title: "NAME", flexible: true }, { title: "TOTAL", align: "right" }] as const;

test("columns line up by what is shown, with wide characters and emoji", () => {
  const text = table(
    COLUMNS,
    [
      ["1", "Ada", "9.50"],
      ["22", "山田太郎", "120.00"],
      ["3", "Zoe\u0308 👍", "1.00"],
    ],
    { paint: plain, width: undefined },
  );
  assert.equal(
    text,
    ["KEY  NAME       TOTAL", "1    Ada         9.50", "22   山田太郎  120.00", "3    Zoe\u0308 👍      1.00", ""].join(
      "\n",
    ),
  );
});

test("only flexible columns are cut to the terminal's width", () => {
  const text = table(COLUMNS, [["12345678901234567890", "A name that is far too long", "1.00"]], {
    paint: plain,
    width: 50,
  });
  const row = text.split("\n")[1] ?? "";
  assert.equal(displayWidth(row), 50);
  assert.match(row, /^12345678901234567890 {2}A name that.*… {3}1\.00$/);
});

test("a table that cannot become narrow enough stays readable", () => {
  const row = table(COLUMNS, [["12345678901234567890", "A long name that is cut", "1.00"]], {
    paint: plain,
    width: 10,
  });
  assert.match(row, /A long name…/);
});

test("texts from elsewhere stay in their cell", () => {
  assert.equal(
    oneLine("two\nlines\tand \u001b[2Ja cleared \u001b]0;title\u0007screen\u0000"),
    "two lines and a cleared screen ",
  );
});

test("a name cannot turn around what stands beside it, and one from right to left stays as it is", () => {
  assert.equal(oneLine("invoice\u202efdp.exe \u2066and\u2069 \u202bmore\u202c"), "invoicefdp.exe and more");
  assert.equal(oneLine("محمد عبد الله"), "محمد عبد الله");
});

test("a cell's colour takes no width", () => {
  const paint = paintFor({ isTTY: true, columns: 80, write: () => {} }, {});
  const text = table([{ title: "A" }, { title: "B" }], [[{ text: "x", style: "red" }, "y"]], {
    paint,
    width: undefined,
  });
  assert.equal(text.split("\n")[1], "\u001b[31mx\u001b[39m  y");
});

const PLAIN: readonly (readonly [why: string, isTTY: boolean, environment: Record<string, string>])[] = [
  ["the output is no terminal", false, {}],
  ["NO_COLOR is set", true, { NO_COLOR: "1" }],
  ["the terminal is dumb", true, { TERM: "dumb" }],
];
for (const [why, isTTY, environment] of PLAIN) {
  test(`there are no colours when ${why}`, () => {
    assert.equal(paintFor({ isTTY, columns: undefined, write: () => {} }, environment)("red", "x"), "x");
  });
}
