// What is decided of a pair of records, and of what.
import type { Side, TwoWaySync } from "../define/two-way.ts";
import type { AgreedLink, Claim, MovePark } from "../store/store.ts";
import type { KeptConflict } from "../store/two-way.ts";
import type { Plants } from "../world/plant.ts";
import type { Fields, Park } from "./decide.ts";
import type { Both } from "./merge.ts";

export interface PairFacts {
  readonly sync: TwoWaySync;
  readonly claim: Claim;
  /** The parsed bodies; undefined where there is no record. */
  readonly bodies: Both<unknown>;
  readonly now: number;
  readonly plants: Plants;
}

export interface PairWrite {
  readonly do: "write";
  readonly action: "create" | "update" | "remove";
  /** The side that is written. */
  readonly side: Side;
  readonly key?: string;
  readonly way?: string;
  readonly fields?: Fields;
  readonly changed?: readonly string[];
  /** The other side's values that are carried there. */
  readonly from?: Fields;
  /** A person wants it so. */
  readonly putBack?: true;
}

export type PairStep =
  | PairWrite
  | {
      readonly do: "nothing";
      readonly why: "agreed" | "out-of-scope" | "gone";
      readonly link?: AgreedLink | null;
      /** There is more to decide, once this is kept. */
      readonly more?: true;
      /** Each record goes on by itself, and is looked at at once. */
      readonly apart?: true;
      /** What a person put back is there already: the merge goes on. */
      readonly corrected?: true;
    }
  /** It is found by these values, one for each of the sync's alternatives. */
  | { readonly do: "match"; readonly values: readonly (string | null)[] }
  | { readonly do: "link"; readonly other: string }
  /** This side's record became part of another one. */
  | { readonly do: "move"; readonly side: Side; readonly into: string; readonly orPark: MovePark }
  | { readonly do: "wait"; readonly reason: string; readonly forMs: number }
  | Park;

export interface PairDecision {
  readonly step: PairStep;
  /** Of a write: what both sides show. */
  readonly shown?: Both<Fields>;
  readonly conflicts: readonly KeptConflict[];
}

export const only = (step: PairStep): PairDecision => ({ step, conflicts: [] });
