// `bowline page`: the address that lets a browser in, while Bowline runs. Where a log is kept it is not printed at the start.
import type { Command } from "commander";
import { pageUrl } from "../server/page-url.ts";
import { examples, type Act } from "./act.ts";
import { CommandFault, EXIT } from "./exit-code.ts";
import { reachRunning } from "./reach.ts";
import type { Session } from "./session.ts";

export function addPage(program: Command, act: Act): void {
  program
    .command("page")
    .summary("the address of the page, which lets your browser in")
    .description(
      "Prints the address that lets your browser in, to retry, edit and discard, too. It holds a token until Bowline stops: whoever has it may do what this command line may.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline page", "open it in a browser"],
        ["bowline page --json | jq -r .url", "for programs; publicUrl is beside it where the project has one"],
      ),
    )
    .action(
      act(async (session: Session) => {
        const { project, dataPath } = await session.project();
        const running = await reachRunning(dataPath);
        if (running instanceof Error) throw running;
        if (running?.how !== "remote") {
          throw new CommandFault(
            EXIT.reach,
            'could not tell the address of the page: Bowline does not run; "bowline start" starts it',
          );
        }
        await using reached = running;
        const { url, token } = reached.address;
        const here = pageUrl(url, token);
        const outside = project.publicUrl === undefined ? undefined : pageUrl(project.publicUrl, token);
        session.answer({ url: here, ...(outside === undefined ? {} : { publicUrl: outside }) }, () =>
          [here, outside].flatMap((address) => (address === undefined ? [] : `${address}\n`)).join(""),
        );
        return EXIT.ok;
      }),
    );
}
