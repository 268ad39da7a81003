// `bowline connect`: leads a person to the provider's page and waits for the browser to come back, to the running Bowline or,
// while none runs, to a listener of its own at the same address.
import type { Command } from "commander";
import type { ConnectProgress } from "../auth/connecting.ts";
import type { ConnectAnswer } from "../control.ts";
import { connectListener } from "../server/connect-listener.ts";
import { realClock, realRandom } from "../world/real.ts";
import { examples, type Act } from "./act.ts";
import { accountText } from "./connections.ts";
import { CommandFault, EXIT, type ExitCode } from "./exit-code.ts";
import type { LoadedProject } from "./load-project.ts";
import { connectionNamed } from "./named.ts";
import type { Reached } from "./reach.ts";
import type { Session } from "./session.ts";

/** How often it is looked whether the browser is back, in milliseconds. */
const LOOK_EVERY_MS = 500;

interface Options {
  /** False: `--no-open`. */
  readonly open: boolean;
}

export function addConnect(program: Command, act: Act): void {
  program
    .command("connect")
    .argument("<connection>", "the connection's name")
    .option("--no-open", "only print the address; open no browser")
    .summary("connect an account, or connect it again")
    .description(
      "Leads to the provider's page, where a person agrees, and keeps what the provider gives. Where the credential is in the settings, tries it.\nEnds with 1 when it was not connected, or a needed scope was not granted.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline connect books", "also after a lost key or a revoked token: held work goes on"],
        ["bowline connect books --no-open", "open the printed address in any browser on this machine"],
      ),
    )
    .action(
      act(async (session: Session, name: string, { open }: Options) =>
        session.withState(async (reached, loaded) => {
          const connection = connectionNamed(loaded.project, name);
          await using begun = await begin(reached, loaded, connection);
          const { answer } = begun;
          if (answer.kind === "settings") return tried(session, answer);
          session.note(`Open this address and agree there:\n\n  ${answer.address}\n`);
          if (open && session.shell.err.isTTY) session.shell.open?.(answer.address);
          return told(session, connection, await waited(session, reached, answer.ticket));
        }),
      ),
    );
}

interface BegunHere extends AsyncDisposable {
  readonly answer: ConnectAnswer;
}

async function begin(reached: Reached, { project }: LoadedProject, connection: string): Promise<BegunHere> {
  const asked = reached.how === "remote" || !reached.engine.connecting.has(connection);
  if (asked) return { answer: await reached.control.connect(connection), [Symbol.asyncDispose]: async () => {} };
  const { connecting } = reached.engine;
  const { host, port, publicUrl } = project;
  const outside = publicUrl === undefined ? {} : { publicUrl };
  const listener = connectListener({ connecting, host, port, clock: realClock, random: realRandom, ...outside });
  const { url } = await listener.start().catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandFault(
      EXIT.reach,
      `could not wait for the browser at ${host}:${port}: ${reason}; free the port, or give the project another`,
      { cause },
    );
  });
  return {
    answer: { kind: "page", ...connecting.begin(connection, publicUrl ?? url) },
    [Symbol.asyncDispose]: () => listener.stop(),
  };
}

async function waited(session: Session, { control }: Reached, ticket: string): Promise<ConnectProgress | "stopped"> {
  let stopped = false;
  void session.shell.stopAsked().then(() => (stopped = true));
  for (;;) {
    const progress = await control.connectProgress(ticket);
    if (progress.state !== "waiting") return progress;
    if (stopped) return "stopped";
    await session.shell.pause(LOOK_EVERY_MS);
  }
}

function told(session: Session, connection: string, progress: ConnectProgress | "stopped"): ExitCode {
  if (progress === "stopped") return EXIT.interrupted;
  if (progress.state !== "connected") {
    const reason = progress.state === "failed" ? progress.reason : "nobody came back";
    session.answer(
      { connection, ...progress },
      () => `${connection} was not connected: ${reason}. Nothing was kept.\n`,
    );
    return EXIT.attention;
  }
  const { account, told: settings, scopesMissing, warnings } = progress;
  const lines = [
    `${connection} is connected.`,
    ...(account === undefined ? [] : [`account  ${accountText({ account })}`]),
    ...Object.entries(settings).map(
      ([name, value]) => `setting  ${name}: ${JSON.stringify(value)}  (put it into the project)`,
    ),
    ...(scopesMissing.length === 0
      ? []
      : [`missing  ${scopesMissing.join(", ")}  (connect it again and agree to all)`]),
    ...warnings.map((warning) => `warning  ${warning}`),
  ];
  session.answer(progress, () => `${lines.join("\n")}\n`);
  return scopesMissing.length === 0 ? EXIT.ok : EXIT.attention;
}

/** A credential in the settings was tried: only the provider's word tells that it works. */
function tried(session: Session, answer: Extract<ConnectAnswer, { kind: "settings" }>): ExitCode {
  const { connection, account, warnings } = answer;
  const lines = [
    `${connection} goes by the credential in its settings: no page has to be opened, and held work goes on.`,
    ...(account === undefined ? [] : [`account  ${accountText({ account })}`]),
    ...warnings.map((warning) => `warning  ${warning}`),
  ];
  session.answer(answer, () => `${lines.join("\n")}\n`);
  return warnings.length === 0 ? EXIT.ok : EXIT.attention;
}
