// `bowline deletions`: what is held because too many records were deleted at once, and a person's word on it.
import type { Command } from "commander";
import { counted } from "../define/counted.ts";
import type { LinkNeed } from "../store/store.ts";
import { examples, type Act } from "./act.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { syncNamed } from "./named.ts";
import type { Session } from "./session.ts";
import { refuseStranger } from "./sub-command.ts";

const HELD = { cause: "deletions" } as const;
const ROWS_MAX = 10_000;

export function addDeletions(program: Command, act: Act): void {
  const deletions = program
    .command("deletions")
    .summary("deletions that are held for a person: list, allow, refuse")
    .description(
      "Tells of which syncs more records were deleted at once than are believed without a person.\nEnds with 1 when any are held.",
    )
    // So that a mistyped command is told what was meant.
    .allowExcessArguments()
    .addHelpText(
      "after",
      examples(
        ["bowline deletions", "how many are held, of which sync"],
        ["bowline deletions allow contacts", "they were meant: go on"],
        ["bowline deletions refuse contacts", "keep the counterparts in the other system"],
      ),
    )
    .action(act(list));
  addAllow(deletions, act);
  addRefuse(deletions, act);
}

async function list(session: Session, _options: unknown, command: Command): Promise<ExitCode> {
  refuseStranger(command);
  const rows = await session.withState(({ control }) => control.parked({ ...HELD, limit: ROWS_MAX }));
  const counts = new Map<string, number>();
  for (const { sync } of rows) counts.set(sync, (counts.get(sync) ?? 0) + 1);
  const held = [...counts].map(([sync, count]) => ({ sync, count }));
  session.answer({ held }, () =>
    held.length === 0
      ? "No deletion is held.\n"
      : session.table(
          [{ title: "SYNC" }, { title: "HELD", align: "right" }],
          held.map(({ sync, count }) => [sync, { text: String(count), style: "yellow" }]),
        ),
  );
  return held.length === 0 ? EXIT.ok : EXIT.attention;
}

function addAllow(deletions: Command, act: Act): void {
  deletions
    .command("allow")
    .argument("<sync>")
    .summary("they were meant: go on with the deletions of a sync")
    .description("Goes on with all deletions of the sync that are held.\nEnds with 1 when none is.")
    .addHelpText("after", examples(["bowline deletions allow contacts", "after a clean-up in the other system"]))
    .action(
      act(async (session: Session, sync: string) => {
        const { rows, running } = await session.withState(async ({ control, how }, { project }) => ({
          rows: await control.retryParked({ ...HELD, sync: syncNamed(project, sync) }),
          running: how === "remote",
        }));
        return answer(session, rows, "allowed", ["goes on", "go on"], running ? "" : " when Bowline runs next");
      }),
    );
}

function addRefuse(deletions: Command, act: Act): void {
  deletions
    .command("refuse")
    .argument("<sync>")
    .summary("keep the counterparts of what was deleted")
    .description(
      "Keeps the counterparts of all held deletions of the sync: they are on their own from now on.\nEnds with 1 when none is held.",
    )
    .addHelpText("after", examples(["bowline deletions refuse contacts", "after records were deleted by mistake"]))
    .action(
      act(async (session: Session, sync: string) => {
        const rows = await session.withState(({ control }, { project }) =>
          control.refuseDeletions(syncNamed(project, sync)),
        );
        return answer(session, rows, "refused", ["is", "are"], " not carried out");
      }),
    );
}

type Verb = readonly [ofOne: string, ofMany: string];

function answer(
  session: Session,
  rows: readonly LinkNeed[],
  done: string,
  [ofOne, ofMany]: Verb,
  how: string,
): ExitCode {
  session.answer({ [done]: rows }, () =>
    rows.length === 0
      ? "No deletion of it is held.\n"
      : `${counted(rows.length, `deletion ${ofOne}`, `deletions ${ofMany}`)}${how}\n`,
  );
  return rows.length === 0 ? EXIT.attention : EXIT.ok;
}
