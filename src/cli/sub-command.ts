// A command that lists when it is called alone, and has commands of its own: a mistyped one is told what was meant.
import type { Command } from "commander";
import { named } from "./named.ts";

/** Of a command that allows excess arguments: the first of them is no command of it. */
export function refuseStranger(command: Command): void {
  const [stranger] = command.args;
  if (stranger === undefined) return;
  const names = command.commands.map((one) => one.name());
  named(`command of ${command.name()}`, stranger, names);
}
