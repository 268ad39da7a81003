import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiRequest, Connector } from "../define/connector.ts";
import type { Outcome } from "../define/outcome.ts";
import { answerOf } from "./answer.ts";
import { judge } from "./judge.ts";

const silent = {} as Connector;
const saysMissing = { outcome: (): Outcome => ({ kind: "missing", reason: "no such record" }) } as unknown as Connector;
const json = "application/json";

for (const [what, status, type, body, kind] of [
  ["says so", 404, json, '{"message":"no such record"}', "missing"],
  ["is empty", 404, json, "", "missing"],
  ["is a few words", 404, "text/plain", "not found", "missing"],
  ["is a few words that say they are a page", 404, "text/html", "It cannot be found", "missing"],
  ["is a web page", 404, "text/html", "<html>404 Not Found</html>", "unavailable"],
  ["is a web page in place of JSON", 404, json, "<html>404 Not Found</html>", "unavailable"],
  ["is cut short", 404, json, '{"message":', "unavailable"],
  ["is a web page", 410, "text/html", "<html>Gone</html>", "unavailable"],
] as const) {
  test(`a ${status} that ${what} means ${kind}, whatever it answers`, () => {
    const answer = answerOf({ status, headers: { "content-type": type }, body: Buffer.from(body) });
    for (const method of ["GET", "PUT", "DELETE"] as const) {
      const request: ApiRequest = { method, path: "/records/1" };
      for (const connector of [silent, saysMissing]) assert.equal(judge(connector, answer, request, 0).kind, kind);
    }
  });
}
