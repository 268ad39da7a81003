// The one kind of table on the pages: a heading, a region that scrolls by itself and with the keyboard, and a caption for who
// listens instead of looking.
import { html, type Html, type Shown } from "./html.ts";

export interface TableSection {
  /** Of the heading; unique on the page. */
  readonly id: string;
  readonly title: string;
  /** Beside the heading. */
  readonly note?: Shown;
  /** Between the heading and the table. */
  readonly above?: Shown;
  readonly columns: readonly Shown[];
  readonly rows: readonly Html[];
  /** Instead of a table without rows. */
  readonly empty?: string;
  /** On a narrow screen the cells of a row stand below each other, each named by its `data-label`. Default: it scrolls. */
  readonly stacks?: boolean;
}

export function tableSection(section: TableSection): Html {
  const { id, title, note, above, columns, rows, empty = "None yet.", stacks = false } = section;
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}${note !== undefined && html` <small>${note}</small>`}</h2>
    ${above} ${rows.length === 0 ? html`<p class="quiet">${empty}</p>` : table(id, title, columns, rows, stacks)}
  </section>`;
}

export function table(
  labelledBy: string,
  caption: string,
  columns: readonly Shown[],
  rows: readonly Html[],
  stacks = false,
): Html {
  const heads = columns.map((cell) => (typeof cell === "string" ? html`<th scope="col">${cell}</th>` : cell));
  return html`<div class="scroll ${stacks && "stacks"}" tabindex="0" role="region" aria-labelledby="${labelledBy}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

export function numberHead(text: string): Html {
  return html`<th scope="col" class="number">${text}</th>`;
}

export function numberCell(count: number): Html {
  return html`<td class="number ${count === 0 && "none"}">${count.toLocaleString("en")}</td>`;
}

export function recordLink(key: string, text = key): Html {
  return html`<a href="/record?key=${encodeURIComponent(key)}">${text}</a>`;
}
