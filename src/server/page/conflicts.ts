// Conflicts on the first page: what waits for a person's word first, then the last values that lost, each with its way back.
import { fieldText, isOpen, takenText } from "../../conflict-text.ts";
import type { ConflictRow, SyncHealth } from "../../control.ts";
import { html, type Html } from "./html.ts";
import { recordLink, tableSection } from "./table.ts";
import { ago } from "./time-text.ts";

export interface ConflictSection {
  /** Those that wait, then the newest. */
  readonly rows: readonly ConflictRow[];
  readonly syncs: readonly SyncHealth[];
  readonly now: number;
  readonly mayAct: boolean;
}

/** How much of a value is shown, in characters. */
const VALUE_SHOWN_MAX = 120;

export function conflictSection({ rows, syncs, now, mayAct }: ConflictSection): Html | undefined {
  if (rows.length === 0) return undefined;
  const sides = new Map(syncs.flatMap((sync) => (sync.sides === undefined ? [] : [[sync.sync, sync.sides] as const])));
  return tableSection({
    id: "conflicts",
    title: "Conflicts",
    note: "both systems were edited; the value that lost is kept",
    columns: ["Record", "Field", "Values", "Taken", "When", ...(mayAct ? ["Write instead"] : [])],
    rows: rows.map((row) => conflictRow(row, sides.get(row.sync) ?? ["first side", "second side"], now, mayAct)),
  });
}

function conflictRow(row: ConflictRow, names: readonly [string, string], now: number, mayAct: boolean): Html {
  const { sync, key, title, values, at } = row;
  return html`<tr>
    <th scope="row">${recordLink(key, title ?? key)}<small>${sync}</small></th>
    <td>${fieldText(row)}</td>
    <td>
      ${values.map((value, side) => html`<div><span class="quiet">${names[side]}</span> <code>${short(value)}</code></div>`)}
    </td>
    <td><span class="state ${isOpen(row) && "late"}">${takenText(row, names)}</span></td>
    <td class="short">${ago(at, now)}</td>
    ${mayAct && html`<td>${actions(row, names)}</td>`}
  </tr>`;
}

function short(value: string | null): string {
  if (value === null) return "(empty)";
  return value.length > VALUE_SHOWN_MAX ? `${value.slice(0, VALUE_SHOWN_MAX)}…` : value;
}

/** Whole records and lists of both have no one value to write. */
function actions({ id, fields, winner, putBackAt }: ConflictRow, names: readonly [string, string]): Html | undefined {
  if (fields[0] === "" || winner === "both" || putBackAt !== undefined) return undefined;
  const offered = winner === undefined ? names : [names[winner === 0 ? 1 : 0]];
  return html`<div class="actions">
    ${offered.map(
      (side) =>
        html`<form method="post" action="/page/put-back">
          <input type="hidden" name="conflict" value="${id}" /><input
            type="hidden"
            name="side"
            value="${side}"
          /><button aria-label="Write the value of ${side} in conflict ${id}">${side}</button>
        </form>`,
    )}
  </div>`;
}
