// Connecting, seeing and disconnecting from the command line, with a browser's part played over real HTTP.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { ConnectionView } from "../control.ts";
import { openEngine } from "../engine.ts";
import { serve } from "../rehearse/simulators.ts";
import { SmallAuthority, type SmallAuthorityOptions } from "../testing/small-authority.ts";
import { realClock, realRandom } from "../world/real.ts";
import { loadProject } from "./load-project.ts";
import { runIn, type Ran } from "./testing/simulated-project.ts";
import { testShell } from "./testing/test-shell.ts";

async function setup(t: TestContext, options: Partial<SmallAuthorityOptions> = {}) {
  const authority = new SmallAuthority({ clock: realClock, random: realRandom, ...options });
  const served = await serve((request) => authority.fetch(request));
  const folder = await mkdtemp(join(tmpdir(), "bowline-cli-"));
  t.after(async () => {
    await served.close();
    await rm(folder, { recursive: true, force: true });
  });
  await mkdir(join(folder, "state"));
  const config = new URL("./testing/bank.config.ts", import.meta.url).href;
  await writeFile(join(folder, "bowline.config.ts"), `export { default } from ${JSON.stringify(config)};\n`);
  const environment = { BANK_URL: served.url };
  const shell = () => testShell({ folder, environment });
  const run = (...args: readonly string[]): Promise<Ran> => runIn(shell(), args);

  /** Runs `connect`, and does with the address that it prints what a browser does. */
  async function connect(...args: readonly string[]): Promise<Ran> {
    const at = shell();
    const opened = Promise.withResolvers<string>();
    const err = Object.create(at.err, {
      write: {
        value(text: string) {
          at.err.write(text);
          const address = /http\S+\/go\?ticket=\S+/.exec(text)?.[0];
          if (address !== undefined) opened.resolve(address);
        },
      },
    }) as typeof at.err;
    const heard = { ...at, err };
    const ran = runIn(heard, ["connect", "money", ...args]);
    const address = await Promise.race([opened.promise, ran.then(({ err: said }) => assert.fail(said))]);
    await browse(address);
    return ran;
  }
  return { authority, run, connect, folder, environment, shell };
}

async function browse(address: string): Promise<void> {
  const out = await fetch(address, { redirect: "manual" });
  const cookie = (out.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const provider = await fetch(out.headers.get("location") ?? "", { redirect: "manual" });
  const answer = await fetch(provider.headers.get("location") ?? "", { headers: { cookie } });
  await answer.text();
}

test("while nothing runs, connect waits for the browser itself; then connections shows whose account it is", async (t) => {
  const { connect, run } = await setup(t, { tells: { branch: "north" } });
  const { exitCode, out, err } = await connect("--no-open");
  assert.equal(exitCode, 0, err + out);
  assert.match(out, /^money is connected\.\naccount {2}person-0, small\nsetting {2}branch: "north"/);
  const shown = await run("connections");
  assert.equal(shown.exitCode, 0, shown.out);
  assert.match(shown.out, /^money +A bank +active +person-0, small +1 of 1 /m);
  const [view] = (await run("connections", "--json")).json as readonly ConnectionView[];
  assert.partialDeepStrictEqual(view, { connection: "money", state: "active", scopesGranted: ["read"] });
  assert.doesNotMatch(JSON.stringify(view), /"a-[0-9a-f]{24}"|"r-[0-9a-f]{24}"/);
});

test("while Bowline runs, the browser comes back to it", async (t) => {
  const { connect, run, folder, environment } = await setup(t);
  const { project, dataPath } = await loadProject(folder, undefined);
  const engine = await openEngine({ project, dataPath, environment });
  t.after(() => engine.stop());
  await engine.start();
  const { exitCode, json } = await connect("--json");
  assert.equal(exitCode, 0);
  assert.partialDeepStrictEqual(json, { state: "connected", connection: "money", account: { id: "person-0" } });
  assert.equal((await run("connections")).exitCode, 0);
  const ended = await run("disconnect", "money");
  assert.equal(ended.exitCode, 0, ended.err);
  assert.match(ended.out, /taken back at the provider/);
  const after = await run("connections");
  assert.equal(after.exitCode, 1);
  assert.match(after.out, /disconnected by hand; connect it again with: bowline connect money/);
});

test("when the provider does not let the code pass, nothing is kept and the exit code says so", async (t) => {
  const { connect, run } = await setup(t, { tells: { error: "access_denied" } });
  const { exitCode, out } = await connect("--no-open");
  assert.equal(exitCode, 1);
  assert.equal(out, "money was not connected: the provider answered access_denied. Nothing was kept.\n");
  const [view] = (await run("connections", "--json")).json as readonly ConnectionView[];
  assert.equal(view?.state, "reauthorize");
});

test("a wrong name is told with the nearest right one; whoever stops waiting is let go", async (t) => {
  const { run, shell } = await setup(t);
  const wrong = await run("connect", "mony");
  assert.deepEqual([wrong.exitCode, /did you mean "money"\?/.test(wrong.err)], [2, true]);
  assert.equal((await run("disconnect", "x")).exitCode, 2);
  const at = shell();
  const waiting = runIn(at, ["connect", "money"]);
  at.askToStop();
  assert.equal((await waiting).exitCode, 130);
});
