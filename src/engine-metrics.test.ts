// The metrics of a whole engine over real HTTP, and the project's own token for them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { env } from "./define/secret.ts";
import { ProjectError } from "./engine.ts";
import { packageVersion } from "./package-version.ts";
import { readExposition } from "./server/testing/exposition.ts";
import { ask } from "./server/testing/http.ts";
import { ENVIRONMENT, smallProject, smallWorld } from "./testing/small-world.ts";

const METRICS_TOKEN = "a-token-for-metrics-only";
const metrics = { token: env("BOWLINE_METRICS_TOKEN") };
const environment = { ...ENVIRONMENT, BOWLINE_METRICS_TOKEN: METRICS_TOKEN };
const headers = { authorization: `Bearer ${METRICS_TOKEN}`, host: "bowline:4600" };

test("an engine that works tells its figures to whoever has the project's token for them", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1", { note: "a note" });
  const engine = await small.running({ listen: true, environment, project: smallProject({ metrics }) });
  const { status, text } = await ask(`${engine.url}/metrics`, { headers });
  assert.equal(status, 200, text);
  const families = readExposition(text);
  const of = (name: string, labels = ""): number | undefined => families.get(name)?.samples.get(labels);
  assert.equal(of("bowline_sync_links", "sync=bills"), 1);
  assert.equal(of("bowline_sync_fresh_within_seconds", "sync=bills"), 60);
  assert.equal(of("bowline_events_total", "what=written.create"), 1);
  assert.equal(of("bowline_build_info", `version=${packageVersion()}`), 1);
  assert.ok((of("process_resident_memory_bytes") ?? 0) > 1_000_000);
});

test("the token for the metrics is in no log, and the program that gives the key is not given it", async (t) => {
  const small = await smallWorld(t);
  const key = Buffer.alloc(32, 7).toString("base64");
  const program = `if (process.env.BOWLINE_METRICS_TOKEN === undefined) console.log(${JSON.stringify(key)})`;
  const lines: string[] = [];
  const engine = await small.running({
    listen: true,
    environment: { ...environment, BOWLINE_KEY_COMMAND: JSON.stringify([process.execPath, "-e", program]) },
    project: smallProject({ metrics }),
    log: (level, message, facts) => lines.push(JSON.stringify([level, message, facts])),
  });
  const { status } = await ask(`${engine.url}/hooks/${METRICS_TOKEN}`, { method: "POST", body: "{}" });
  assert.equal(status, 401);
  assert.match(lines.join("\n"), /refused a webhook/);
  assert.doesNotMatch(lines.join("\n"), new RegExp(METRICS_TOKEN));
});

test("a project whose token for the metrics is not set does not start, and says which", async (t) => {
  const small = await smallWorld(t);
  await assert.rejects(
    () => small.open({ project: smallProject({ metrics }) }),
    (error) => error instanceof ProjectError && /BOWLINE_METRICS_TOKEN/.test(error.message),
  );
});
