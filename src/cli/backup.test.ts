// Backups as people take them and bring them back.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, renameSync } from "node:fs";
import { copyFile, mkdir, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { openEngine } from "../engine.ts";
import { openReader } from "../store/reader.ts";
import { loadProject } from "./load-project.ts";
import { simulatedProject, type SimulatedProject } from "./testing/simulated-project.ts";

interface Kept extends SimulatedProject {
  /** The file of state. */
  readonly path: string;
  links(path?: string): number;
}

/** One customer agrees. */
async function kept(t: TestContext): Promise<Kept> {
  const project = await simulatedProject(t);
  project.shop.addCustomer({ firstName: "Ada", lastName: "Lovelace" });
  const { exitCode, err } = await project.run("sync", "customers");
  assert.equal(exitCode, 0, err);
  const { dataPath: path } = await loadProject(project.folder, undefined);
  return { ...project, path, links: (from = path) => linksIn(from) };
}

function linksIn(path: string): number {
  const reader = openReader(path);
  try {
    const rows = reader.syncRows({ sync: "customers", since: 0, limit: 100 });
    return rows.filter(({ link }) => link !== undefined).length;
  } finally {
    reader.close();
  }
}

test("a backup is brought back, and what was there stays beside it", async (t) => {
  const { run, shop, folder, links } = await kept(t);
  const taken = await run("backup", ".", "--json");
  assert.equal(taken.exitCode, 0, taken.err);
  const { path: backup } = taken.json as { readonly path: string };
  assert.match(backup, /\/state-\d{4}-\d\d-\d\dT[\d-]+Z\.db$/);
  assert.equal(dirname(backup), folder);
  shop.addCustomer({ firstName: "Grace", lastName: "Hopper" });
  await run("sync", "customers");
  assert.equal(links(), 2);
  const restored = await run("restore", backup, "--json");
  assert.equal(restored.exitCode, 0, restored.err);
  const { before, madeAt } = restored.json as { readonly before: string; readonly madeAt: number };
  assert.equal(madeAt, (taken.json as { readonly at: number }).at);
  assert.deepEqual([links(), links(before)], [1, 2]);
  assert.equal((await run("status")).err, "");
});

test("a file that was brought back otherwise can be told so, also where it is no backup of ours", async (t) => {
  const { run, path, folder } = await kept(t);
  const told = await run("restore", "--in-place");
  assert.equal(told.exitCode, 0, told.err);
  assert.match(told.out, /bowline\.db is restored\n.*looks up what is new to it/s);
  const copy = join(folder, "copy.db");
  await copyFile(path, copy);
  assert.match((await run("restore", copy)).out, /is restored\n/);
});

test("nothing is written over, and nothing is put in place that is no whole file of state", async (t) => {
  const { run, folder, path, links } = await kept(t);
  await run("backup", "one.db");
  const again = await run("backup", "one.db");
  assert.equal(again.exitCode, 4);
  assert.match(again.err, /could not write .*one\.db: expected no file there, got one; give another path/);
  const before = await readdir(dirname(path));
  await writeFile(
    join(folder, "text.db"),
    "no database, but long enough to be read as the beginning of one".repeat(200),
  );
  await truncate(join(folder, "one.db"), 40_960);
  const cases: readonly (readonly [args: readonly string[], exitCode: number, hint: RegExp])[] = [
    [["restore", "nothing.db"], 4, /could not read .*nothing\.db: expected a file of state, got none/],
    [["restore", "text.db"], 4, /text\.db: expected a file of state, got damage/],
    [["restore", "one.db"], 4, /one\.db: expected a (whole )?file of state, got damage/],
    [["restore"], 2, /expected either a file or --in-place/],
    [["restore", "one.db", "--in-place"], 2, /expected either a file or --in-place/],
  ];
  for (const [args, exitCode, hint] of cases) {
    const ran = await run(...args);
    assert.match(ran.err, hint);
    assert.equal(ran.exitCode, exitCode, args.join(" "));
  }
  assert.deepEqual([links(), await readdir(dirname(path))], [1, before]);
});

test("a backup is taken beside a running Bowline, and none is restored there", async (t) => {
  const { run, folder, path, environment, links } = await kept(t);
  const { project } = await loadProject(folder, undefined);
  const engine = await openEngine({ project, dataPath: path, environment, listen: false });
  t.after(() => engine.stop());
  const taken = await run("backup", "running.db");
  assert.equal(taken.exitCode, 0, taken.err);
  assert.equal(links(join(folder, "running.db")), 1);
  const refused = await run("restore", "running.db");
  assert.equal(refused.exitCode, 4);
  assert.match(refused.err, /expected to be its only user, but process \d+ has it; stop that one/);
});

test("what the lost file had not moved out of its log yet is kept with it, and not taken into the one that is restored", async (t) => {
  const { run, path } = await kept(t);
  await run("backup", join(dirname(path), "one.db"));
  crashedWith(path, "UPDATE resource SET records = 77");
  const restored = await run("restore", join(dirname(path), "one.db"), "--json");
  assert.equal(restored.exitCode, 0, restored.err);
  const { before } = restored.json as { readonly before: string };
  assert.deepEqual([recordsIn(path), recordsIn(before)], [1, 77]);
});

test("a log that is left of a lost file is not taken into the one that is restored", async (t) => {
  const { run, path } = await kept(t);
  const backup = join(dirname(path), "one.db");
  await run("backup", backup);
  crashedWith(path, "UPDATE resource SET records = 77");
  await rm(path);
  assert.equal((await run("restore", backup)).exitCode, 0);
  assert.equal(recordsIn(path), 1);
});

test("an empty file is no backup", async (t) => {
  const { run, folder, links } = await kept(t);
  await writeFile(join(folder, "empty.db"), "");
  const { exitCode, err } = await run("restore", "empty.db");
  assert.equal(exitCode, 4);
  assert.match(err, /could not read .*empty\.db: expected a file of state, got an empty one/);
  assert.equal(links(), 1);
});

test("what cannot be written is told of where it was to be written, what cannot be read of where it is", async (t) => {
  const { run, path } = await kept(t);
  const nowhere = await run("backup", "nowhere/one.db");
  assert.equal(nowhere.exitCode, 4);
  assert.match(
    nowhere.err,
    /could not open .*nowhere\/one\.db\.partial: expected a folder and files that can be written/,
  );
  await run("backup", "one.db");
  await mkdir(`${path}.restoring`);
  assert.match((await run("restore", "one.db")).err, /could not open .*\/bowline\.db: expected a folder and files/);
});

test("where the disk is full, the copy that found no room is told of, and nothing of it is left", async (t) => {
  const { path } = await kept(t);
  const folder = dirname(path);
  // A file that may grow no further, as on a disk that is full.
  const backup = `import { backUpState } from ${JSON.stringify(new URL("../store/backup.ts", import.meta.url).href)};
    process.on("SIGXFSZ", () => {});
    await backUpState(${JSON.stringify(path)}, ${JSON.stringify(join(folder, "full.db"))}, 1).catch((error) => console.log(error.message));`;
  const { stdout } = spawnSync(
    "sh",
    ["-c", 'ulimit -f 200; exec "$0" --input-type=module -e "$1"', process.execPath, backup],
    {
      encoding: "utf8",
    },
  );
  assert.match(stdout, /could not (read or )?write .*full\.db\.partial: expected/);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith("full")),
    [],
  );
});

test("a folder that is not there is not taken for the name of a copy", async (t) => {
  const { run, folder } = await kept(t);
  const refused = await run("backup", "backups/");
  assert.equal(refused.exitCode, 4);
  assert.match(refused.err, /could not write to .*backups\/: expected a folder, got none; make it first/);
  await mkdir(join(folder, "backups"));
  assert.equal((await run("backup", "backups/")).exitCode, 0);
});

/** As a killed process leaves it: its last commit is in the log only. */
function crashedWith(path: string, change: string): void {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA wal_autocheckpoint = 0; ${change}`);
  for (const end of ["", "-wal"]) copyFileSync(path + end, `${path}${end}.crashed`);
  database.close();
  for (const end of ["", "-wal"]) renameSync(`${path}${end}.crashed`, path + end);
}

function recordsIn(path: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare("SELECT max(records) AS most FROM resource").get()?.["most"];
  } finally {
    database.close();
  }
}
