import assert from "node:assert/strict";
import { test } from "node:test";
import { env } from "../define/secret.ts";
import { booksConnector } from "../testing/small-books.ts";
import { readSettings } from "./settings.ts";

function secretsOf(url: string): readonly string[] {
  const books = booksConnector.connect("books", { token: "t", url: env("URL") });
  return readSettings(books, () => url).secrets;
}

for (const [url, secret] of [
  ["http://127.0.0.1:4321", []],
  ["https://api.example/", []],
  ["https://hooks.example/T0/B0/s3cr3t", ["/T0/B0/s3cr3t"]],
  ["https://api.example?key=s3cr3t", ["?key=s3cr3t"]],
  ["https://user:s3cr3t@api.example/a", ["https://user:s3cr3t@api.example/a"]],
] as const) {
  test(`of the address ${url} ${secret.length === 0 ? "nothing" : secret[0]} is secret`, () => {
    assert.deepEqual(
      secretsOf(url).filter((one) => one !== "t"),
      secret,
    );
  });
}
