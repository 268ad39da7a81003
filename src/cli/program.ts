// The whole command line: its commands, global options, help and exit codes. One run is one call of `runCommandLine`.
import { Command, CommanderError } from "commander";
import { VaultError } from "../auth/vault-error.ts";
import { ControlError } from "../control.ts";
import { ProjectError } from "../engine.ts";
import { ListenError } from "../server/server.ts";
import { StoreError } from "../store/store.ts";
import type { Act } from "./act.ts";
import { addAlerts } from "./alerts.ts";
import { addBackup, addRestore } from "./backup.ts";
import { addBacktest } from "./backtest.ts";
import { addAudit } from "./audit.ts";
import { addCheck } from "./check.ts";
import { addConflicts } from "./conflicts.ts";
import { addConnect } from "./connect.ts";
import { addConnections } from "./connections.ts";
import { addDeletions } from "./deletions.ts";
import { addDisconnect } from "./disconnect.ts";
import { addDrift } from "./drift.ts";
import { CommandFault, EXIT, EXIT_MEANINGS, type ExitCode } from "./exit-code.ts";
import { addImport } from "./import.ts";
import { addInit } from "./init.ts";
import { addKeys } from "./keys.ts";
import { packageVersion } from "../package-version.ts";
import { addPage } from "./page.ts";
import { addParked } from "./parked.ts";
import { paintFor } from "./paint.ts";
import { addRecord } from "./record.ts";
import { addReplay } from "./replay.ts";
import { addRequests } from "./requests.ts";
import { Session, type GlobalOptions } from "./session.ts";
import type { Shell } from "./shell.ts";
import { addStart } from "./start.ts";
import { addStatus } from "./status.ts";
import { addSync } from "./sync.ts";
import { addWebhooks } from "./webhooks.ts";

const COMMANDS = [
  addInit,
  addCheck,
  addStart,
  addStatus,
  addPage,
  addAlerts,
  addConnections,
  addConnect,
  addDisconnect,
  addWebhooks,
  addDrift,
  addSync,
  addAudit,
  addBacktest,
  addParked,
  addConflicts,
  addDeletions,
  addRecord,
  addRequests,
  addReplay,
  addImport,
  addBackup,
  addRestore,
  addKeys,
] as const;

/** Runs one command; never rejects. */
export async function runCommandLine(args: readonly string[], shell: Shell): Promise<ExitCode> {
  const run = { exitCode: EXIT.ok as ExitCode };
  const program = programFor(shell, run);
  try {
    await program.parseAsync(args, { from: "user" });
    return run.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : tell(args, shell, EXIT.usage, error);
    return tell(args, shell, exitCodeOf(error), error);
  }
}

function programFor(shell: Shell, run: { exitCode: ExitCode }): Command {
  const act: Act =
    (work) =>
    async (...all) => {
      const command = all.at(-1) as Command;
      const session = new Session(shell, command.optsWithGlobals<GlobalOptions>());
      run.exitCode = await (work as (session: Session, ...all: readonly unknown[]) => Promise<ExitCode>)(
        session,
        ...all,
      );
    };
  const program: Command = new Command("bowline");
  program
    .description("Integrations that hold: keeps business systems in agreement.")
    .version(packageVersion(), "-V, --version")
    .option("--config <path>", "the project's configuration (default: ./bowline.config.ts, then .js, then .mjs)")
    .option("--json", "answer with one JSON document on standard output; everything else goes to standard error")
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({
      showGlobalOptions: true,
      // Those of the program alone: what stands on `parked` itself is no option of `parked retry`.
      visibleGlobalOptions: (command) => (command.parent === null ? [] : program.options.slice(1)),
    })
    .configureOutput({
      writeOut: (text) => shell.out.write(text),
      writeErr: (text) => shell.err.write(text),
      getOutHelpWidth: () => shell.out.columns ?? 100,
      getErrHelpWidth: () => shell.err.columns ?? 100,
      getOutHasColors: () => shell.out.isTTY,
      getErrHasColors: () => shell.err.isTTY,
      // Told by `tell`, in the same form as every other fault.
      outputError: () => {},
    })
    .addHelpText("after", exitCodesText());
  for (const add of COMMANDS) add(program, act);
  return program;
}

function exitCodesText(): string {
  const lines = EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`);
  return ["\nExit codes:", ...lines, "\nMore of each command: bowline COMMAND --help"].join("\n");
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandFault) return error.exitCode;
  if (error instanceof ProjectError) return EXIT.project;
  if (error instanceof StoreError || error instanceof VaultError || error instanceof ListenError) return EXIT.reach;
  if (error instanceof ControlError) return error.code === "not-now" ? EXIT.reach : EXIT.usage;
  return EXIT.bug;
}

/** Tells what went wrong: to people on standard error, and to programs as a document on standard output too. */
function tell(args: readonly string[], shell: Shell, exitCode: ExitCode, error: unknown): ExitCode {
  const message = messageOf(args, error, exitCode, shell);
  const paint = paintFor(shell.err, shell.environment);
  if (message !== "") shell.err.write(`${paint("red", "bowline")}: ${message}\n`);
  if (args.includes("--json")) shell.out.write(`${JSON.stringify({ error: { exitCode, message } }, undefined, 2)}\n`);
  return exitCode;
}

function messageOf(args: readonly string[], error: unknown, exitCode: ExitCode, { environment }: Shell): string {
  if (!(error instanceof Error)) return String(error);
  // A command without its subcommand has already shown its help.
  if (error instanceof CommanderError && error.code === "commander.help") return "";
  if (error instanceof CommanderError) return `${error.message.replace(/^error: /, "")}\nSee "${helpFor(args)}".`;
  if (exitCode !== EXIT.bug) return error.message;
  const stack = environment["BOWLINE_DEBUG"] === undefined ? "; BOWLINE_DEBUG=1 shows where" : `\n${error.stack ?? ""}`;
  return `this is a fault of Bowline itself: ${error.message}${stack}`;
}

/** The help of the command that was meant, as far as it was named: what comes after a command may be a word of another. */
function helpFor(args: readonly string[]): string {
  let command = new Command("bowline");
  for (const add of COMMANDS) add(command, () => async () => {});
  const named = [command.name()];
  for (const arg of args) {
    const meant = command.commands.find((one) => one.name() === arg);
    if (meant === undefined) continue;
    command = meant;
    named.push(arg);
  }
  return `${named.join(" ")} --help`;
}
