// `bowline parked`: the records that wait for a person, and what a person does about them.
import type { Command } from "commander";
import { parkedDetail } from "../parked-detail.ts";
import type { ParkedRow } from "../store/store.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import { countOf } from "./option-values.ts";
import { addParkedEdit } from "./parked-edit.ts";
import { addParkedDiscard, addParkedLink, addParkedRetry } from "./parked-settle.ts";
import { filterOf, filterOptions, type FilterOptions } from "./parked-filter.ts";
import { syncNamed } from "./named.ts";
import type { Session } from "./session.ts";
import { refuseStranger } from "./sub-command.ts";
import { oneLine } from "./table.ts";
import { agoText, timeText } from "./times.ts";

type ListOptions = FilterOptions & { readonly limit: number };

export function addParked(program: Command, act: Act): void {
  const parked = program
    .command("parked")
    .summary("records that wait for a person: list, show, retry, edit, link, discard")
    .description("Lists the records that wait for a person, with the reason.\nEnds with 1 when there are any.")
    .option("--limit <count>", "how many at most", countOf, 50)
    // So that a mistyped command is told what was meant.
    .allowExcessArguments()
    .addHelpText(
      "after",
      examples(
        ["bowline parked", "everything that waits for a person"],
        ["bowline parked --cause mapping", "only those that the mapping parked"],
        ["bowline parked show orders-to-invoices 5512345", "one of them, whole"],
        ["bowline parked retry --cause mapping", "again, after the mapping was mended"],
      ),
    )
    .action(act(list));
  filterOptions(parked);
  addShow(parked, act);
  addParkedRetry(parked, act);
  addParkedEdit(parked, act);
  addParkedLink(parked, act);
  addParkedDiscard(parked, act);
}

async function list(session: Session, { limit, ...options }: ListOptions, parked: Command) {
  refuseStranger(parked);
  // One more than is shown, so that we know whether there are more.
  const found = await session.withState(({ control }, { project }) =>
    control.parked({ ...filterOf(project, options), limit: limit + 1 }),
  );
  const rows = found.slice(0, limit);
  const hasMore = found.length > limit;
  session.answer({ parked: rows, more: hasMore }, () => listText(session, rows, hasMore));
  return rows.length === 0 ? EXIT.ok : EXIT.attention;
}

function listText(session: Session, rows: readonly ParkedRow[], hasMore: boolean): string {
  if (rows.length === 0) return "Nothing is parked.\n";
  const now = session.shell.now();
  const listed = session.table(
    [
      { title: "SYNC" },
      { title: "KEY" },
      { title: "RECORD", flexible: true },
      { title: "CAUSE" },
      { title: "SINCE" },
      { title: "REASON", flexible: true },
    ],
    rows.map(({ sync, key, title, cause, since, reason }) => [
      sync,
      key,
      title ?? "",
      { text: cause, style: "yellow" },
      agoText(since, now),
      reason,
    ]),
  );
  const more = hasMore ? `There are more than these ${rows.length}; --limit shows them.\n` : "";
  return `${listed}${more}\nWhat to do about one: bowline parked show SYNC KEY\n`;
}

function addShow(parked: Command, act: Act): void {
  parked
    .command("show")
    .argument("<sync>")
    .argument("<key>")
    .summary("one parked record: why, and what to do")
    .description("Shows why one record is parked and what to do about it.")
    .addHelpText("after", examples(["bowline parked show orders-to-invoices 5512345", "why it waits"]))
    .action(
      act(async (session: Session, sync: string, key: string) => {
        const [row] = await session.withState(({ control }, { project }) =>
          control.parked({ sync: syncNamed(project, sync), key, limit: 1 }),
        );
        if (row === undefined) {
          throw session.usage(
            `no record ${key} of ${sync} is parked: expected the key of a parked record; see them with "bowline parked --sync ${sync}"`,
          );
        }
        session.answer(row, () => rowText(session, row));
        return EXIT.attention;
      }),
    );
}

function rowText({ paint, shell }: Session, row: ParkedRow): string {
  const lines: readonly (readonly [string, string])[] = [
    ["sync", row.sync],
    ["key", row.key],
    ["record", row.title ?? "-"],
    ["cause", row.cause],
    ["reason", row.reason],
    ["to do", row.todo],
    ["since", `${timeText(row.since)} (${agoText(row.since, shell.now())})`],
    ["attempts", String(row.attempts)],
    ...parkedDetail(row.detail, row.reason),
  ];
  return `${lines.map(([name, text]) => `${paint("bold", name.padEnd(10))}  ${oneLine(text)}`).join("\n")}\n`;
}
