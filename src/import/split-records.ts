// Puts the physical lines of a CSV file together into records: a quoted field may hold line breaks. A quote that never
// closes would swallow the rest of the file, so it costs its own line only, and the lines after it are read again.
import type { Line } from "./read-lines.ts";

/** The text of one record and the line it began on, or a line's fault. */
export type RecordText = Line;

export class RecordSplitter {
  readonly #delimiter: string;
  readonly #linesMax: number;
  /** The lines of the record whose quote is still open. */
  #open: { readonly line: number; readonly text: string }[] = [];

  /** A record of more than `linesMax` lines counts as a quote that never closes. Default 1,000. */
  constructor(delimiter: string, { linesMax = 1000 }: { readonly linesMax?: number } = {}) {
    this.#delimiter = delimiter;
    this.#linesMax = linesMax;
  }

  /** The records that these lines complete. */
  push(lines: readonly Line[]): readonly RecordText[] {
    const records: RecordText[] = [];
    // Lines to be read, the next one last: giving up an open quote puts its later lines back.
    const waiting = lines.toReversed();
    for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) this.#take(line, records, waiting);
    return records;
  }

  /** The records that the end of the file completes. */
  end(): readonly RecordText[] {
    const records: RecordText[] = [];
    while (this.#open.length > 0) {
      const waiting = this.#giveUp(records).toReversed();
      for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) this.#take(line, records, waiting);
    }
    return records;
  }

  #take(line: Line, records: RecordText[], waiting: Line[]): void {
    const isOpen = this.#open.length > 0;
    if ("fault" in line) {
      waiting.push(...(isOpen ? [line, ...this.#giveUp(records).toReversed()] : []));
      if (!isOpen) records.push(line);
      return;
    }
    const end = lineEnd(line.text, this.#delimiter, isOpen);
    if (end === "open") this.#open.push(line);
    if (this.#open.length >= this.#linesMax || (end === "broken" && isOpen)) {
      const again = this.#giveUp(records).toReversed();
      waiting.push(...(end === "open" ? [] : [line]), ...again);
      return;
    }
    if (end === "open") return;
    const first = this.#open[0];
    if (first === undefined) {
      if (line.text !== "") records.push(line);
      return;
    }
    records.push({ line: first.line, text: [...this.#open, line].map(({ text }) => text).join("\n") });
    this.#open = [];
  }

  /** Reports the line that opened the quote and hands back the ones after it. */
  #giveUp(records: RecordText[]): readonly Line[] {
    const [first, ...rest] = this.#open;
    this.#open = [];
    if (first !== undefined) {
      records.push({
        line: first.line,
        fault: `a quote on this line is never closed: expected a closing " within ${this.#linesMax} lines and before the end of the file`,
      });
    }
    return rest;
  }
}

/**
 * How a line ends: inside a quoted field (`open`), outside one (`closed`), or nobody can say, because text follows a closing
 * quote (`broken`): where a quote was left open before, that is where the fault shows. `isOpen`: the line begins inside one.
 */
function lineEnd(text: string, delimiter: string, isOpen: boolean): "open" | "closed" | "broken" {
  let open = isOpen;
  let at = 0;
  while (at !== -1) {
    if (open) {
      const quote = text.indexOf('"', at);
      if (quote === -1) return "open";
      open = text[quote + 1] === '"';
      if (!open && quote + 1 < text.length && !text.startsWith(delimiter, quote + 1)) return "broken";
      at = open ? quote + 2 : nextField(text, delimiter, quote + 1);
    } else if (text[at] === '"') {
      open = true;
      at += 1;
    } else {
      // Only a quote at the beginning of a field opens one; any other is a fault that the parser names.
      at = nextField(text, delimiter, at);
    }
  }
  return "closed";
}

/** Where the field after the next delimiter begins; -1: there is none. */
function nextField(text: string, delimiter: string, from: number): number {
  const found = text.indexOf(delimiter, from);
  return found === -1 ? -1 : found + delimiter.length;
}
