import assert from "node:assert/strict";
import { test } from "node:test";
import { defineConfig } from "../define/define-config.ts";
import { env } from "../define/secret.ts";
import { booksConnector } from "../testing/small-books.ts";
import { addressFaults } from "./address-faults.ts";

function faults(url: string, privateAddresses: readonly string[] = []): readonly string[] {
  const books = booksConnector.connect("books", { token: env("TOKEN"), url: env("URL") });
  const project = defineConfig({ connections: [books], syncs: [], network: { privateAddresses } });
  return addressFaults(project, ({ variable }) => (variable === "URL" ? url : "secret")).map(({ place }) => place);
}

test("a setting that leads to this machine is a fault, and none once the project allows it", () => {
  assert.deepEqual(faults("http://127.0.0.1:4600"), ["connection books › url"]);
  assert.deepEqual(faults("http://2130706433/v2"), ["connection books › url"]);
  assert.deepEqual(faults("http://localhost:4600"), ["connection books › url"]);
  assert.deepEqual(faults("http://127.0.0.1:4600", ["loopback"]), []);
});

test("a name is not asked for before the start", () => {
  assert.deepEqual(faults("https://books.example"), []);
});

test("what is no address is no fault of this kind", () => {
  assert.deepEqual(faults("not an address"), []);
});

test("an address for alerts that leads to this machine is a fault too", () => {
  const here = "http://127.0.0.1:9/alerts";
  const alerts = { to: env("URL"), toOwners: { Finance: here } };
  const project = defineConfig({ connections: [], syncs: [], alerts });
  const places = addressFaults(project, () => here).map(({ place }) => place);
  assert.deepEqual(places, ["alerts › to", "alerts › toOwners › Finance"]);
});
