// The real program as a process of its own: it owns the file of state, and other commands reach it.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { simulatedProject, type SimulatedProject } from "./testing/simulated-project.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

function launch(t: TestContext, { folder, environment }: SimulatedProject, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: { ...process.env, ...environment } });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

/** Resolves with the first line of standard error that matches. */
async function lineOf(child: ChildProcess, wanted: RegExp): Promise<string> {
  assert.ok(child.stderr);
  const seen: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    if (wanted.test(line)) return line;
    seen.push(line);
  }
  throw new Error(`the program ended without saying ${wanted}: ${seen.join("\n")}`);
}

async function allOf(stream: Readable | null): Promise<string> {
  assert.ok(stream);
  return (await stream.toArray()).join("");
}

test("a running Bowline answers other commands, and leaves nothing behind when asked to stop", async (t) => {
  const project = await simulatedProject(t);
  project.shop.addCustomer({ firstName: "Ada", lastName: "Lovelace" });
  const child = launch(t, project, ["start", "--port", "0"]);
  await lineOf(child, /command-line runs at http/);

  assert.equal((await project.run("sync", "customers", "--full")).exitCode, 0);
  const status = await project.run("status", "--json");
  assert.equal(status.exitCode, 0, status.out);
  assert.equal((status.json as { running: boolean }).running, true);
  const wrong = await project.run("sync", "custmers");
  assert.equal(wrong.exitCode, 2, wrong.err);
  const page = await project.run("page", "--json");
  const letsIn = await fetch((page.json as { url: string }).url, { redirect: "manual" });
  assert.deepEqual([letsIn.status, letsIn.headers.has("set-cookie")], [303, true]);
  const second = await project.run("start");
  assert.equal(second.exitCode, 4);
  assert.match(second.err, /this project runs already, at http/);

  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
  assert.equal(existsSync(join(project.folder, "state", "bowline.db.control")), false);
  const without = await project.run("page");
  assert.equal(without.exitCode, 4);
  assert.match(without.err, /could not tell the address of the page: Bowline does not run/);
});

test("what a killed Bowline left behind does not stop the next command", async (t) => {
  const project = await simulatedProject(t);
  const child = launch(t, project, ["start", "--port", "0"]);
  await lineOf(child, /command-line runs at http/);
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.equal(existsSync(join(project.folder, "state", "bowline.db.control")), true);
  const status = await project.run("status", "--json");
  assert.equal((status.json as { running: boolean }).running, false, status.err);
});

test("whoever reads only the beginning of an answer, or stops reading the log, ends nothing", async (t) => {
  const project = await simulatedProject(t);
  const listing = launch(t, project, ["requests", "--json"]);
  const faults = allOf(listing.stderr);
  listing.stdout?.destroy();
  const [listed] = await once(listing, "close");
  assert.deepEqual([listed, await faults], [0, ""]);

  const settling = launch(t, project, ["start", "--port", "0", "--settle", "--json"]);
  const answer = allOf(settling.stdout);
  settling.stderr?.destroy();
  const [settled] = await once(settling, "close");
  assert.equal(settled, 0);
  assert.equal((JSON.parse(await answer) as { project: string }).project, "command-line");
});

test("where no person reads along, all that start says is lines of JSON, from its warnings to its end", async (t) => {
  const project = await simulatedProject(t);
  const child = launch(t, project, ["start", "--port", "0"]);
  const told: unknown[] = [];
  assert.ok(child.stderr);
  for await (const line of createInterface({ input: child.stderr })) {
    const { level, msg } = JSON.parse(line) as { level: string; msg: string };
    told.push(`${level}: ${msg.replace(/http\S+/, "…")}`);
    if (/ runs at /.test(msg)) child.kill("SIGTERM");
  }
  assert.ok(told.includes("info: command-line runs at …"), told.join("\n"));
  assert.equal(told.at(-1), "info: stopping: what is under way is ended first");
});

test("a port that another program has is told as such, with what to do", async (t) => {
  const project = await simulatedProject(t);
  const taken = new URL(project.environment["SHOPIFY_URL"] ?? "").port;
  const { exitCode, err } = await project.run("start", "--port", taken);
  assert.equal(exitCode, 4, err);
  assert.match(err, new RegExp(`could not serve at http://127.0.0.1:${taken}: expected a free port.+ or --port`));
});

test("where another Bowline has the file and does not answer, start tells where it was asked for, as other commands do", async (t) => {
  const project = await simulatedProject(t);
  const data = join(project.folder, "state", "bowline.db");
  const owner = await openSqliteStore({ path: data, thread: false });
  t.after(() => owner.close());
  const silent = await project.run("start");
  assert.equal(silent.exitCode, 4);
  assert.match(silent.err, /process \d+ has it; .* give another path\. It tells no address: wait until/);
  const mute = createServer((_request, response) => void response.writeHead(500).end());
  await once(mute.listen(0, "127.0.0.1"), "listening");
  t.after(() => mute.close());
  const url = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
  await writeFile(`${data}.control`, JSON.stringify({ url, token: "a token" }));
  for (const command of ["start", "status"]) {
    const { exitCode, err } = await project.run(command);
    assert.equal(exitCode, 4);
    assert.match(
      err,
      new RegExp(`^bowline: could not reach the running Bowline at ${url}: .*; see whether it hangs$`, "m"),
    );
    assert.doesNotMatch(err, /tells no address/);
  }
});

test("start --settle ends by itself once both systems agree, and tells programs one document", async (t) => {
  const project = await simulatedProject(t);
  project.shop.addCustomer({ firstName: "Ada", lastName: "Lovelace" });
  const child = launch(t, project, ["start", "--port", "0", "--settle", "--json"]);
  let out = "";
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.resume();
  const [code] = await once(child, "close");
  assert.equal(code, 0);
  assert.equal((JSON.parse(out) as { settled: boolean }).settled, true);
  assert.equal(project.books.truth.customers.size, 1);
});

test("what only a person can set going again holds up neither start --settle nor sync, which say so", async (t) => {
  const project = await simulatedProject(t);
  project.shop.addCustomer({ firstName: "Ada", lastName: "Lovelace" });
  project.shop.replaceAccessToken("shpat_another");
  const child = launch(t, project, ["start", "--port", "0", "--settle", "--json"]);
  let out = "";
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.resume();
  const [code] = await once(child, "close");
  assert.equal(code, 1);
  assert.equal((JSON.parse(out) as { settled: boolean }).settled, false);
  const sync = await project.run("sync", "customers");
  assert.equal(sync.exitCode, 1);
  assert.match(sync.out, /held, the rest is kept: connection shop is reauthorize/);
});

test("the second wish to stop ends the process, whichever the first one was", async (t) => {
  const shell = new URL("./shell.ts", import.meta.url).href;
  const code = `import { realShell } from ${JSON.stringify(shell)};
    setInterval(() => {}, 1_000);
    realShell().stopAsked().then(() => process.stdout.write("stopping"));
    process.stdout.write("ready");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code]);
  t.after(() => child.kill("SIGKILL"));
  assert.equal(String(await once(child.stdout, "data")), "ready");
  child.kill("SIGINT");
  assert.equal(String(await once(child.stdout, "data")), "stopping");
  child.kill("SIGTERM");
  await once(child, "exit");
  assert.equal(child.signalCode, "SIGTERM");
});
