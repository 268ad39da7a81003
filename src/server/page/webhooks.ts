// Webhooks on the first page: whether they come as they used to, and what polling found when they did not.
import type { WebhookView } from "../../control.ts";
import { faultsText } from "../../watch/judge-subscriptions.ts";
import { subscribingText } from "../../watch/subscribing-text.ts";
import { html, type Html } from "./html.ts";
import { numberCell, numberHead, tableSection } from "./table.ts";
import { ago, exactTime } from "./time-text.ts";

type Heard = WebhookView["resources"][number];

export function webhookSection(views: readonly WebhookView[], now: number): Html | undefined {
  const rows = views.flatMap((view) => view.resources.map((heard, index) => webhookRow(view, heard, index === 0, now)));
  if (rows.length === 0) return undefined;
  return tableSection({
    id: "webhooks",
    title: "Webhooks",
    note: "whatever they miss is polled",
    columns: ["Resource", "State", "Last came", numberHead("Found by polling since"), "Subscriptions"],
    rows,
  });
}

function webhookRow(view: WebhookView, heard: Heard, isFirst: boolean, now: number): Html {
  const { resource, lastAt, found } = heard;
  const [colour, state] = stateOf(view, heard);
  return html`<tr>
    <th scope="row">${resource}</th>
    <td><span class="state ${colour}">${state}</span>${endedText(heard)}</td>
    <td class="short">${lastAt === undefined ? "never" : ago(lastAt, now)}</td>
    ${lastAt === undefined ? html`<td class="number none">–</td>` : numberCell(found)}
    <td>${isFirst && subscriptionText(view)}</td>
  </tr>`;
}

function stateOf({ address }: WebhookView, { quietAt, lastAt }: Heard): readonly [colour: string, state: string] {
  if (quietAt !== undefined) return ["bad", "quiet"];
  if (address === undefined && lastAt === undefined) return ["", "polled"];
  return lastAt === undefined ? ["", "none yet"] : ["good", "alive"];
}

function endedText({ ended }: Heard): Html | undefined {
  if (ended === undefined) return undefined;
  return html`<small
    >quiet ${exactTime(ended.since)} to ${exactTime(ended.until)}; polling found ${ended.found}</small
  >`;
}

/** What stands for the whole connection: said once, in its first row. */
function subscriptionText(view: WebhookView): Html {
  const { how, subscriptions, faults, todo, checkFault, mended } = view;
  const subscribing = subscribingText(view);
  return html`${how === "by-hand" ? "made by hand" : `${subscriptions} made by Bowline`}
  ${subscribing !== undefined && html`<small>${subscribing}</small>`}
  ${faults.length > 0 && html`<div><span class="state bad">lost</span> ${faultsText(faults)}</div>`}
  ${todo !== undefined && html`<small>to do: ${todo}</small>`}
  ${checkFault !== undefined && html`<small>could not be seen: ${checkFault}</small>`}
  ${mended !== undefined && html`<small>subscribed again ${exactTime(mended.at)}: ${mended.topics.join(", ")}</small>`}`;
}
