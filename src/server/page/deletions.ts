// Deletions that are held on the first page, a row for each sync: whether so many were meant is one decision.
import type { ParkedGroup } from "../../store/store.ts";
import { html, type Html } from "./html.ts";
import { numberCell, numberHead, tableSection } from "./table.ts";
import { ago } from "./time-text.ts";

export interface DeletionSection {
  readonly groups: readonly ParkedGroup[];
  readonly now: number;
  readonly mayAct: boolean;
}

export function deletionSection({ groups, now, mayAct }: DeletionSection): Html | undefined {
  const held = groups.filter(({ cause }) => cause === "deletions");
  if (held.length === 0) return undefined;
  return tableSection({
    id: "deletions",
    title: "Held deletions",
    note: "more records were deleted at once than are believed without a person",
    columns: ["Sync", numberHead("Held"), "Since", "Why", ...(mayAct ? ["Were they meant?"] : [])],
    rows: held.map(
      ({ sync, count, since, first }) =>
        html`<tr>
          <th scope="row">${sync}</th>
          ${numberCell(count)}
          <td class="short">${ago(since, now)}</td>
          <td>${first.reason}<small>such as ${first.title ?? first.key}</small></td>
          ${mayAct && html`<td>${actions(sync)}</td>`}
        </tr>`,
    ),
  });
}

function actions(sync: string): Html {
  const which = html`<input type="hidden" name="sync" value="${sync}" />`;
  return html`<div class="actions">
    <details>
      <summary>They were…</summary>
      <form method="post" action="/page/deletions/allow">
        ${which}<button aria-label="Delete the counterparts of ${sync}">Delete the counterparts</button>
      </form>
    </details>
    <form method="post" action="/page/deletions/refuse">
      ${which}<button aria-label="Keep the counterparts of ${sync}">Keep the counterparts</button>
    </form>
  </div>`;
}
