// `bowline requests`: the calls that went out, and how each ended.
import type { Command } from "commander";
import type { RequestEntry, RequestFilter } from "../store/store.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import { countOf } from "./option-values.ts";
import type { Session } from "./session.ts";
import { oneLine } from "./table.ts";
import { timeText } from "./times.ts";

interface Options {
  readonly connection?: string;
  readonly sync?: string;
  readonly key?: string;
  readonly limit: number;
  readonly bodies?: boolean;
}

export function addRequests(program: Command, act: Act): void {
  program
    .command("requests")
    .option("--connection <name>", "only calls of this connection")
    .option("--sync <name>", "only calls made for this sync")
    .option("--key <key>", "only calls made for this record")
    .option("--limit <count>", "how many at most", countOf, 50)
    .option("--bodies", "show what was sent and answered too")
    .summary("the calls that went out, and how each ended")
    .description("Lists outgoing calls as they were logged, without secrets.")
    .addHelpText(
      "after",
      examples(
        ["bowline requests --connection books --limit 20", "the last calls to one account"],
        ["bowline requests --key 5512345 --bodies", "what was said about one record"],
      ),
    )
    .action(
      act(async (session: Session, { bodies = false, ...filter }: Options) => {
        const requests = await session.withState(({ control }) => control.requests(filter satisfies RequestFilter));
        session.answer(requests, () =>
          requests.length === 0 ? "No calls.\n" : requestsText(session, requests, bodies),
        );
        return EXIT.ok;
      }),
    );
}

function requestsText(session: Session, requests: readonly RequestEntry[], bodies: boolean): string {
  if (bodies) return requests.map((request) => withBodies(session, request)).join("\n");
  return session.table(
    [
      { title: "TIME" },
      { title: "CONNECTION" },
      { title: "METHOD" },
      { title: "URL", flexible: true },
      { title: "STATUS", align: "right" },
      { title: "OUTCOME" },
      { title: "TOOK", align: "right" },
      { title: "SYNC" },
      { title: "KEY", flexible: true },
    ],
    requests.map((request) => [
      timeText(request.at),
      request.connection,
      request.method,
      request.url,
      String(request.status ?? "-"),
      { text: request.outcome, style: request.outcome === "done" ? "green" : "yellow" },
      `${request.durationMs}ms`,
      request.sync ?? "",
      request.key ?? "",
    ]),
  );
}

function withBodies({ paint }: Session, request: RequestEntry): string {
  const head = `${timeText(request.at)}  ${request.connection}  ${request.method} ${request.url}`;
  const end = `${request.status ?? "no answer"}  ${request.outcome}  ${request.reason ?? ""}`;
  const body = (mark: string, text: string | undefined): string =>
    text === undefined ? "" : `${mark} ${oneLine(text)}\n`;
  return `${paint("bold", oneLine(head))}\n${body(">", request.requestBody)}${oneLine(end).trimEnd()}\n${body("<", request.responseBody)}`;
}
