// `bowline start`: runs the project until it is asked to stop; with `--settle`, until nothing is due any more.
import type { Command } from "commander";
import type { Engine } from "../engine.ts";
import type { Log } from "../log.ts";
import { examples, type Act } from "./act.ts";
import { CommandFault, EXIT } from "./exit-code.ts";
import { logTo } from "./log.ts";
import { portOf } from "./option-values.ts";
import { openHere, reachRunning, whyNotOpened } from "./reach.ts";
import type { Session } from "./session.ts";
import { isWell, statusText } from "./status.ts";

interface Options {
  readonly port?: number;
  readonly settle?: boolean;
}

export function addStart(program: Command, act: Act): void {
  program
    .command("start")
    .option("--port <port>", "serve on this port instead of the project's; 0: any that is free", portOf)
    .option("--settle", "stop as soon as nothing is due any more, or only a person can go on, and show the status")
    .summary("run the project until it is asked to stop")
    .description("Runs the project: takes webhooks, polls, reconciles, and serves the web page.")
    .addHelpText(
      "after",
      examples(
        ["bowline start", "until Ctrl+C"],
        ["bowline start --settle", "once, as from cron: until both systems agree"],
        ["bowline start --port 8080 2>> bowline.log", "under a supervisor, with the log in a file"],
      ),
    )
    .action(
      act(async (session: Session, { port, settle = false }: Options) => {
        const loaded = await session.project();
        const unanswered = await refuseWhenRunning(loaded.dataPath);
        const options = { listen: true, ...(port === undefined ? {} : { port }) };
        await using here = await openHere(loaded, session.shell, options).catch((error: unknown) => {
          throw whyNotOpened(error, unanswered);
        });
        const { engine } = here;
        const say = sayerOf(session);
        for (const { place, message } of engine.warnings) say("warn", `${place}: ${message}`);
        // Heard from here on: whoever reads that it runs may ask it to stop at once.
        const stopped = session.shell.stopAsked();
        await engine.start();
        say("info", `${loaded.project.name} runs at ${addressOf(session, engine)}`);
        if (!settle) {
          if (session.json) session.answer({ project: loaded.project.name, url: engine.url }, () => "");
          await stopped;
          say("info", "stopping: what is under way is ended first");
          return EXIT.ok;
        }
        const end = await Promise.race([
          engine.quiet({ besidesHeld: true }).then(() => "quiet"),
          stopped.then(() => "stopped"),
        ]);
        const status = await here.control.status();
        const settled =
          end === "quiet" && status.syncs.every(({ health, waiting }) => health !== "held" && waiting === 0);
        session.answer({ running: true, settled, ...status }, () => statusText(session, status, true));
        if (end === "stopped") return EXIT.interrupted;
        return settled && isWell(status) ? EXIT.ok : EXIT.attention;
      }),
    );
}

/** To a person in a line; else as the engine's own log, so that whoever gathers it finds lines of one kind. */
function sayerOf(session: Session): Log {
  if (!session.shell.err.isTTY) return logTo(session.shell);
  return (level, message) => session.note(level === "warn" ? `warning: ${message}` : message);
}

/** The page's address holds a token: it is for the person at this terminal, never for a log. */
function addressOf({ shell }: Session, engine: Engine): string {
  return (shell.err.isTTY ? engine.pageUrl : engine.url) ?? "no address";
}

/** Answers why one that is written beside the file did not answer: it may have been killed, or hang. */
async function refuseWhenRunning(dataPath: string): Promise<CommandFault | undefined> {
  const running = await reachRunning(dataPath);
  if (running === undefined || running instanceof CommandFault) return running;
  if (running.how === "here") return undefined;
  throw new CommandFault(
    EXIT.reach,
    `could not start: this project runs already, at ${running.address.url}; see it with "bowline status", or stop it first`,
  );
}
