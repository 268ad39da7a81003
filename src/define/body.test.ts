import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, form, kindOfBody, multipart, stream } from "./body.ts";

test("a form writes objects and lists with brackets, and leaves out what is undefined", () => {
  const { text } = form({
    limit: 3,
    off: false,
    none: undefined,
    metadata: { "a b": "ä&" },
    items: [{ price: "p1" }, "x"],
  });
  assert.deepEqual(
    [...new URLSearchParams(text)],
    [
      ["limit", "3"],
      ["off", "false"],
      ["metadata[a b]", "ä&"],
      ["items[0][price]", "p1"],
      ["items[1]", "x"],
    ],
  );
});

test("parts are read back as they were by another reader", async () => {
  const content = Uint8Array.from([0, 13, 10, 45, 45, 255]);
  const { type, content: sent } = multipart([
    { name: "note", value: "line one\r\nline two" },
    { name: "file", filename: 'a "b".bin', type: "application/pdf", content },
  ]);
  const read = await new Response(new Uint8Array(sent), { headers: { "content-type": type } }).formData();
  assert.equal(read.get("note"), "line one\r\nline two");
  const file = read.get("file");
  assert.ok(file instanceof File);
  assert.equal(file.type, "application/pdf");
  assert.deepEqual(new Uint8Array(await file.arrayBuffer()), content);
});

test("a name cannot end its line and begin a header or a part of its own", () => {
  const { content } = multipart([
    { name: 'a"\r\nx-evil: 1', filename: "b\r\n\r\n--", type: "text/plain", content: Buffer.of() },
  ]);
  assert.doesNotMatch(Buffer.from(content).toString(), /^x-evil/m);
});

test("the same parts make the same bytes", () => {
  const parts = [{ name: "a", value: "b" }];
  assert.deepEqual(multipart(parts).content, multipart(parts).content);
});

test("a type that would begin another header is refused", () => {
  assert.throws(() => bytes(Buffer.of(), "text/plain\r\nx: y"), /expected one such as/);
  assert.throws(() => stream({ type: "text/plain", lengthBytes: -1, chunks: async function* () {} }), /whole number/);
});

test("an object of JSON is not taken for another body, whatever its fields are called", () => {
  assert.equal(kindOfBody({ kind: "form", text: "a=b" }), undefined);
});
