// One measured line of the table, with what it left out beside it, and what went wrong if anything did.

export interface Row {
  readonly name: string;
  /** What is counted, such as "events/s". */
  readonly unit: string;
  readonly rates: readonly number[];
  /** Other figures, already written out: "p99 9.2 ms". */
  readonly notes: readonly string[];
  /** What this leaves out, or how durable it is: "fsync; no mapping". */
  readonly leftOut: string;
}

export interface WorkFigures {
  readonly title: string;
  readonly rows: readonly Row[];
  /** The figures for programs. */
  readonly json: Readonly<Record<string, number | null>>;
  /** Anything lost, doubled or undelivered: a rate without this would be worth nothing. */
  readonly problems: readonly string[];
}

/** Rounded for people and programs; null when it was not measured. */
export function rounded(value: number, digits = 3): number | null {
  return Number.isFinite(value) ? Number(value.toFixed(digits)) : null;
}
