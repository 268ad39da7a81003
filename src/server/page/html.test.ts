import assert from "node:assert/strict";
import { test } from "node:test";
import { html } from "./html.ts";

test("a value is escaped wherever it stands", () => {
  const hostile = `<script>alert("1")</script>' onload='x' &amp;`;
  const made = html`<p title="${hostile}">${hostile}</p>`.toString();
  const safe = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; onload=&#39;x&#39; &amp;amp;";
  assert.equal(made, `<p title="${safe}">${safe}</p>`);
});

test("HTML made the same way is kept, lists are joined, nothing is shown for nothing", () => {
  const items = [1, 2].map((number) => html`<b>${number}</b>`);
  assert.equal(html`<p>${items}${undefined}${false}</p>`.toString(), "<p><b>1</b><b>2</b></p>");
});

test("no value from outside passes as HTML", () => {
  const posing = JSON.parse('{"text":"<b>","toString":null}') as { text: string };
  assert.equal(html`${posing.text}`.toString(), "&lt;b&gt;");
});
