// The figures for people: median and spread, and beside each what it left out.
import type { Row, WorkFigures } from "./figures.ts";
import { spread } from "./statistics.ts";

const whole = (value: number): string => Math.round(value).toLocaleString("en");

export function table({ title, rows, json }: WorkFigures): string {
  const shown = rows.filter((row) => row.rates.length > 0).map(cells);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...shown.map((line) => line[column]!.length)));
  const lines = shown.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const ratios = Object.entries(json).filter(([name, value]) => /ratio/i.test(name) && value !== null);
  const summary = ratios.map(([name, value]) => `${name} ${value}`).join(", ");
  return [title, ...lines.map((line) => `  ${line}`), ...(summary === "" ? [] : [`  → ${summary}`])].join("\n");
}

function cells({ name, unit, rates, notes, leftOut }: Row): readonly string[] {
  const { median, least, most } = spread(rates);
  const range = rates.length > 1 ? ` (${whole(least)} to ${whole(most)})` : "";
  return [name, `${whole(median)} ${unit}${range}`, notes.join(", "), leftOut];
}
