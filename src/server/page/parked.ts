// The records that wait for a person: why, what to do, and the two buttons that settle most of them.
import { counted } from "../../define/counted.ts";
import { parkedDetail } from "../../parked-detail.ts";
import type { ParkedRow } from "../../store/store.ts";
import { html, type Html } from "./html.ts";
import { recordLink, tableSection } from "./table.ts";
import { ago } from "./time-text.ts";

export interface ParkedSection {
  readonly rows: readonly ParkedRow[];
  /** How many there are in all. Default: those. */
  readonly count?: number;
  readonly now: number;
  readonly mayAct: boolean;
}

/** How much of a fault's detail is shown, in characters. */
const DETAIL_SHOWN_MAX = 400;

export function parkedSection({ rows, count = rows.length, now, mayAct }: ParkedSection): Html {
  const columns = ["Record", "Why", "What to do", "Since", ...(mayAct ? ["Settle"] : [])];
  return tableSection({
    id: "parked",
    title: "Waiting for a person",
    ...(count > rows.length ? { note: `${rows.length} of ${count.toLocaleString("en")}` } : {}),
    above:
      rows.length > 0 &&
      !mayAct &&
      html`<p class="quiet">To retry or discard, open the address that <code>bowline page</code> prints.</p>`,
    columns,
    rows: rows.map((row) => parkedRow(row, now, mayAct)),
    empty: "Nothing is parked.",
    stacks: true,
  });
}

function parkedRow(row: ParkedRow, now: number, mayAct: boolean): Html {
  const { sync, key, title, cause, reason, todo, detail, since, attempts } = row;
  return html`<tr>
    <th scope="row">${recordLink(key, title ?? key)}<small>${title !== undefined && html`${key}, `}${sync}</small></th>
    <td>
      <span class="state late">${cause}</span> ${reason}
      ${parkedDetail(detail, reason).map(([name, text]) => html`<small>${name}: <code>${cut(text)}</code></small>`)}
    </td>
    <td data-label="What to do">${todo}</td>
    <td class="short">${ago(since, now)}<small>${counted(attempts, "attempt")}</small></td>
    ${mayAct && html`<td>${actions(sync, key)}</td>`}
  </tr>`;
}

function actions(sync: string, key: string): Html {
  const which = html`<input type="hidden" name="sync" value="${sync}" /><input
      type="hidden"
      name="key"
      value="${key}"
    />`;
  return html`<div class="actions">
    <form method="post" action="/page/retry">${which}<button aria-label="Retry ${key} of ${sync}">Retry</button></form>
    <details>
      <summary aria-label="Discard ${key} of ${sync}">Discard…</summary>
      <form method="post" action="/page/discard">
        ${which}<input
          name="reason"
          required
          maxlength="500"
          placeholder="Why?"
          aria-label="Why it is discarded"
        /><button>Discard</button>
      </form>
    </details>
  </div>`;
}

function cut(text: string): string {
  return text.length > DETAIL_SHOWN_MAX ? `${text.slice(0, DETAIL_SHOWN_MAX)}…` : text;
}
