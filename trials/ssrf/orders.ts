// What the trial and the process under test say to each other.

/** This one is allowed, so that it is seen that calls are seen. */
export const CONTROL_ADDRESS = "127.0.0.9";
export const CONTROLS = 3;

export const PLANTS = ["no-check", "literals-only"] as const;
export type Plant = (typeof PLANTS)[number];

export interface Orders {
  readonly port: number;
  readonly plant?: Plant;
}

export interface Told {
  trials: number;
  /** Spellings that were answered. */
  readonly answered: string[];
  /** Calls of the allowed address that were answered. */
  controls: number;
  readonly kinds: Record<string, number>;
}
