// Joins commander to our commands: each is a function of a session that says its exit code.
import type { Command } from "commander";
import type { ExitCode } from "./exit-code.ts";
import type { Session } from "./session.ts";

/** What a command does: its arguments, then its options, as commander read them. */
export type Work<Args extends readonly unknown[]> = (session: Session, ...args: Args) => Promise<ExitCode>;

/** Makes commander's action of a command's work. */
export type Act = <Args extends readonly unknown[]>(work: Work<Args>) => (...args: [...Args, Command]) => Promise<void>;

/** The examples below a command's help. */
export function examples(...lines: readonly (readonly [command: string, does: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  return ["\nExamples:", ...lines.map(([command, does]) => `  $ ${command.padEnd(width)}  # ${does}`)].join("\n");
}
