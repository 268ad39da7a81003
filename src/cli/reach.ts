// How a command reaches the state. A running `bowline start` owns the file of state and says beside it how it is reached;
// otherwise the command opens the file itself.
import { readFile } from "node:fs/promises";
import type { Control } from "../control.ts";
import { controlPath, openEngine, ProjectError, type Engine } from "../engine.ts";
import { remoteControl } from "../server/remote-control.ts";
import { StoreError } from "../store/store.ts";
import { httpNetwork } from "../world/http-network.ts";
import { realWorld } from "../world/real.ts";
import { CommandFault, EXIT } from "./exit-code.ts";
import type { LoadedProject } from "./load-project.ts";
import { logTo } from "./log.ts";
import type { Shell } from "./shell.ts";

export type Reached = {
  readonly control: Control;
  [Symbol.asyncDispose](): Promise<void>;
} & (
  | { readonly how: "remote"; readonly address: Address }
  /** Nothing runs until the engine is started. */
  | { readonly how: "here"; readonly engine: Engine }
);

/** Where a running Bowline is reached, and the token that it wants. */
export interface Address {
  readonly url: string;
  readonly token: string;
}

/** How long a running Bowline may take to say how it is before it is told that it hangs. */
const PROBE_MS = 10_000;

export async function reach(loaded: LoadedProject, shell: Shell): Promise<Reached> {
  const running = await reachRunning(loaded.dataPath);
  if (running !== undefined && !(running instanceof Error)) return running;
  try {
    return await openHere(loaded, shell);
  } catch (error) {
    throw whyNotOpened(error, running);
  }
}

/** Where the file is in use after all, why its owner did not answer says more than that. */
export function whyNotOpened(error: unknown, unanswered: CommandFault | undefined): unknown {
  const isInUse = error instanceof CommandFault && isStoreError(error.cause, "in-use");
  return isInUse && unanswered !== undefined ? unanswered : error;
}

/**
 * Asks who is written beside the file of state. Undefined: nobody is. An error: somebody is, who does not answer; a process
 * that was killed leaves its address behind, and only the file's lock tells whether it still runs.
 */
export async function reachRunning(dataPath: string): Promise<Reached | CommandFault | undefined> {
  const address = await addressBeside(dataPath);
  if (address === undefined) return undefined;
  const network = httpNetwork();
  const control = remoteControl({ ...address, network });
  try {
    await remoteControl({ ...address, network, answerMs: PROBE_MS }).status();
    return { how: "remote", address, control, [Symbol.asyncDispose]: () => network.close() };
  } catch (error) {
    await network.close();
    const reason = error instanceof Error ? error.message : String(error);
    return new CommandFault(
      EXIT.reach,
      `could not reach the running Bowline at ${address.url}: expected its status and got: ${reason}; see whether it hangs`,
      { cause: error },
    );
  }
}

/** Opens the file of state in this process. */
export async function openHere(
  { project, dataPath }: LoadedProject,
  shell: Shell,
  options: { readonly listen?: boolean; readonly port?: number } = {},
): Promise<Reached & { readonly how: "here" }> {
  const world = realWorld();
  try {
    const engine = await openEngine({
      project,
      dataPath,
      world,
      environment: shell.environment,
      log: logTo(shell),
      listen: false,
      ...options,
    });
    const close = async (): Promise<void> => {
      await engine.stop();
      await world.close();
    };
    return { how: "here", engine, control: engine.control, [Symbol.asyncDispose]: close };
  } catch (error) {
    await world.close();
    throw reachFault(error);
  }
}

/** What is written beside the file of state; undefined: nothing, so nobody runs. */
async function addressBeside(dataPath: string): Promise<Address | undefined> {
  const path = controlPath(dataPath);
  try {
    const address: unknown = JSON.parse(await readFile(path, "utf8"));
    if (isAddress(address)) return address;
    throw new Error("expected an url and a token");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    const advice =
      code === "EACCES" ? "run this as the user that runs Bowline" : "stop Bowline, delete it, start again";
    throw new CommandFault(EXIT.reach, `could not read ${path}: ${reason}; ${advice}`, { cause: error });
  }
}

function isAddress(value: unknown): value is Address {
  if (typeof value !== "object" || value === null || !("url" in value) || !("token" in value)) return false;
  return typeof value.url === "string" && typeof value.token === "string";
}

function isStoreError(error: unknown, code: StoreError["code"]): boolean {
  return error instanceof StoreError && error.code === code;
}

function reachFault(error: unknown): unknown {
  if (error instanceof ProjectError) return new CommandFault(EXIT.project, error.message, { cause: error });
  if (!(error instanceof StoreError)) return error;
  const advice =
    error.code === "in-use" ? " It tells no address: wait until it has started or ended, then try again" : "";
  return new CommandFault(EXIT.reach, `${error.message}${advice}`, { cause: error });
}
