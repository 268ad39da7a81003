// `bowline webhooks`: what is subscribed to at each provider, whether webhooks still come, and what polling found instead.
import type { Command } from "commander";
import type { WebhookView } from "../control.ts";
import { counted } from "../define/counted.ts";
import { faultsText } from "../watch/judge-subscriptions.ts";
import { subscribingText } from "../watch/subscribing-text.ts";
import { examples, type Act } from "./act.ts";
import { EXIT } from "./exit-code.ts";
import { connectionNamed } from "./named.ts";
import type { Session } from "./session.ts";
import type { Cell } from "./table.ts";
import { agoText, timeText } from "./times.ts";

export function addWebhooks(program: Command, act: Act): void {
  const webhooks = program
    .command("webhooks")
    .summary("what is subscribed to, and whether webhooks still come")
    .description(
      "Shows each connection that takes webhooks: what is subscribed to, when the last one came, and what polling found since.\nEnds with 1 when subscriptions are lost or webhooks have gone quiet.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline webhooks", "for people"],
        ["bowline webhooks ensure shop", "subscribe to all that the project needs"],
      ),
    )
    .action(
      act(async (session: Session) => {
        const views = await session.withState(({ control }) => control.webhooks());
        session.answer(views, () => webhooksText(session, views));
        return views.every(isWell) ? EXIT.ok : EXIT.attention;
      }),
    );
  webhooks
    .command("ensure")
    .argument("<connection>")
    .summary("subscribe to all that the project needs of one connection")
    .description(
      "Subscribes through the provider's API, where it has one for that; from then on Bowline keeps it so.\nEnds with 1 when something is left for a person.",
    )
    .addHelpText("after", examples(["bowline webhooks ensure shop", "once, after the connection was made"]))
    .action(
      act(async (session: Session, name: string) => {
        const view = await session.withState(({ control }, { project }) =>
          control.ensureWebhooks(connectionNamed(project, name)),
        );
        session.answer(view, () => webhooksText(session, [view]));
        return isWell(view) ? EXIT.ok : EXIT.attention;
      }),
    );
}

function isWell({ faults, todo, resources }: WebhookView): boolean {
  return faults.length === 0 && todo === undefined && resources.every(({ quietAt }) => quietAt === undefined);
}

function webhooksText(session: Session, views: readonly WebhookView[]): string {
  if (views.length === 0) return "No connection takes webhooks.\n";
  const now = session.shell.now();
  const notes = views.flatMap((view) => notesOf(view).map((note) => `${view.connection}: ${note}`));
  const rows = views.flatMap((view) => rowsOf(view, now));
  const columns = ["CONNECTION", "RESOURCE", "SUBSCRIBED", "LAST CAME", "FOUND SINCE", "STATE"];
  const list = notes.length === 0 ? "" : `\n${notes.map((note) => session.paint("yellow", note)).join("\n")}\n`;
  return (
    session.table(
      columns.map((title) => ({ title, flexible: title === "STATE" })),
      rows,
    ) + list
  );
}

function rowsOf(view: WebhookView, now: number): readonly (readonly Cell[])[] {
  const subscribed = view.how === "by-hand" ? "by hand" : `${view.subscriptions} by Bowline`;
  return view.resources.map(({ resource, lastAt, found, quietAt }) => [
    view.connection,
    resource,
    subscribed,
    agoText(lastAt, now),
    lastAt === undefined ? "-" : `${counted(found, "change")} by polling`,
    quietAt === undefined ? cellOfComing(lastAt) : { text: `quiet since ${timeText(lastAt ?? quietAt)}`, style: "red" },
  ]);
}

function cellOfComing(lastAt: number | undefined): Cell {
  return lastAt === undefined ? "none yet: polled" : { text: "as usual", style: "green" };
}

function notesOf(view: WebhookView): readonly string[] {
  const { faults, faultsSince, todo, checkFault, mended } = view;
  const subscribing = subscribingText(view);
  return [
    ...(faults.length === 0 ? [] : [`${faultsText(faults)} (since ${timeText(faultsSince ?? 0)})`]),
    ...(todo === undefined ? [] : [`to do: ${todo}`]),
    ...(checkFault === undefined ? [] : [`what is subscribed could not be seen: ${checkFault}`]),
    ...(mended === undefined ? [] : [`subscribed again at ${timeText(mended.at)}: ${mended.topics.join(", ")}`]),
    ...(subscribing === undefined ? [] : [subscribing]),
    ...view.resources.flatMap(({ resource, ended }) =>
      ended === undefined
        ? []
        : [
            `${resource} was quiet from ${timeText(ended.since)} to ${timeText(ended.until)}; polling found ${counted(ended.found, "change")}`,
          ],
    ),
  ];
}
