import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { redactor, REDACTED } from "./redact.ts";

const SECRET = "shpat_a/b+c=d é\"x'9f3k";
const { text: clean } = redactor([SECRET, "abc"]);

const bytes = Buffer.from(SECRET);
for (const [form, hidden] of [
  ["as it is", SECRET],
  ["in a URL", encodeURIComponent(SECRET)],
  ["in a URL, small letters", encodeURIComponent(SECRET).replaceAll(/%../g, (code) => code.toLowerCase())],
  ["in a form", new URLSearchParams({ x: SECRET }).toString().slice(2)],
  ["in JSON", JSON.stringify(SECRET).slice(1, -1)],
  ["in hexadecimal", bytes.toString("hex")],
  ["in base64", bytes.toString("base64")],
  ["in base64url", bytes.toString("base64url")],
] as const) {
  test(`a known secret is found ${form}`, () => {
    const found = clean(`before ${hidden} after`);
    assert.ok(!found.includes(hidden), found);
    assert.ok(found.startsWith("before ") && found.includes(REDACTED) && found.endsWith(" after"));
  });
}

test("a known secret is found anywhere, however the text around it is coded", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 12, maxLength: 60, unit: "grapheme-ascii" }).filter((secret) => secret.trim() === secret),
      fc.string({ maxLength: 20 }),
      fc.string({ maxLength: 20 }),
      (secret, before, after) => {
        const { text } = redactor([secret]);
        const around = before + secret + after;
        for (const code of [
          (plain: string) => plain,
          (plain: string) => JSON.stringify({ value: plain }),
          (plain: string) => encodeURIComponent(plain),
          (plain: string) => new URLSearchParams({ value: plain }).toString(),
        ]) {
          const cleaned = text(code(around));
          assert.ok(!cleaned.includes(secret));
          const coded = code(secret).replace(/^value=|^\{"value":"|"\}$/g, "");
          assert.ok(!cleaned.includes(coded));
        }
        const plain = Buffer.from(around).toString("base64");
        const coded = text(plain);
        const core = Buffer.from(secret).toString("base64").slice(2, -4);
        assert.ok(!Buffer.from(coded.replaceAll(REDACTED, ""), "base64").includes(secret));
        // What stands around it may hold a part of it, too.
        const cores = (where: string): number => where.split(core).length - 1;
        assert.ok(before.length % 3 !== 0 || cores(coded) < cores(plain));
      },
    ),
  );
});

test("values are hidden by their names, in JSON, forms, queries and XML, whole or cut", () => {
  for (const [dirty, wanted] of [
    ['{"access_token":"x1","n":1}', `{"access_token":"${REDACTED}","n":1}`],
    ['{"a":{"clientSecret": {"deep":["x1"]}},"b":2}', `{"a":{"clientSecret": "${REDACTED}"},"b":2}`],
    ['{"password":12345,"b":2}', `{"password":"${REDACTED}","b":2}`],
    ['{"apiKey":"x\\"1"}', `{"apiKey":"${REDACTED}"}`],
    ['{"token":"cut in the mid', `{"token":"${REDACTED}"`],
    ['{"token":{"cut":"in the', `{"token":"${REDACTED}"`],
    ['{"body":"{\\"token\\":\\"x1\\",\\"n\\":1}"}', `{"body":"{\\"token\\":\\"${REDACTED}\\",\\"n\\":1}"}`],
    ['{"token":null,"secret":""}', '{"token":null,"secret":""}'],
    ["grant_type=refresh_token&refresh_token=x1&a=b", `grant_type=refresh_token&refresh_token=${REDACTED}&a=b`],
    ["https://x.example/a?key=x1&limit=2", `https://x.example/a?key=${REDACTED}&limit=2`],
    [
      "<Login><Password>x1</Password><Name>n</Name></Login>",
      `<Login><Password>${REDACTED}</Password><Name>n</Name></Login>`,
    ],
    ["Authorization: Bearer abcdefgh.ijkl", `Authorization: Bearer ${REDACTED}`],
  ] as const) {
    assert.equal(clean(dirty), wanted);
  }
});

test("what only sounds like a secret stays: versions, places in a listing, keys of records", () => {
  for (const text of [
    '{"SyncToken":"3","nextPageToken":"p2","idempotencyKey":"k","externalKey":"e"}',
    "https://x.example/a?page_token=p2&sort_key=name",
    '{"note":"the secret of success"}',
  ]) {
    assert.equal(clean(text), text);
  }
});

test("a secret too short to be one hides nothing", () => {
  assert.equal(clean("abc"), "abc");
});
