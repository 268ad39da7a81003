// Alerts on the first page: what somebody has to know, who answers for it, and whether they were told.
import type { AlertView } from "../../control.ts";
import { counted } from "../../define/counted.ts";
import { html, type Html } from "./html.ts";
import { tableSection } from "./table.ts";
import { ago } from "./time-text.ts";

export function alertSection(alerts: readonly AlertView[], now: number): Html | undefined {
  if (alerts.length === 0) return undefined;
  return tableSection({
    id: "alerts",
    title: "Alerts",
    columns: ["What", "Owner", "What to do", "Since", "Told"],
    rows: alerts.map((alert) => alertRow(alert, now)),
  });
}

function alertRow(alert: AlertView, now: number): Html {
  const { title, reason, todo, owners, since, path, overAt } = alert;
  return html`<tr>
    <th scope="row"><a href="${path}">${title}</a><small>${reason}</small></th>
    <td>${owners.length === 0 ? html`<span class="quiet">nobody</span>` : owners.join(", ")}</td>
    <td>${overAt === undefined ? todo : html`<span class="state good">over</span>`}</td>
    <td class="short">${ago(since, now)}</td>
    <td>${toldText(alert, now)}</td>
  </tr>`;
}

function toldText({ told, failure, unaddressed }: AlertView, now: number): Html {
  const when = told === undefined ? undefined : ago(told.at, now);
  if (failure !== undefined) {
    const attempts = counted(failure.attempts, "attempt");
    return html`<span class="state bad">not delivered</span><small>${attempts}: ${failure.reason}</small>`;
  }
  return html`${when ?? "not yet"}${unaddressed && html`<small>in the log only: the project says no address</small>`}`;
}
