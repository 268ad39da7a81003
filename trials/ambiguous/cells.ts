// The matrix: how the target makes a repetition safe, what befalls the write, whether Bowline dies of it, and whether it is
// back before the provider forgets its keys.

export const CLASSES = ["idempotency-key", "upsert", "neither"] as const;
export const FAULTS = [
  "before-byte-1",
  "mid-request",
  "processed-no-reply",
  "truncated-reply",
  "500-after-effect",
  "late-landing",
] as const;

export type Class = (typeof CLASSES)[number];
export type Fault = (typeof FAULTS)[number];

export interface Cell {
  readonly class: Class;
  readonly fault: Fault;
  readonly crash: boolean;
  readonly retention: "inside" | "outside";
}

export const CELLS: readonly Cell[] = CLASSES.flatMap((one) =>
  FAULTS.flatMap((fault) =>
    [false, true].flatMap((crash) =>
      (["inside", "outside"] as const).map((retention) => ({ class: one, fault, crash, retention })),
    ),
  ),
);

export function nameOf({ class: one, fault, crash, retention }: Cell): string {
  return `${one}, ${fault}, ${crash ? "crash" : "no crash"}, ${retention} retention`;
}
