// What a process under trial is told when it starts and while it runs, and the lines of JSON in which it answers.
import type { RefreshPlant } from "./options.ts";
import type { Plan } from "./plan.ts";

export interface Orders {
  readonly dataPath: string;
  readonly folder: string;
  readonly tokenUrl: string;
  readonly plant?: RefreshPlant;
}

/** `again`: the token that it had is refused; the next one is wanted. */
export interface Task {
  readonly plan: Plan;
  readonly again?: string;
}

export type ChildLine =
  | { readonly is: "ready" }
  /** It reached the point of the plan, and is about to kill or stop itself. */
  | { readonly is: "at"; readonly connection: string }
  | { readonly is: "token"; readonly connection: string; readonly token: string }
  /** The connection was given up. */
  | { readonly is: "lost"; readonly connection: string; readonly reason: string };

/** A short lease, so that a stopped process wakes after it. */
export const LEASE_MS = 400;
export const STOP_MS = 700;
/** How long others wait for whoever may yet commit: longer than the stop, or it would count as dead. */
export const ABANDONED_AFTER_MS = 3_000;
/** A task that takes longer than this has failed. */
export const TASK_MS_MAX = 20_000;

export const firstToken = (connection: string): string => `first-of-${connection}`;
