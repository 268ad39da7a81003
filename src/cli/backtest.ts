// `bowline backtest NAME`: what the mapping as it is now in the project would write differently, before it is deployed.
import type { Command } from "commander";
import { backtest } from "../backtest/backtest.ts";
import type { Backtest, BacktestReport, DifferenceGroup } from "../backtest/backtest-report.ts";
import { syncDigest } from "../backtest/sync-digest.ts";
import type { Control } from "../control.ts";
import { allSyncs, type Project } from "../define/config.ts";
import { counted } from "../define/counted.ts";
import type { Sync } from "../define/sync.ts";
import type { TwoWaySync } from "../define/two-way.ts";
import { openReader } from "../store/reader.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import type { LoadedProject } from "./load-project.ts";
import { syncNamed } from "./named.ts";
import type { Session } from "./session.ts";
import { oneLine } from "./table.ts";
import { sinceOf, timeText } from "./times.ts";

/** Keys that travel in one call. */
const KEYS_AT_ONCE = 5_000;

interface Options {
  readonly since?: string;
  readonly apply?: boolean;
}

export function addBacktest(program: Command, act: Act): void {
  program
    .command("backtest")
    .argument("<name>", "the sync's name")
    .option("--since <when>", 'only records that changed since: "7d", "12h", or a date (default: all)')
    .option("--apply", "then reconcile the records that differ, by the sync as it is now")
    .summary("what the mapping as it is now would write differently")
    .description(
      "Runs the sync as it is in the project over its records as they were last seen, and shows which writes would differ from what was agreed, field by field. Calls nobody and changes nothing, beside a running Bowline or without one.\nEnds with 1 when anything differs.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline backtest orders-to-invoices --since 7d", "before a changed mapping is deployed"],
        ["bowline backtest orders-to-invoices --json | jq .groups", "for programs"],
        ["bowline backtest orders-to-invoices --apply", "write what differs, after Bowline was restarted"],
      ),
    )
    .action(
      act(async (session: Session, name: string, options: Options) => {
        const loaded = await session.project();
        const since = sinceOption(session, options.since);
        const found = runBacktest(loaded, name, since);
        const { report } = found;
        const noted = options.apply === true && report.different > 0 ? await apply(session, loaded, found) : undefined;
        session.answer({ ...report, ...(noted === undefined ? {} : { noted }) }, () =>
          reportText(session, report, noted),
        );
        return report.different === 0 ? EXIT.ok : EXIT.attention;
      }),
    );
}

function sinceOption(session: Session, written: string | undefined): number {
  if (written === undefined) return 0;
  const since = sinceOf(written, session.shell.now());
  if (since !== undefined) return since;
  throw session.usage(
    `could not read --since "${written}": expected how long ago, such as 7d or 12h, or a date such as 2026-08-20`,
  );
}

export function runBacktest({ project, dataPath }: LoadedProject, name: string, since: number) {
  const sync = anySync(project, syncNamed(project, name));
  const reader = openReader(dataPath);
  try {
    return backtest(reader, sync, since);
  } finally {
    reader.close();
  }
}

export function anySync(project: Project, name: string): Sync | TwoWaySync {
  const found = allSyncs(project).find((sync) => sync.name === name);
  if (found === undefined) throw new Error(`could not find the sync ${name}: expected one of the project's`);
  return found;
}

async function apply(session: Session, { project }: LoadedProject, found: Backtest): Promise<number> {
  const sync = anySync(project, found.report.sync);
  return await session.withState(({ control }) => noteAll(control, sync, found));
}

/** Both sides of a two-way sync. */
export async function noteAll(
  control: Control,
  sync: Sync | TwoWaySync,
  { keys, secondKeys }: Backtest,
): Promise<number> {
  const digest = syncDigest(sync);
  const ofSide = async (all: readonly string[], side?: 1): Promise<number> => {
    let noted = 0;
    for (let first = 0; first < all.length; first += KEYS_AT_ONCE) {
      noted += await control.noteAgain(sync.name, all.slice(first, first + KEYS_AT_ONCE), digest, side);
    }
    return noted;
  };
  return (await ofSide(keys)) + (await ofSide(secondKeys, 1));
}

const KINDS: Readonly<Record<DifferenceGroup["kind"], string>> = {
  changes: "changes",
  fills: "fills",
  empties: "empties",
  creates: "creates a counterpart",
  removes: "takes the counterpart out of use",
  leaves: "no longer follows",
  parks: "newly parks",
  unparks: "no longer parks",
  waits: "waits for another record",
  links: "links",
};

function reportText({ paint }: Session, report: BacktestReport, noted: number | undefined): string {
  const { records, same, different, inFlight, notKept, groups, since, sync } = report;
  const when = since === 0 ? "" : ` that changed since ${timeText(since)}`;
  const skipped = [
    inFlight === 0 ? "" : `, ${inFlight} not judged (in flight)`,
    notKept === 0 ? "" : `, ${notKept} not judged (no body is kept)`,
  ].join("");
  const verdict =
    different === 0 ? paint("green", "nothing differs") : paint("yellow", counted(different, "differs", "differ"));
  const lines = [
    `${paint("bold", sync)}: ${verdict} of ${counted(records, "record")}${when}; ${same} the same${skipped}`,
  ];
  for (const { kind, side, field, records: count, examples: some } of groups) {
    const what = [KINDS[kind], side, field].filter((word) => word !== undefined).join(" ");
    lines.push("", `${paint("bold", what)}: ${counted(count, "record")}`);
    for (const { key, title, before, after, reason } of some) {
      const change = before === undefined ? (reason ?? "") : `${before || "nothing"} → ${after || "nothing"}`;
      lines.push(`  ${title ?? key}  ${oneLine(change)}`);
    }
  }
  if (noted !== undefined)
    lines.push("", `${counted(noted, "record is", "records are")} reconciled again by the sync as it is now.`);
  else if (different > 0)
    lines.push("", `To write this: deploy it, restart Bowline, then bowline backtest ${sync} --apply`);
  return `${lines.join("\n")}\n`;
}
