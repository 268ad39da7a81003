// `bowline alerts`: what somebody has to know and whether they were told, and a test of the addresses.
import type { Command } from "commander";
import type { AlertView } from "../control.ts";
import { counted } from "../define/counted.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import type { Session } from "./session.ts";
import { refuseStranger } from "./sub-command.ts";
import type { Cell } from "./table.ts";
import { agoText } from "./times.ts";

export function addAlerts(program: Command, act: Act): void {
  const alerts = program
    .command("alerts")
    .summary("what somebody has to know, and whether they were told")
    .description(
      "Shows what was told to the owners of syncs, or could not be delivered yet. A running Bowline looks every half minute.\nEnds with 1 when there is anything.",
    )
    // So that a mistyped command is told what was meant.
    .allowExcessArguments()
    .addHelpText(
      "after",
      examples(["bowline alerts", "for people"], ["bowline alerts test", "does a message arrive where it should?"]),
    )
    .action(
      act(async (session: Session, _options: unknown, command: Command) => {
        refuseStranger(command);
        const views = await session.withState(({ control }) => control.alerts());
        session.answer({ alerts: views }, () => alertsText(session, views));
        return views.length === 0 ? EXIT.ok : EXIT.attention;
      }),
    );
  alerts
    .command("test")
    .summary("send a test to every address that takes alerts")
    .description(
      "Sends a test to every address that takes alerts.\nEnds with 1 when one does not take it, or there is none.",
    )
    .addHelpText("after", examples(["bowline alerts test", "after the address was set"]))
    .action(
      act(async (session: Session) => {
        const delivered = await session.withState(({ control }) => control.testAlerts());
        session.answer({ delivered }, () => {
          if (delivered.length === 0) return "The project says no address: set alerts.to in its configuration.\n";
          return delivered
            .map(({ to, fault }) => `${to}: ${fault === undefined ? "delivered" : `not delivered: ${fault}`}\n`)
            .join("");
        });
        const isWell = delivered.length > 0 && delivered.every(({ fault }) => fault === undefined);
        return isWell ? EXIT.ok : EXIT.attention;
      }),
    );
}

function alertsText(session: Session, views: readonly AlertView[]): string {
  if (views.length === 0) return "No alert is open.\n";
  const now = session.shell.now();
  return session.table(
    [
      { title: "WHAT" },
      { title: "OWNER" },
      { title: "SINCE" },
      { title: "TOLD" },
      { title: "REASON", flexible: true },
      { title: "TO DO", flexible: true },
    ],
    views.map((view): readonly Cell[] => [
      { text: view.title, style: "yellow" },
      view.owners.length === 0 ? "nobody" : view.owners.join(", "),
      agoText(view.since, now),
      toldCell(view, now),
      view.failure?.reason ?? view.reason,
      view.overAt === undefined ? view.todo : "it is over",
    ]),
  );
}

function toldCell({ told, failure, unaddressed }: AlertView, now: number): Cell {
  if (failure !== undefined) return { text: `not delivered, ${counted(failure.attempts, "attempt")}`, style: "red" };
  if (told === undefined) return "not yet";
  return `${agoText(told.at, now)}${unaddressed ? ", in the log only" : ""}`;
}
