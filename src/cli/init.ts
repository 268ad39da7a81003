// `bowline init NAME`: writes a small project that runs offline, against simulators of both systems.
import { cp, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { examples, type Act } from "./act.ts";
import { CommandFault, EXIT } from "./exit-code.ts";
import { packageOrigin } from "./package-origin.ts";
import { packageFolder, packageVersion } from "../package-version.ts";
import type { Session } from "./session.ts";

/** Real files, type-checked with the rest; the build puts them beside the compiled command. */
const TEMPLATE = fileURLToPath(new URL("./template", import.meta.url));

/** Names that npm or the compiler would not leave alone, and what they become. */
const RENAMED: readonly (readonly [from: string, to: string])[] = [
  ["gitignore", ".gitignore"],
  ["env", ".env"],
  ["package.template.json", "package.json"],
  // Under its own name the repository would run it as one of its own tests.
  ["project-test.ts", "orders-to-invoices.test.ts"],
];

export function addInit(program: Command, act: Act): void {
  program
    .command("init")
    .argument("[name]", "the folder to write, and the project's name", "demo")
    .option(
      "--from <package>",
      "where npm gets Bowline from: a folder or a .tgz file (default: where this one came from)",
    )
    .summary("write a small project that runs offline")
    .description("Writes a project with two syncs between two simulated systems, their test and a README.")
    .addHelpText(
      "after",
      examples(
        ["bowline init demo", "then: cd demo && npm install && npm start"],
        ["bowline init demo --from ./bowline-0.1.0.tgz", "with a Bowline that npm pack made"],
      ),
    )
    .action(
      act(async (session: Session, name: string, { from }: { readonly from?: string }) => {
        const folder = resolve(session.shell.folder, name);
        const version = from === undefined ? ownOrigin() : packageFrom(session, from);
        await refuseWhenFull(folder);
        await cp(TEMPLATE, folder, { recursive: true });
        for (const [written, wanted] of RENAMED) await rename(join(folder, written), join(folder, wanted));
        await fill(folder, { NAME: nameOf(folder), BOWLINE_VERSION: version });
        const files = (await readdir(folder, { recursive: true })).toSorted();
        session.answer({ folder, files, bowline: version }, () => {
          const steps = [/\s/.test(name) ? `cd "${name}"` : `cd ${name}`, "npm install", "npm start"].map(
            (step) => `  ${session.paint("bold", step)}`,
          );
          return [`A project is in ${folder}. Next:`, ...steps, ""].join("\n");
        });
        return EXIT.ok;
      }),
    );
}

async function refuseWhenFull(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: Error) => {
    throw new CommandFault(EXIT.usage, `could not make ${folder}: ${error.message}`);
  });
  const found = await readdir(folder);
  if (found.length === 0) return;
  throw new CommandFault(
    EXIT.usage,
    `could not write a project into ${folder}: expected an empty folder and found ${found.length} files; give another name`,
  );
}

/** A name that npm takes for a package. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "integration" : name;
}

function ownOrigin(): string {
  const version = packageVersion();
  const origin = packageOrigin(packageFolder(), version);
  if (origin !== undefined) return origin;
  throw new CommandFault(
    EXIT.usage,
    `could not say where npm gets Bowline from: expected --from, since this one runs from its repository; make a package there with "npm pack", then add --from bowline-${version}.tgz`,
  );
}

function packageFrom({ shell, usage }: Session, from: string): string {
  const path = resolve(shell.folder, from);
  if (existsSync(path)) return `file:${path}`;
  throw usage(`could not find --from ${from}: expected a folder or a .tgz file at ${path}`);
}

/** Puts the values where the template's files say `{{NAME}}`. */
async function fill(folder: string, values: Readonly<Record<string, string>>): Promise<void> {
  for (const file of ["package.json", "README.md"]) {
    const text = await readFile(join(folder, file), "utf8");
    const filled = text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
    await writeFile(join(folder, file), filled);
  }
  const config = join(folder, "bowline.config.ts");
  await writeFile(config, (await readFile(config, "utf8")).replace('name: "demo"', `name: "${values["NAME"]}"`));
}
