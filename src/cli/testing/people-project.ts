// A folder with a two-way project, and both of its systems served over real HTTP.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { machine, serve } from "../../rehearse/simulators.ts";
import { smallPeople, type SmallPeople } from "../../testing/small-people.ts";
import { runIn, type Ran } from "./simulated-project.ts";
import { testShell } from "./test-shell.ts";

export interface PeopleProject {
  readonly folder: string;
  readonly crm: SmallPeople;
  readonly marketing: SmallPeople;
  readonly environment: Readonly<Record<string, string>>;
  /** Runs the command line in this process. */
  run(...args: readonly string[]): Promise<Ran>;
  /** Lets both systems be read and brought into agreement. */
  sync(): Promise<Ran>;
}

export async function peopleProject(t: TestContext): Promise<PeopleProject> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-people-"));
  await mkdir(join(folder, "state"));
  const config = new URL("./people.config.ts", import.meta.url).href;
  await writeFile(join(folder, "bowline.config.ts"), `export { default } from ${JSON.stringify(config)};\n`);
  const crm = smallPeople("crm", machine.clock);
  const marketing = smallPeople("marketing", machine.clock);
  const [crmServed, marketingServed] = [await serve(crm.fetch), await serve(marketing.fetch)];
  t.after(async () => {
    await Promise.all([crmServed.close(), marketingServed.close()]);
    await rm(folder, { recursive: true, force: true });
  });
  const environment = { CRM_URL: crmServed.url, MARKETING_URL: marketingServed.url };
  const run = (...args: readonly string[]): Promise<Ran> => runIn(testShell({ folder, environment }), args);
  const sync = async (): Promise<Ran> => {
    const ran = await run("sync", "people");
    assert.ok(ran.exitCode === 0 || ran.exitCode === 1, ran.err);
    return ran;
  };
  return { folder, crm, marketing, environment, run, sync };
}
