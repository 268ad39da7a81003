// The generator and the two fakes: compiled on the spot where there is a C compiler, else the same protocol in Node. In C
// they cost next to nothing, which matters on a small machine: what they use is missing to what is measured.
import { spawn } from "node:child_process";
import { join } from "node:path";

const PROGRAMS = ["load", "target", "source"] as const;
export type ProgramName = (typeof PROGRAMS)[number];

export interface Programs {
  readonly writtenIn: "C" | "Node";
  /** The program and its first words. */
  command(name: ProgramName): readonly [string, ...string[]];
}

export async function makePrograms(folder: string, withoutC: boolean): Promise<Programs> {
  const compiled = !withoutC && (await Promise.all(PROGRAMS.map((name) => compile(folder, name)))).every(Boolean);
  if (compiled) return { writtenIn: "C", command: (name) => [join(folder, name)] };
  return {
    writtenIn: "Node",
    command: (name) => [process.execPath, join(import.meta.dirname, "fallback", `${name}.ts`)],
  };
}

/** False when there is no compiler, or it cannot compile this here. */
function compile(folder: string, name: ProgramName): Promise<boolean> {
  const source = join(import.meta.dirname, "native", `${name}.c`);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const compiler = spawn("cc", ["-O2", "-w", "-o", join(folder, name), source], { stdio: "ignore" });
  compiler.on("error", () => resolve(false));
  compiler.on("exit", (code) => resolve(code === 0));
  return promise;
}
