// Finds and loads the project's configuration: the default export of `bowline.config.ts`, or what `--config` names.
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Project } from "../define/config.ts";
import { CommandFault, EXIT } from "./exit-code.ts";

export interface LoadedProject {
  readonly project: Project;
  readonly configPath: string;
  /** The file of state; a relative path in the configuration begins at the configuration's folder. */
  readonly dataPath: string;
}

const NAMES = ["bowline.config.ts", "bowline.config.js", "bowline.config.mjs"];

export async function loadProject(folder: string, config: string | undefined): Promise<LoadedProject> {
  const configPath = findConfig(folder, config);
  loadSecrets(dirname(configPath));
  const loaded = await importConfig(configPath);
  const project = loaded["default"];
  if (!isProject(project)) {
    const found = project === undefined ? "no default export" : `a default export that is ${kindOf(project)}`;
    throw new CommandFault(
      EXIT.project,
      `could not use ${configPath}: expected "export default defineConfig({ … })" and found ${found}`,
    );
  }
  return { project, configPath, dataPath: resolve(dirname(configPath), project.data) };
}

function findConfig(folder: string, config: string | undefined): string {
  const candidates = (config === undefined ? NAMES : [config]).map((name) => resolve(folder, name));
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new CommandFault(
    EXIT.project,
    config === undefined
      ? `could not find a project in ${folder}: expected ${NAMES.join(" or ")}; go to the project's folder, name the file with --config, or begin one with "bowline init demo"`
      : `could not find the project: expected a file at ${candidates[0]}`,
  );
}

/** Reads `.env` beside the configuration; what the environment says already stays. */
function loadSecrets(folder: string): void {
  const path = resolve(folder, ".env");
  if (existsSync(path)) process.loadEnvFile(path);
}

async function importConfig(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new CommandFault(EXIT.project, `could not load ${path}: ${reasonOf(error)}${adviceFor(error)}`, {
      cause: error,
    });
  }
}

function isProject(value: unknown): value is Project {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "project";
}

function kindOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return typeof value;
  return "kind" in value ? `a ${String(value.kind)}` : "a plain object (it was not passed to defineConfig)";
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function adviceFor(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_MODULE_NOT_FOUND")
    return `\nIs everything installed ("npm install"), and do imports name the file's ending (".ts")?`;
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    return "\nNode runs TypeScript by taking the types out: enums, namespaces and parameter properties cannot be used.";
  }
  const lines = error instanceof Error ? (error.stack?.split("\n") ?? []) : [];
  // Of what cannot be read at all, the first line says where.
  const place = lines.find((line, index) => (index === 0 ? /^\S.*:\d+$/ : /^\s+at .*bowline\.config/).test(line));
  return place === undefined ? "" : `\n${place}`;
}
