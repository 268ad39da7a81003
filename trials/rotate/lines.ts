// What the process under load is told when it is started, and the lines of JSON in which it tells the trial how it goes.
import type { KeysRotated, Unreadable } from "../../src/auth/rotate-keys.ts";
import type { KillPoint } from "./kill-points.ts";

export const PLANTS = ["forget-early", "skip-reseal"] as const;
export type Plant = (typeof PLANTS)[number];

export interface Orders {
  readonly dataPath: string;
  readonly connections: readonly string[];
  readonly seed: number;
  readonly plant?: Plant;
}

/** On standard input: rotate now; `kill`: end yourself at this point, the nth time that you pass it. */
export interface Command {
  readonly data: boolean;
  readonly kill?: { readonly point: KillPoint; readonly time: number };
}

export type Line =
  /** It works. What it found when it started: tokens by connection, and what did not open. */
  | {
      readonly is: "ready";
      readonly kept: Readonly<Record<string, string>>;
      readonly unreadable: readonly Unreadable[];
    }
  /** Said before and after a token is saved. */
  | { readonly is: "saving" | "saved"; readonly connection: string; readonly token: string }
  /** A token that it had just saved was not what it read. */
  | { readonly is: "wrong"; readonly connection: string; readonly reason: string }
  | { readonly is: "at"; readonly point: KillPoint }
  | ({ readonly is: "rotated" } & KeysRotated);
