// What can happen to a record, as webhooks tell it.
import type { Kind } from "./kinds.ts";

export type Change =
  | {
      readonly what: "creation" | "deletion" | "privacyDeletion" | "restore";
      readonly kind: Kind;
      readonly id: string;
      readonly at: number;
    }
  | {
      readonly what: "propertyChange";
      readonly kind: Kind;
      readonly id: string;
      readonly at: number;
      readonly name: string;
      readonly value: string;
    }
  | {
      readonly what: "merge";
      readonly kind: Kind;
      readonly id: string;
      readonly at: number;
      readonly primary: string;
      readonly merged: readonly string[];
      readonly moved: number;
    }
  | {
      readonly what: "associationChange";
      readonly kind: Kind;
      readonly id: string;
      readonly at: number;
      readonly to: Kind;
      readonly toId: string;
      readonly typeId: number;
      readonly removed: boolean;
    };
