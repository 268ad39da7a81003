// Tells whether two processes have the same sync: a running Bowline has it as the project was when it was started. Two equal
// digests may still hide a difference (in a function that a rule calls); two that differ never agree.
import { hash } from "node:crypto";
import type { Sync } from "../define/sync.ts";
import type { TwoWaySync } from "../define/two-way.ts";

export function syncDigest(sync: Sync | TwoWaySync): string {
  const text = sync.kind === "sync" ? oneWayText(sync) : twoWayText(sync);
  return hash("sha256", text, "base64url");
}

function oneWayText({ mapping, only, onDelete, onOutOfScope, from, to }: Sync): string {
  const rules = JSON.stringify(mapping.rules ?? {}, written);
  return [from.id, to.id, onDelete, onOutOfScope, String(only ?? ""), rules].join("\n");
}

function twoWayText({ sides, match, pairs }: TwoWaySync): string {
  const told = sides.map(({ name, resource, only, creates, onDelete }) => [name, resource.id, only, creates, onDelete]);
  return JSON.stringify([told, match, pairs], written);
}

/** Functions by their text and what they say of themselves; maps by their entries. A sync that is linked to, by its name. */
function written(name: string, value: unknown): unknown {
  if (name === "sync") return nameOf(value);
  if (typeof value === "function") return `${String(value)} ${"rule" in value ? String(value.rule) : ""}`;
  return value instanceof Map ? [...(value as Map<unknown, unknown>)] : value;
}

function nameOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "name" in value ? value.name : String(value);
}
