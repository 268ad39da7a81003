// What Bowline under trial is told when it is started, and the lines of JSON in which it tells the trial how it goes.
import type { Plant } from "../../src/world/plant.ts";
import type { KillPoint } from "./kill-points.ts";

export interface Orders {
  readonly dataPath: string;
  readonly port: number;
  readonly plant?: Plant;
  readonly kill?: PlannedKill;
}

/** Bowline kills itself at this point, the nth time that it passes it. */
export interface PlannedKill {
  readonly point: KillPoint;
  readonly time: number;
  /** Counts only from the first record on that was cleared in this life. */
  readonly onceCleared: boolean;
}

export type ChildLine =
  /** It serves. */
  | { readonly is: "ready" }
  /** The first record of this life was cleared. */
  | { readonly is: "cleared" }
  /** Writes were under way when the last life ended. */
  | { readonly is: "recovered"; readonly writes: number }
  /** A write whose outcome was unknown has been confirmed. */
  | { readonly is: "resolved"; readonly writes: number }
  | { readonly is: "refreshed" }
  /** It reached its point, and is about to kill itself. */
  | { readonly is: "at"; readonly point: KillPoint }
  | { readonly is: "log"; readonly level: string; readonly message: string }
  | ({ readonly is: "status" } & ChildStatus);

export interface ChildStatus {
  /** Rows that are not parked, and webhooks that nobody took up yet. */
  readonly pending: number;
  readonly parked: readonly string[];
  /** Everything that changed at the source before this time has been listed. */
  readonly listedUntil: number;
  /** Connections that lost their credentials. */
  readonly lostConnections: readonly string[];
}
