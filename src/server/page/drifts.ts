// Drifts on the first page: what is no longer as it was known, those that touch a sync first.
import type { DriftView } from "../../control.ts";
import { driftText } from "../../watch/drift-view.ts";
import { html, type Html } from "./html.ts";
import { numberCell, numberHead, tableSection } from "./table.ts";
import { ago } from "./time-text.ts";

export function driftSection(drifts: readonly DriftView[], now: number): Html | undefined {
  if (drifts.length === 0) return undefined;
  const sorted = drifts.toSorted((one, other) => Math.min(1, other.touches.length) - Math.min(1, one.touches.length));
  return tableSection({
    id: "drifts",
    title: "Drift",
    note: "no longer as it was known at the providers",
    columns: ["What", "Touches", "Owner", "Since", "Last seen", numberHead("Times")],
    rows: sorted.map((drift) => driftRow(drift, now)),
  });
}

function driftRow(drift: DriftView, now: number): Html {
  const { kind, touches, firstAt, lastAt, times } = drift;
  const owners = [...new Set(touches.flatMap(({ owner }) => owner ?? []))];
  return html`<tr>
    <td><span class="state ${touches.length > 0 ? "bad" : ""}">${kind}</span> ${driftText(drift)}</td>
    <td>
      ${touches.length === 0 && html`<span class="quiet">no sync</span>`}
      ${touches.map(({ sync, fields }) => html`<div>${sync}<small>${fields.join(", ")}</small></div>`)}
    </td>
    <td>${owners.join(", ")}</td>
    <td class="short">${ago(firstAt, now)}</td>
    <td class="short">${ago(lastAt, now)}</td>
    ${numberCell(times)}
  </tr>`;
}
