// `bowline parked retry`, `link` and `discard`: what ends a parked record's waiting, one by one or in bulk.
import type { Command } from "commander";
import { counted } from "../define/counted.ts";
import type { LinkNeed } from "../store/store.ts";
import { examples, type Act } from "./act.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { syncNamed } from "./named.ts";
import { filterGiven, filterOptions, statedFilterOf, type FilterOptions } from "./parked-filter.ts";
import type { Session } from "./session.ts";

export function addParkedRetry(parked: Command, act: Act): void {
  filterOptions(parked.command("retry"))
    .option("--all", "every parked record")
    .summary("reconcile parked records again")
    .description("Reconciles parked records again, as after a mapping or a record was mended.")
    .addHelpText(
      "after",
      examples(
        ["bowline parked retry --cause mapping", "in bulk, by cause"],
        ["bowline parked retry --sync orders-to-invoices --key 5512345", "one record"],
        ["bowline parked retry --all", "everything"],
      ),
    )
    .action(
      act(async (session: Session, _own: FilterOptions, command: Command) => {
        const options = filterGiven(command);
        const { rows, running } = await session.withState(async ({ control, how }, { project }) => ({
          rows: await control.retryParked(statedFilterOf(session, project, options)),
          running: how === "remote",
        }));
        return answerRows(session, rows, "retried", running ? "" : "; this is done when Bowline runs next");
      }),
    );
}

export function addParkedDiscard(parked: Command, act: Act): void {
  filterOptions(parked.command("discard"))
    .option("--all", "every parked record")
    .requiredOption("--reason <text>", "why; kept in each record's story")
    .summary("let go of parked records without writing")
    .description("Clears parked records without writing anything, and keeps the reason in each record's story.")
    .addHelpText(
      "after",
      examples([
        'bowline parked discard --sync orders-to-invoices --key 5512345 --reason "a test order"',
        "one record, with why",
      ]),
    )
    .action(
      act(async (session: Session, own: { readonly reason: string }, command: Command) => {
        const options = filterGiven(command);
        const reason = own.reason.trim();
        if (reason === "") throw session.usage("could not discard: expected a --reason that says why");
        const rows = await session.withState(({ control }, { project }) =>
          control.discardParked(statedFilterOf(session, project, options), reason),
        );
        return answerRows(session, rows, "discarded", "");
      }),
    );
}

export function addParkedLink(parked: Command, act: Act): void {
  parked
    .command("link")
    .argument("<sync>")
    .argument("<key>")
    .argument("<targetKey>", "the key of the target's record that it is")
    .summary("say which record of the target it is")
    .description(
      "Tells that a parked record is this record of the target, which is looked up there where it can be read; the next reconciling writes what differs.",
    )
    .addHelpText(
      "after",
      examples(["bowline parked link orders-to-invoices 5512345 187", "order 5512345 is invoice 187"]),
    )
    .action(
      act(async (session: Session, sync: string, key: string, targetKey: string) => {
        const linked = await session.withState(({ control }, { project }) =>
          control.link(syncNamed(project, sync), key, targetKey),
        );
        const trusted =
          linked.onTrust === undefined ? "" : `; taken on trust that there is such a record: ${linked.onTrust}`;
        session.answer(
          { sync, key, targetKey, ...linked },
          () => `${key} of ${sync} is ${targetKey} of the target from now on${trusted}\n`,
        );
        return EXIT.ok;
      }),
    );
}

function answerRows(session: Session, rows: readonly LinkNeed[], done: string, when: string): ExitCode {
  session.answer({ [done]: rows }, () =>
    rows.length === 0
      ? "No parked record is like that.\n"
      : `${counted(rows.length, "record is", "records are")} ${done}${when}\n`,
  );
  return rows.length === 0 ? EXIT.attention : EXIT.ok;
}
