// Tells that long work goes on, on standard error: a bar that is drawn over itself on a terminal, else a line now and then.
import { cutToWidth } from "./display-width.ts";
import type { Shell } from "./shell.ts";
import { oneLine } from "./table.ts";

const DRAW_EVERY_MS = 100;
const LINE_EVERY_MS = 5000;
const BAR_COLUMNS = 24;

export interface ProgressStep {
  readonly done: number;
  /** What there is in all, as far as is known. */
  readonly of?: number;
  readonly text: string;
}

export class Progress {
  readonly #shell: Shell;
  readonly #what: string;
  #drawnAt: number;
  #isDrawn = false;

  constructor(shell: Shell, what: string) {
    this.#shell = shell;
    this.#what = what;
    this.#drawnAt = shell.err.isTTY ? Number.NEGATIVE_INFINITY : shell.now();
  }

  step(step: ProgressStep): void {
    const { err } = this.#shell;
    const now = this.#shell.now();
    if (now - this.#drawnAt < (err.isTTY ? DRAW_EVERY_MS : LINE_EVERY_MS)) return;
    this.#drawnAt = now;
    const text = oneLine(`${this.#what}: ${step.text}`);
    if (!err.isTTY) {
      err.write(`${text}\n`);
      return;
    }
    this.#isDrawn = true;
    err.write(`\r\u001b[2K${cutToWidth(`${bar(step)}${text}`, (err.columns ?? 80) - 1)}`);
  }

  /** Takes the bar away; what was done is told by the command's own answer. */
  end(): void {
    if (this.#isDrawn) this.#shell.err.write("\r\u001b[2K");
    this.#isDrawn = false;
  }
}

function bar({ done, of }: ProgressStep): string {
  if (of === undefined || of <= 0) return "";
  const filled = Math.round(BAR_COLUMNS * Math.min(1, done / of));
  return `${"█".repeat(filled)}${"░".repeat(BAR_COLUMNS - filled)} `;
}
