// A record as it is observed: its version, its hash, and its body as JSON where the resource keeps bodies.
import { hash } from "node:crypto";
import { isKey } from "../define/checked-answers.ts";
import type { Resource } from "../define/resource.ts";
import type { Observation } from "../store/store.ts";
import { noKey } from "./unreadable.ts";

export interface SeenRecord {
  readonly version?: string;
  readonly seen: Extract<Observation["seen"], { kind: "record" }>;
}

export function seenRecord(resource: Resource, record: unknown): SeenRecord {
  const body = JSON.stringify(record);
  const version = textOrNone("version", resource.version?.(record));
  const title = titleOf(resource, record);
  const former = formerKeysOf(resource, record);
  return {
    ...(version === undefined ? {} : { version }),
    seen: {
      kind: "record",
      hash: hash("sha1", body, "base64"),
      ...(resource.keep === "hash" ? {} : { body }),
      ...(title === undefined ? {} : { title }),
      ...(former.length > 0 ? { former } : {}),
    },
  };
}

/** Throws where one of them is none, as `keyOf` does. */
export function formerKeysOf(resource: Resource, record: unknown): readonly string[] {
  const former = resource.formerKeys?.(record) ?? [];
  for (const one of former) if (!isKey(one)) throw noKey("what it took up", one);
  return former;
}

/** It is only for people: one that cannot be told, or is no text, is none, and costs the record nothing else. */
function titleOf(resource: Resource, record: unknown): string | undefined {
  try {
    const told: unknown = resource.title?.(record);
    return typeof told === "string" ? told : undefined;
  } catch {
    return undefined;
  }
}

/** Throws where the store could not take it: that would hold up all that came with it, for ever. */
export function textOrNone(what: string, told: unknown): string | undefined {
  if (told === undefined || told === null || typeof told === "string") return told ?? undefined;
  throw new TypeError(`the connector told a ${what} that is no text: expected text, got ${typeof told}`);
}
