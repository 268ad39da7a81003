// Somebody at work in HubSpot itself: what they do goes by the same rules, but needs no token and meets no limit.
import { plainType, type Kind } from "./kinds.ts";
import type { Portal, Stored } from "./portal.ts";

type Given = Readonly<Record<string, string>>;

export interface Person {
  create(kind: Kind, properties: Given): Stored;
  update(kind: Kind, id: string, properties: Given): Stored;
  archive(kind: Kind, id: string): void;
  restore(kind: Kind, id: string): Stored;
  /** For good, by a person's right to be forgotten. */
  erase(kind: Kind, id: string): void;
  /** The record that both became. */
  merge(kind: Kind, primaryId: string, mergedId: string): Stored;
  /** Default: without a label. */
  associate(kind: Kind, id: string, to: Kind, toId: string, typeId?: number): void;
  dissociate(kind: Kind, id: string, to: Kind, toId: string): void;
}

export function person(portal: Portal): Person {
  return {
    create: (kind, properties) => portal.create(kind, properties),
    update: (kind, id, properties) => portal.update(kind, id, properties),
    archive: (kind, id) => portal.archive(kind, id),
    restore: (kind, id) => portal.restore(kind, id),
    erase: (kind, id) => portal.erase(kind, id),
    merge: (kind, primaryId, mergedId) => portal.merge(kind, primaryId, mergedId),
    associate: (kind, id, to, toId, typeId = plainType(kind, to)?.typeId ?? 0) =>
      portal.associate(kind, id, to, toId, [typeId]),
    dissociate: (kind, id, to, toId) => portal.dissociate(kind, id, to, toId),
  };
}
