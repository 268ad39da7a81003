// `bowline record KEY`: one record's whole story, across both systems, in time order.
import type { Command } from "commander";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import type { Session } from "./session.ts";
import { timeText } from "./times.ts";

export function addRecord(program: Command, act: Act): void {
  program
    .command("record")
    .argument("<key>", "a key or title of either system")
    .summary("one record's whole story, across both systems")
    .description("Tells all that happened to a record, in time order: found by either system's key, or by its title.")
    .addHelpText(
      "after",
      examples(["bowline record '#1001'", "by the name people use"], ["bowline record 5512345 --json", "by key"]),
    )
    .action(
      act(async (session: Session, key: string) => {
        const story = await session.withState(({ control }) => control.story(key));
        if (story.length === 0) {
          throw session.usage(
            `nothing is known of a record "${key}": expected the key or title of a record that a sync has read`,
          );
        }
        session.answer({ record: key, story }, () =>
          session.table(
            [
              { title: "TIME" },
              { title: "WHAT" },
              { title: "WHERE" },
              { title: "KEY" },
              { title: "TEXT", flexible: true },
            ],
            story.map((entry) => [
              timeText(entry.at),
              { text: entry.what, style: STYLES[entry.what] ?? "reset" },
              entry.sync ?? entry.resource ?? "",
              entry.key,
              entry.text,
            ]),
          ),
        );
        return EXIT.ok;
      }),
    );
}

const STYLES: Readonly<Record<string, "green" | "yellow" | "red">> = {
  cleared: "green",
  parked: "yellow",
  unknown: "yellow",
  discarded: "red",
};
