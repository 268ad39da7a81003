// `bowline replay`: takes up webhooks again that came since some time.
import type { Command } from "commander";
import { counted } from "../define/counted.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import { connectionNamed } from "./named.ts";
import type { Session } from "./session.ts";
import { sinceOf, timeText } from "./times.ts";

interface Options {
  readonly since: string;
  readonly connection?: string;
}

export function addReplay(program: Command, act: Act): void {
  program
    .command("replay")
    .requiredOption("--since <when>", 'how long ago ("2h", "1d12h") or a date ("2026-08-20T12:00Z")')
    .option("--connection <name>", "only webhooks of this connection")
    .summary("take up webhooks again that came since")
    .description(
      "Looks again at every record that webhooks named since then. What already agrees is not written again.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline replay --since 2h", "the last two hours"],
        ["bowline replay --since 2026-08-20 --connection shop", "one connection, since a day began (UTC)"],
      ),
    )
    .action(
      act(async (session: Session, options: Options) => {
        const since = sinceOf(options.since, session.shell.now());
        if (since === undefined) {
          throw session.usage(
            `could not read --since "${options.since}": expected how long ago, such as 2h, 45m or 1d12h, or a date such as 2026-08-20T12:00Z`,
          );
        }
        const { count, running } = await session.withState(async ({ control, how }, { project }) => {
          const connection =
            options.connection === undefined ? {} : { connection: connectionNamed(project, options.connection) };
          return { count: await control.replay({ since, ...connection }), running: how === "remote" };
        });
        session.answer({ replayed: count, since, running }, () => {
          const when = running ? "" : "; this is done when Bowline runs next";
          return `${counted(count, "webhook")} since ${timeText(since)} taken up again${when}\n`;
        });
        return EXIT.ok;
      }),
    );
}
