// Tables for people: aligned by what a terminal shows, not by characters; what comes from providers cannot move the cursor.
import { stripVTControlCharacters } from "node:util";
import { cutToWidth, displayWidth } from "./display-width.ts";
import type { Paint } from "./paint.ts";

export type Cell = string | { readonly text: string; readonly style: Parameters<Paint>[0] };

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** May be cut when the table is wider than the terminal. */
  readonly flexible?: boolean;
}

export interface TableOptions {
  readonly paint: Paint;
  /** The terminal's width; undefined: nothing is cut. */
  readonly width: number | undefined;
}

const GAP = "  ";
const FLEXIBLE_MIN = 12;
/** Embeddings, overrides and isolates: names in Arabic or Hebrew need none of them. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/gu;

/** A line of titles and a line for each row; ends with a newline. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], options: TableOptions): string {
  const texts = rows.map((row) => columns.map((_column, index) => oneLine(textOf(row[index] ?? ""))));
  const widths = fit(
    columns,
    columns.map((column, index) =>
      texts.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? "")), displayWidth(column.title)),
    ),
    options.width,
  );
  const line = (cells: readonly string[], style: (index: number) => Parameters<Paint>[0] | undefined): string =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        const text = cutToWidth(cell, width);
        const padding = " ".repeat(Math.max(0, width - displayWidth(text)));
        const chosen = style(index);
        const painted = chosen === undefined ? text : options.paint(chosen, text);
        return columns[index]?.align === "right" ? padding + painted : painted + padding;
      })
      .join(GAP)
      .trimEnd();
  const titles = line(
    columns.map(({ title }) => title),
    () => "bold",
  );
  return [titles, ...texts.map((row, at) => line(row, (index) => styleOf(rows[at]?.[index])))].join("\n") + "\n";
}

/** A text in one line, without anything that steers a terminal, or turns around what stands beside it. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\p{Control}\u2028\u2029]+/gu, " ")
    .replace(TURNING, "");
}

const textOf = (cell: Cell): string => (typeof cell === "string" ? cell : cell.text);
const styleOf = (cell: Cell | undefined): Parameters<Paint>[0] | undefined =>
  typeof cell === "object" ? cell.style : undefined;

/** Takes from the flexible columns, the widest first, what the terminal has too little. */
function fit(columns: readonly Column[], wanted: readonly number[], width: number | undefined): readonly number[] {
  const widths = [...wanted];
  const whole = (): number => widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1));
  while (width !== undefined && whole() > width) {
    const widest = columns.reduce((best, column, index) => {
      const isWider = (widths[index] ?? 0) > (widths[best] ?? 0);
      return column.flexible === true && (best === -1 || isWider) ? index : best;
    }, -1);
    const now = widths[widest];
    if (now === undefined || now <= FLEXIBLE_MIN) break;
    widths[widest] = now - 1;
  }
  return widths;
}
