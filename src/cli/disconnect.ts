// `bowline disconnect`: takes a connection's tokens back at the provider, forgets them, and holds its work.
import type { Command } from "commander";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import { connectionNamed } from "./named.ts";
import type { Session } from "./session.ts";

export function addDisconnect(program: Command, act: Act): void {
  program
    .command("disconnect")
    .argument("<connection>", "the connection's name")
    .summary("take a connection's tokens back and forget them")
    .description(
      "Takes the tokens back at the provider, forgets them, and holds the connection's work until it is connected again.\nEnds with 1 when the provider did not take them back.",
    )
    .addHelpText("after", examples(["bowline disconnect books", "until: bowline connect books"]))
    .action(
      act(async (session: Session, name: string) => {
        const ended = await session.withState(({ control }, { project }) =>
          control.disconnect(connectionNamed(project, name)),
        );
        const told = ended.revoked
          ? "its tokens were taken back at the provider"
          : `the provider keeps what it has: ${ended.reason ?? "no reason given"}`;
        session.answer(ended, () => `${name} is disconnected; ${told}.\n`);
        return ended.revoked ? EXIT.ok : EXIT.attention;
      }),
    );
}
