// The records that wait for a person: why, what to do, and the two buttons that settle most of them.
import type { ParkedRow } from "../../store/store.ts";
import { html, type Html } from "./html.ts";
import { ago } from "./time-text.ts";

export interface ParkedSection {
  readonly rows: readonly ParkedRow[];
  readonly now: number;
  readonly mayAct: boolean;
}

/** How much of a fault's detail is shown, in characters. */
const DETAIL_SHOWN_MAX = 400;

export function parkedSection({ rows, now, mayAct }: ParkedSection): Html {
  return html`<section aria-labelledby="parked">
    <h2 id="parked">Waiting for a person</h2>
    ${rows.length > 0 && !mayAct && html`<p class="quiet">To retry or discard, open the address that was printed at the start.</p>`}
    ${rows.length === 0 ? html`<p class="quiet">Nothing is parked.</p>` : parkedTable({ rows, now, mayAct })}
  </section>`;
}

function parkedTable({ rows, now, mayAct }: ParkedSection): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="parked">
    <table>
      <thead>
        <tr>
          <th scope="col">Record</th>
          <th scope="col">Why</th>
          <th scope="col">What to do</th>
          <th scope="col">Since</th>
          ${mayAct && html`<th scope="col">Settle</th>`}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => parkedRow(row, now, mayAct))}
      </tbody>
    </table>
  </div>`;
}

function parkedRow(row: ParkedRow, now: number, mayAct: boolean): Html {
  const { sync, key, title, cause, reason, todo, detail, since, attempts } = row;
  return html`<tr>
    <th scope="row">
      <a href="/record?key=${encodeURIComponent(key)}">${title ?? key}</a
      ><small>${title !== undefined && html`${key}, `}${sync}</small>
    </th>
    <td>
      <span class="state late">${cause}</span> ${reason}
      ${detail !== undefined && html`<small><code>${detailText(detail)}</code></small>`}
    </td>
    <td>${todo}</td>
    <td class="short">${ago(since, now)}<small>${attempts} ${attempts === 1 ? "attempt" : "attempts"}</small></td>
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
    <form method="post" action="/page/retry">${which}<button>Retry</button></form>
    <details>
      <summary>Discard…</summary>
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

function detailText(detail: unknown): string {
  const text = typeof detail === "string" ? detail : JSON.stringify(detail);
  return text.length > DETAIL_SHOWN_MAX ? `${text.slice(0, DETAIL_SHOWN_MAX)}…` : text;
}
