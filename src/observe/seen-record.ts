// A record as it is observed: its version, its hash, and its body as JSON where the resource keeps bodies.
import { hash } from "node:crypto";
import type { Resource } from "../define/resource.ts";
import type { Observation } from "../store/store.ts";

export interface SeenRecord {
  readonly version?: string;
  readonly seen: Extract<Observation["seen"], { kind: "record" }>;
}

export function seenRecord(resource: Resource, record: unknown): SeenRecord {
  const body = JSON.stringify(record);
  const version = resource.version?.(record);
  const title = resource.title?.(record);
  const former = resource.formerKeys?.(record) ?? [];
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
