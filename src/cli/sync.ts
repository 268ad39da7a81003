// `bowline sync NAME`: reads the source now and stays until the two systems agree.
import type { Command } from "commander";
import type { Control, SyncProgress } from "../control.ts";
import { examples, type Act } from "./act.ts";
import { anySync, noteAll, runBacktest } from "./backtest.ts";
import { EXIT } from "./exit-code.ts";
import type { LoadedProject } from "./load-project.ts";
import { Progress } from "./progress.ts";
import type { Session } from "./session.ts";

const LOOK_EVERY_MS = 200;

export function addSync(program: Command, act: Act): void {
  program
    .command("sync")
    .argument("<name>", "the sync's name")
    .option("--full", "read everything and reconcile every record, changed or not")
    .option("--changed-mapping", "reconcile the records that the mapping as it is now would write differently")
    .summary("read the source now and stay until the systems agree")
    .description(
      "Asks the sync's source what changed and reconciles it. A running Bowline does the work; if none runs, this command does, and stays until nothing is due.\nEnds with 1 when records are parked, or when the work is held until a person acts.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline sync orders-to-invoices", "what changed since the last time"],
        ["bowline sync orders-to-invoices --full", "every record, changed or not"],
        ["bowline sync orders-to-invoices --changed-mapping", "what a mended mapping would write differently"],
      ),
    )
    .action(
      act(async (session: Session, name: string, { full = false, changedMapping = false }: Options) => {
        const end = await session.withState(async (reached, loaded) => {
          const { control } = reached;
          // Asked first of all, so that a wrong name is told before anything starts.
          await control.progress(name);
          if (changedMapping) await noteChanged(session, loaded, name, control);
          if (reached.how === "here") await reached.engine.start();
          await control.sync(name, { full });
          const quiet = reached.how === "here" ? reached.engine.quiet({ besidesHeld: true }) : undefined;
          return await follow(session, name, control, quiet);
        });
        session.answer({ sync: name, ...end }, () => endText(session, name, end));
        return end.done && end.parked === 0 ? EXIT.ok : EXIT.attention;
      }),
    );
}

interface Options {
  readonly full?: boolean;
  readonly changedMapping?: boolean;
}

/** Says how many records would be written differently before any is. */
async function noteChanged(session: Session, loaded: LoadedProject, name: string, control: Control): Promise<void> {
  const found = runBacktest(loaded, name, 0);
  const { report } = found;
  session.note(
    `${report.different} of ${report.records} records of ${name} are written differently by the mapping now`,
  );
  if (report.different > 0) await noteAll(control, anySync(loaded.project, name), found);
}

/** Shows how far it is until it is done: when the engine here is quiet, or the running one says so. */
async function follow(
  { shell }: Session,
  name: string,
  control: Control,
  quiet: Promise<void> | undefined,
): Promise<SyncProgress> {
  const progress = new Progress(shell, name);
  let isQuiet = false;
  let isStopped = false;
  const ended = quiet?.then(() => (isQuiet = true));
  const stopped = shell.stopAsked().then(() => (isStopped = true));
  try {
    for (;;) {
      const now = await control.progress(name);
      if (isStopped || now.held !== undefined || (quiet === undefined ? now.done : isQuiet)) return now;
      progress.step({
        done: now.read - now.pending,
        ...(now.read > 0 ? { of: now.read } : {}),
        text: `${now.read} read, ${now.pending} pending, ${now.cleared} agree, ${now.parked} parked`,
      });
      await Promise.race([...(ended === undefined ? [] : [ended]), stopped, shell.pause(LOOK_EVERY_MS)]);
    }
  } finally {
    progress.end();
  }
}

function endText({ paint }: Session, name: string, progress: SyncProgress): string {
  const { read, pending, cleared, parked, done, held } = progress;
  const early = held === undefined ? "stopped early, the rest is kept" : `held, the rest is kept: ${held}`;
  const verdict = done ? paint("green", "done") : paint("yellow", early);
  const waiting = pending === 0 ? "" : `, ${pending} pending`;
  const help = parked === 0 ? "" : `\nSee why with: bowline parked --sync ${name}`;
  return `${paint("bold", name)}: ${verdict}; ${read} read, ${cleared} agree${waiting}, ${parked} parked${help}\n`;
}
