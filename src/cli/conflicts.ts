// `bowline conflicts`: the values that lost when both systems were edited, and the way to put one back.
import { type Command, InvalidArgumentError } from "commander";
import { fieldText, isOpen, takenText } from "../conflict-text.ts";
import type { Project } from "../define/config.ts";
import type { ConflictRow } from "../store/two-way.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import { syncNamed } from "./named.ts";
import { countOf } from "./option-values.ts";
import type { Session } from "./session.ts";
import { refuseStranger } from "./sub-command.ts";
import { oneLine } from "./table.ts";
import { agoText, timeText } from "./times.ts";

interface ListOptions {
  readonly sync?: string;
  readonly key?: string;
  readonly open?: true;
  readonly limit: number;
}

export function addConflicts(program: Command, act: Act): void {
  const conflicts = program
    .command("conflicts")
    .summary("values that lost in two-way syncs: list, show, put back")
    .description(
      "Lists the values that lost because both systems were edited, and those that wait for a person.\nEnds with 1 when any waits.",
    )
    .option("--sync <name>", "only of this sync")
    .option("--key <key>", "only of the record with this key, in either system")
    .option("--open", "only those that wait for a person")
    .option("--limit <count>", "how many at most", countOf, 50)
    // So that a mistyped command is told what was meant.
    .allowExcessArguments()
    .addHelpText(
      "after",
      examples(
        ["bowline conflicts", "the newest first"],
        ["bowline conflicts --open", "what waits for a person"],
        ["bowline conflicts show 17", "one of them, whole"],
        ["bowline conflicts put-back 17", "the value that lost is written again"],
        ["bowline conflicts put-back 17 --side crm", "this side's value"],
      ),
    )
    .action(act(list));
  addShow(conflicts, act);
  addPutBack(conflicts, act);
}

async function list(session: Session, { sync, key, open, limit }: ListOptions, conflicts: Command) {
  refuseStranger(conflicts);
  // One more than is shown, so that we know whether there are more.
  const { found, project } = await session.withState(async ({ control }, { project }) => ({
    project,
    found: await control.conflicts({
      limit: limit + 1,
      ...(sync === undefined ? {} : { sync: syncNamed(project, sync) }),
      ...(key === undefined ? {} : { key }),
      ...(open === undefined ? {} : { open }),
    }),
  }));
  const rows = found.slice(0, limit);
  const hasMore = found.length > limit;
  session.answer({ conflicts: rows, more: hasMore }, () =>
    rows.length === 0 ? noneText(sync, key, open) : listText(session, project, rows, hasMore),
  );
  return rows.some(isOpen) ? EXIT.attention : EXIT.ok;
}

function noneText(sync: string | undefined, key: string | undefined, open: true | undefined): string {
  const of = `${sync === undefined ? "" : ` of ${sync}`}${key === undefined ? "" : ` in record ${key}`}`;
  return open === undefined ? `No value${of} lost.\n` : `No value${of} waits for a person.\n`;
}

function listText(session: Session, project: Project, rows: readonly ConflictRow[], hasMore: boolean): string {
  const now = session.shell.now();
  const listed = session.table(
    [
      { title: "ID", align: "right" },
      { title: "SYNC" },
      { title: "KEY" },
      { title: "FIELD" },
      { title: "WHEN" },
      { title: "VALUES", flexible: true },
      { title: "TAKEN" },
    ],
    rows.map((row) => [
      String(row.id),
      row.sync,
      row.key,
      fieldText(row),
      agoText(row.at, now),
      valuesText(project, row).join(", "),
      { text: takenText(row, sideNames(project, row)), style: isOpen(row) ? "yellow" : "reset" },
    ]),
  );
  const more = hasMore ? `There are more than these ${rows.length}; --limit shows them.\n` : "";
  return `${listed}${more}\nTo write one again: bowline conflicts put-back ID\n`;
}

function sideNames(project: Project, { sync }: ConflictRow): readonly [string, string] {
  const sides = project.twoWaySyncs.find(({ name }) => name === sync)?.sides;
  return sides === undefined ? ["first side", "second side"] : [sides[0].name, sides[1].name];
}

function valuesText(project: Project, row: ConflictRow): readonly string[] {
  const names = sideNames(project, row);
  return row.values.map((value, side) => `${names[side]} ${value ?? "(empty)"}`);
}

/** What each rule of a field means; others are told in words already. */
const RULES: Readonly<Record<string, string>> = {
  side: "this side wins",
  "unless-empty": "this side wins unless it is empty",
  newest: "the later edit wins",
  greatest: "the greatest wins",
  least: "the least wins",
  union: "both lists together, less what one side took out",
  park: "a person decides",
};

function addShow(conflicts: Command, act: Act): void {
  conflicts
    .command("show")
    .argument("<id>", "as the list shows it", numberOf)
    .summary("one conflict: both values, what was agreed on before, and the rule")
    .description("Shows both values, what both sides agreed on before, and by which rule one was taken.")
    .addHelpText("after", examples(["bowline conflicts show 17", "what was written over"]))
    .action(
      act(async (session: Session, id: number) => {
        const { row, project } = await session.withState(async ({ control }, { project }) => ({
          project,
          row: (await control.conflicts({ id, limit: 1 }))[0],
        }));
        if (row === undefined) throw session.usage(`there is no conflict ${id}: see them with "bowline conflicts"`);
        session.answer(row, () => rowText(session, project, row));
        return isOpen(row) ? EXIT.attention : EXIT.ok;
      }),
    );
}

function rowText({ paint }: Session, project: Project, row: ConflictRow): string {
  const names = sideNames(project, row);
  const lines: readonly (readonly [string, string])[] = [
    ["sync", row.sync],
    [
      "record",
      `${row.key}${row.otherKey === undefined ? "" : ` ↔ ${row.otherKey}`}${row.title === undefined ? "" : `, ${row.title}`}`,
    ],
    ["field", fieldText(row)],
    ...row.values.map((value, side) => [names[side] ?? "", value ?? "(empty)"] as const),
    ...(row.base ?? []).map((value, side) => [`${names[side]} before`, value ?? "(empty)"] as const),
    ["rule", RULES[row.rule] ?? row.rule],
    ["taken", takenText(row, sideNames(project, row))],
    ["at", timeText(row.at)],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return `${lines.map(([name, text]) => `${paint("bold", name.padEnd(width))}  ${oneLine(text)}`).join("\n")}\n`;
}

function addPutBack(conflicts: Command, act: Act): void {
  conflicts
    .command("put-back")
    .argument("<id>", "as the list shows it", numberOf)
    .option("--side <name>", "whose value (default: the one that lost)")
    .summary("write a value that lost into its record again")
    .description(
      "Writes a value that lost into its record, as an edit by a person; it goes across from there.\nOf a conflict that waits for a person, --side says whose value both take.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline conflicts put-back 17", "the value that lost is written again"],
        ["bowline conflicts put-back 17 --side marketing", "marketing's value, in both systems"],
      ),
    )
    .action(
      act(async (session: Session, id: number, { side }: { readonly side?: string }) => {
        const { row, running } = await session.withState(async ({ control, how }) => ({
          row: await control.putBack(id, side),
          running: how === "remote",
        }));
        const when = running ? "" : " when Bowline runs next";
        session.answer({ conflict: id, ...row }, () => `The value is written into ${row.key} of ${row.sync}${when}\n`);
        return EXIT.ok;
      }),
    );
}

function numberOf(text: string): number {
  const id = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(id)) return id;
  throw new InvalidArgumentError("Expected the number of a conflict.");
}
