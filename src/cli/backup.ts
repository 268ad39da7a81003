// `bowline backup FILE` and `bowline restore FILE`: a copy of the file of state, taken while Bowline runs, and put in its place again.
import { statSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import type { Command } from "commander";
import { backUpState, restoreState, stateWasRestored, type CopyProgress, type RestoredFile } from "../store/backup.ts";
import { examples, type Act } from "./act.ts";
import { CommandFault, EXIT } from "./exit-code.ts";
import { Progress } from "./progress.ts";
import type { Session } from "./session.ts";
import { timeText } from "./times.ts";

interface RestoreFlags {
  readonly inPlace?: boolean;
}

const MIB = 1_048_576;
const PERCENT = 100;

export function addBackup(program: Command, act: Act): void {
  program
    .command("backup")
    .argument("<file>", "where the copy goes; in a folder it is named after the time")
    .summary("copy the file of state, while Bowline runs")
    .description(
      "Copies the file of state as it is at one moment, beside a running Bowline or without one, and reads the copy through before it gets its name. The key of secrets at rest is not in it (BOWLINE_KEY, or the key file beside the file of state): keep that elsewhere.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline backup backups/", "each night"],
        ["bowline backup before-upgrade.db", "before a newer Bowline starts on it"],
      ),
    )
    .action(
      act(async (session: Session, file: string) => {
        const { dataPath } = await session.project();
        const at = session.shell.now();
        const taken = await withProgress(session, "backup", (progress) =>
          backUpState(dataPath, targetOf(session, file, at), at, progress),
        );
        session.answer(
          { ...taken, at },
          () => `${taken.path}: ${(taken.bytes / MIB).toFixed(1)} MiB, as of ${timeText(at)}\n`,
        );
        return EXIT.ok;
      }),
    );
}

export function addRestore(program: Command, act: Act): void {
  program
    .command("restore")
    .argument("[file]", "a copy that `bowline backup` made")
    .option("--in-place", "the file of state itself was brought back, as by a snapshot of the machine")
    .summary("bring the file of state back from a backup")
    .description(
      "Puts a copy in the place of the file of state; what was there stays beside it. Stop Bowline first. What was written since the backup is not in it: after the next start, whatever is new to it is looked up before it is created, and parked where it cannot be looked up.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline restore backups/state-2026-08-20T02-00-00-000Z.db", "after the disk was lost"],
        ["bowline restore --in-place", "after a snapshot was brought back, before Bowline starts"],
      ),
    )
    .action(
      act(async (session: Session, file: string | undefined, { inPlace = false }: RestoreFlags) => {
        if ((file === undefined) !== inPlace) {
          throw session.usage(
            "could not restore: expected either a file or --in-place, such as bowline restore backup.db",
          );
        }
        const { dataPath } = await session.project();
        const { pid } = process;
        const restored =
          file === undefined
            ? await stateWasRestored(dataPath, pid)
            : await withProgress(session, "restore", (progress) =>
                restoreState(resolve(session.shell.folder, file), dataPath, {
                  processId: pid,
                  at: session.shell.now(),
                  progress,
                }),
              );
        session.answer(restored, () => restoredText(restored));
        return EXIT.ok;
      }),
    );
}

async function withProgress<Result>(
  session: Session,
  what: string,
  work: (progress: CopyProgress) => Promise<Result>,
): Promise<Result> {
  const progress = new Progress(session.shell, what);
  try {
    return await work((done, of) => {
      progress.step({ done, of, text: `${Math.floor((done / Math.max(1, of)) * PERCENT)} % copied` });
    });
  } finally {
    progress.end();
  }
}

function targetOf(session: Session, file: string, at: number): string {
  const path = resolve(session.shell.folder, file);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder) return join(path, `state-${new Date(at).toISOString().replaceAll(/[:.]/g, "-")}.db`);
  if (!file.endsWith("/") && !file.endsWith(sep)) return path;
  // Not made here: where the disk for backups is not mounted, they would go to this one.
  throw new CommandFault(EXIT.reach, `could not write to ${path}${sep}: expected a folder, got none; make it first.`);
}

function restoredText({ path, madeAt, before }: RestoredFile): string {
  return [
    madeAt === undefined ? `${path} is restored` : `${path} is as it was at ${timeText(madeAt)}`,
    ...(before === undefined ? [] : [`What was there is ${before}`]),
    "Start Bowline: it asks for what changed since, and looks up what is new to it before it creates it.",
    "Then see bowline status and bowline parked, and run bowline audit of each sync.",
    "",
  ].join("\n");
}
