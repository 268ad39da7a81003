// `bowline connections`: whose accounts are connected, what they may do, and what will end soon.
import type { Command } from "commander";
import type { ConnectionView } from "../control.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import type { Session } from "./session.ts";
import type { Cell } from "./table.ts";
import { agoText, durationText } from "./times.ts";

export function addConnections(program: Command, act: Act): void {
  program
    .command("connections")
    .summary("whose accounts are connected, and what will end soon")
    .description(
      "Shows each connection: its state and account, what it may do, when its tokens and its API's version end, and what is left of its limits.\nEnds with 1 when one of them needs a person.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline connections", "for people"],
        ["bowline connections --json | jq '.[].warnings'", "for programs"],
      ),
    )
    .action(
      act(async (session: Session) => {
        const views = await session.withState(({ control }) => control.connections());
        session.answer(views, () => connectionsText(session, views));
        const isWell = views.every(({ state, warnings }) => state === "active" && warnings.length === 0);
        return isWell ? EXIT.ok : EXIT.attention;
      }),
    );
}

function connectionsText(session: Session, views: readonly ConnectionView[]): string {
  const now = session.shell.now();
  const notes = views.flatMap(({ connection, state, reason, warnings }) => [
    ...(state === "active" ? [] : [`${connection}: ${reason ?? state}`]),
    ...warnings.map((warning) => `${connection}: ${warning}`),
  ]);
  const list = notes.length === 0 ? "" : `\n${notes.map((note) => session.paint("yellow", note)).join("\n")}\n`;
  const columns = [
    "CONNECTION",
    "PROVIDER",
    "STATE",
    "ACCOUNT",
    "SCOPES",
    "TOKEN",
    "RENEWAL",
    "LAST USED",
    "LEFT OF LIMITS",
    "API",
  ];
  const flexible = new Set(["ACCOUNT", "LEFT OF LIMITS"]);
  return (
    session.table(
      columns.map((title) => ({ title, flexible: flexible.has(title) })),
      views.map((view) => rowOf(view, now)),
    ) + list
  );
}

function rowOf(view: ConnectionView, now: number): readonly Cell[] {
  const { connection, title, state, apiVersion, apiVersionEnds } = view;
  return [
    connection,
    title,
    { text: state, style: state === "active" ? "green" : "red" },
    accountText(view),
    scopesText(view),
    leftText(view.accessExpiresAt, now),
    leftText(view.refreshExpiresAt, now),
    agoText(view.lastUsedAt, now),
    budgetText(view),
    [apiVersion ?? "-", ...(apiVersionEnds === undefined ? [] : [`until ${apiVersionEnds}`])].join(" "),
  ];
}

export function accountText({ account }: Pick<ConnectionView, "account">): string {
  if (account === undefined) return "-";
  const { id, name, plan, sandbox } = account;
  const about = [plan, sandbox === true ? "sandbox" : undefined].filter((part) => part !== undefined).join(", ");
  return `${name ?? id}${name === undefined ? "" : ` (${id})`}${about === "" ? "" : `, ${about}`}`;
}

function scopesText({ scopesNeeded, scopesGranted, scopesMissing }: ConnectionView): Cell {
  if (scopesNeeded.length === 0) return scopesGranted === undefined ? "-" : `${scopesGranted.length} granted`;
  const granted = scopesNeeded.length - scopesMissing.length;
  const text =
    scopesGranted === undefined ? `${scopesNeeded.length} asked for` : `${granted} of ${scopesNeeded.length}`;
  return scopesMissing.length === 0 ? text : { text, style: "yellow" };
}

const leftText = (at: number | undefined, now: number): string =>
  at === undefined || at === Number.MAX_SAFE_INTEGER ? "-" : at <= now ? "ended" : durationText(at - now);

function budgetText({ budget }: ConnectionView): string {
  const parts = budget.map(({ limit, available, size }) => `${limit}: ${Math.floor(available)} of ${size}`);
  return parts.length === 0 ? "-" : parts.join("; ");
}
