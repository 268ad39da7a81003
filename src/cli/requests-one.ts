// `bowline requests show` and `repeat`: one call of the log, whole, and once more where that changes nothing more.
import { InvalidArgumentError, type Command } from "commander";
import { ControlError } from "../control.ts";
import type { RequestEntry } from "../store/store.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import type { Session } from "./session.ts";
import { oneLine } from "./table.ts";
import { timeText } from "./times.ts";

export function addRequestShow(requests: Command, act: Act): void {
  requests
    .command("show")
    .argument("<id>", "the call's number, as `bowline requests` lists it", idOf)
    .summary("one call, whole: what was sent, and what was answered")
    .action(
      act(async (session: Session, id: number) => {
        const [request] = await session.withState(({ control }) => control.requests({ id }));
        if (request === undefined) throw session.usage(unknown(id));
        session.answer(request, () => exchangeText(session, request));
        return EXIT.ok;
      }),
    );
}

export function addRequestRepeat(requests: Command, act: Act): void {
  requests
    .command("repeat")
    .argument("<id>", "the call's number, as `bowline requests` lists it", idOf)
    .option("--yes", "do it; without this, only what would be sent is shown")
    .summary("one call once more, where that changes nothing more")
    .description(
      "Makes a call of the log again: reads, and writes with an idempotency key that the provider still knows or that the connector calls safe. Everything else is refused, and why is said. It is logged as a repetition.",
    )
    .addHelpText("after", examples(["bowline requests repeat 1204 --yes", "the call 1204 once more"]))
    .action(
      act(async (session: Session, id: number, { yes = false }: { readonly yes?: boolean }) => {
        const [request] = await session.withState(({ control }) => control.requests({ id }));
        if (request === undefined) throw session.usage(unknown(id));
        if (!yes) {
          session.note(`This would be sent again; say --yes to do it:\n${exchangeText(session, request)}`);
          return EXIT.attention;
        }
        return repeat(session, id);
      }),
    );
}

async function repeat(session: Session, id: number) {
  try {
    const ended = await session.withState(({ control }) => control.repeatRequest(id));
    session.answer(ended, () => exchangeText(session, ended));
    return ended.outcome === "done" ? EXIT.ok : EXIT.attention;
  } catch (error) {
    if (!(error instanceof ControlError) || error.code !== "not-now") throw error;
    session.note(error.message);
    return EXIT.attention;
  }
}

function exchangeText({ paint }: Session, request: RequestEntry & { readonly id?: number }): string {
  const { id, repeats, sync, key, requestHeaders, requestBody, responseBody, status, reason } = request;
  const facts = [
    id === undefined ? undefined : `request ${id}`,
    timeText(request.at),
    request.connection,
    sync === undefined ? undefined : `sync ${sync}`,
    key === undefined ? undefined : `record ${key}`,
    repeats === undefined ? undefined : `repeats ${repeats}`,
  ];
  const headers = Object.entries(headersOf(requestHeaders)).map(([name, value]) => `${name}: ${String(value)}`);
  return [
    facts.filter((fact) => fact !== undefined).join("  "),
    paint("bold", oneLine(`${request.method} ${request.url}`)),
    ...headers.map(oneLine),
    ...(requestBody === undefined ? [] : ["", pretty(requestBody)]),
    "",
    paint("bold", oneLine(`${status ?? "no answer"}  ${request.outcome}  after ${request.durationMs}ms`)),
    ...(reason === undefined ? [] : [oneLine(reason)]),
    ...(responseBody === undefined ? [] : ["", pretty(responseBody)]),
    "",
  ].join("\n");
}

/** What was cut is shown as it is. */
function headersOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>);
  } catch {
    return { headers: text };
  }
}

/** JSON over lines; everything else, and what was cut, as it is; nothing that a terminal would obey. */
function pretty(text: string): string {
  try {
    return lines(JSON.stringify(JSON.parse(text), undefined, 2));
  } catch {
    return lines(text);
  }
}

function lines(text: string): string {
  return text.split("\n").map(oneLine).join("\n");
}

function unknown(id: number): string {
  return `there is no request ${id}: expected the number of one that is still in the log; \`bowline requests\` lists them`;
}

function idOf(text: string): number {
  const id = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(id)) return id;
  throw new InvalidArgumentError("Expected the number of a request.");
}
