import assert from "node:assert/strict";
import { test } from "node:test";
import { childrenOf, parseXml, textAt, XmlRefused, type XmlLimits } from "./xml.ts";

test("elements are found by name, whatever their prefix", () => {
  const root = parseXml('<s:a xmlns:s="u"><s:b id="1">x &amp; y</s:b><b id="2"><![CDATA[<c>]]></b></s:a>');
  assert.deepEqual(
    childrenOf(root, "b").map(({ attributes, text }) => [attributes["id"], text]),
    [
      ["1", "x & y"],
      ["2", "<c>"],
    ],
  );
  assert.equal(textAt(root, "b"), "x & y");
  assert.equal(textAt(root, "missing", "deeper"), undefined);
});

test("numbers stay the text that was sent", () => {
  assert.equal(textAt(parseXml("<a><n>12345678901234567890.10</n></a>"), "n"), "12345678901234567890.10");
});

const REFUSED: readonly (readonly [what: string, text: string, code: XmlRefused["code"], limits?: XmlLimits])[] = [
  ["an entity of its own", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document-type"],
  ["an entity from elsewhere", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document-type"],
  ["an unknown entity", "<a>&b;</a>", "malformed"],
  ["half a document", "<a><b>", "malformed"],
  ["no document", "", "malformed"],
  ["two roots", "<a/><b/>", "malformed"],
  ["JSON", '{"a":1}', "malformed"],
  ["too many levels", `${"<a>".repeat(65)}${"</a>".repeat(65)}`, "too-deep"],
  ["too many elements", `<a>${"<b/>".repeat(10)}</a>`, "too-large", { elementsMax: 10 }],
  ["too many characters", "<a>0123456789</a>", "too-large", { charactersMax: 10 }],
];

for (const [what, text, code, limits] of REFUSED) {
  test(`${what} is refused: ${code}`, () => {
    assert.throws(
      () => parseXml(text, limits),
      (error) => error instanceof XmlRefused && error.code === code,
    );
  });
}

test("an attribute that is named like what every object has is only an attribute", () => {
  const { attributes } = parseXml('<a __proto__="x" constructor="y"/>');
  assert.equal(attributes["constructor"], "y");
  assert.equal(attributes["toString"], undefined);
});
