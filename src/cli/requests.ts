// `bowline requests`: the calls that went out, and how each ended.
import type { Command } from "commander";
import type { Project } from "../define/config.ts";
import type { RequestEntry, RequestFilter } from "../store/store.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import { connectionNamed, named, syncNamed } from "./named.ts";
import { countOf, statusOf } from "./option-values.ts";
import { addRequestRepeat, addRequestShow } from "./requests-one.ts";
import type { Session } from "./session.ts";
import { oneLine } from "./table.ts";
import { sinceOf, timeText } from "./times.ts";

interface Options extends Pick<RequestFilter, "key" | "status" | "path"> {
  readonly connection?: string;
  readonly sync?: string;
  readonly outcome?: string;
  readonly method?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly bodies?: boolean;
}

const OUTCOMES = [
  "done",
  "missing",
  "invalid",
  "conflict",
  "denied",
  "reauthorize",
  "throttled",
  "unavailable",
  "unknown",
] as const;

export function addRequests(program: Command, act: Act): void {
  const requests = program
    .command("requests")
    .option("--connection <name>", "only calls of this connection")
    .option("--sync <name>", "only calls made for this sync")
    .option("--key <key>", "only calls made for this record")
    .option("--status <code>", "only answers with this status, such as 429", statusOf)
    .option("--outcome <outcome>", `only calls that ended so: ${OUTCOMES.join(", ")}`)
    .option("--method <method>", "only calls with this method, such as POST")
    .option("--path <text>", "only calls whose address holds this")
    .option("--since <when>", 'only from then on: how long ago ("2h") or a date ("2026-08-20T12:00Z")')
    .option("--until <when>", "only before then")
    .option("--limit <count>", "how many at most", countOf, 50)
    .option("--bodies", "show what was sent and answered too")
    .summary("the calls that went out, and how each ended: list, show, repeat")
    .description("Lists outgoing calls as they were logged, without secrets.")
    // So that a mistyped command is told what was meant.
    .allowExcessArguments()
    .addHelpText(
      "after",
      examples(
        ["bowline requests --connection books --limit 20", "the last calls to one account"],
        ["bowline requests --key 5512345 --bodies", "what was said about one record"],
        ["bowline requests --outcome throttled --since 1h", "what was refused for the limits' sake"],
        ["bowline requests show 1204", "one of them, whole"],
        ["bowline requests repeat 1204 --yes", "once more, when that is safe"],
      ),
    )
    .action(act(list));
  addRequestShow(requests, act);
  addRequestRepeat(requests, act);
}

async function list(session: Session, { bodies = false, ...options }: Options, command: Command) {
  const [stranger] = command.args;
  if (stranger !== undefined) {
    named(
      "command of requests",
      stranger,
      command.commands.map((one) => one.name()),
    );
  }
  const requests = await session.withState(({ control }, { project }) =>
    control.requests(filterOf(session, project, options)),
  );
  session.answer(requests, () => (requests.length === 0 ? "No calls.\n" : requestsText(session, requests, bodies)));
  return EXIT.ok;
}

function filterOf(session: Session, project: Project, options: Omit<Options, "bodies">): RequestFilter {
  const { connection, sync, outcome, method, since, until, ...rest } = options;
  return {
    ...rest,
    ...(connection === undefined ? {} : { connection: connectionNamed(project, connection) }),
    ...(sync === undefined ? {} : { sync: syncNamed(project, sync) }),
    ...(outcome === undefined ? {} : { outcome: named("outcome", outcome, OUTCOMES) }),
    ...(method === undefined ? {} : { method: method.toUpperCase() }),
    ...(since === undefined ? {} : { since: timeOf(session, "--since", since) }),
    ...(until === undefined ? {} : { until: timeOf(session, "--until", until) }),
  };
}

function timeOf(session: Session, option: string, text: string): number {
  const at = sinceOf(text, session.shell.now());
  if (at !== undefined) return at;
  throw session.usage(
    `could not read ${option} "${text}": expected how long ago, such as 2h, 45m or 1d12h, or a date such as 2026-08-20T12:00Z`,
  );
}

function requestsText(
  session: Session,
  requests: readonly (RequestEntry & { readonly id: number })[],
  bodies: boolean,
): string {
  if (bodies) return requests.map((request) => withBodies(session, request)).join("\n");
  const withReasons = requests.some(({ reason }) => reason !== undefined);
  return session.table(
    [
      { title: "ID", align: "right" },
      { title: "TIME" },
      { title: "CONNECTION" },
      { title: "METHOD" },
      { title: "URL", flexible: true },
      { title: "STATUS", align: "right" },
      { title: "OUTCOME" },
      { title: "TOOK", align: "right" },
      { title: "SYNC" },
      { title: "KEY", flexible: true },
      ...(withReasons ? [{ title: "REASON", flexible: true }] : []),
    ],
    requests.map((request) => [
      String(request.id),
      timeText(request.at),
      request.connection,
      request.method,
      request.url,
      String(request.status ?? "-"),
      { text: request.outcome, style: request.outcome === "done" ? "green" : "yellow" },
      `${request.durationMs}ms`,
      request.sync ?? "",
      request.key ?? "",
      ...(withReasons ? [request.reason ?? ""] : []),
    ]),
  );
}

function withBodies({ paint }: Session, request: RequestEntry & { readonly id: number }): string {
  const head = `${request.id}  ${timeText(request.at)}  ${request.connection}  ${request.method} ${request.url}`;
  const end = `${request.status ?? "no answer"}  ${request.outcome}  ${request.reason ?? ""}`;
  const body = (mark: string, text: string | undefined): string =>
    text === undefined ? "" : `${mark} ${oneLine(text)}\n`;
  return `${paint("bold", oneLine(head))}\n${body(">", request.requestBody)}${oneLine(end).trimEnd()}\n${body("<", request.responseBody)}`;
}
