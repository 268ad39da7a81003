import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeForm, type Form } from "./form.ts";

for (const [what, form, text] of [
  ["plain values", { name: "A & B", amount: 1099, active: true }, "name=A%20%26%20B&amount=1099&active=true"],
  ["parts", { address: { line1: "1 Way", city: null } }, "address[line1]=1%20Way&address[city]="],
  ["lists", { expand: ["a", "data.b"] }, "expand[0]=a&expand[1]=data.b"],
  ["parts in lists", { items: [{ price: "p", quantity: 2 }] }, "items[0][price]=p&items[0][quantity]=2"],
  ["keys that people choose", { metadata: { "a b]=&": "é" } }, "metadata[a%20b%5D%3D%26]=%C3%A9"],
  ["nothing to say", { name: undefined, part: { below: undefined } }, ""],
  ["nothing there any more", { name: null, images: [] }, "name=&images="],
  ["zero and false, which are something", { amount: 0, active: false }, "amount=0&active=false"],
] as const satisfies readonly (readonly [string, Form, string])[]) {
  test(`the form of ${what} is ${text === "" ? "empty" : text}`, () => {
    assert.equal(encodeForm(form), text);
  });
}
