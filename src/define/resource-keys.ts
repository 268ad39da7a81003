// The members of a resource that are misspelt or missing: a reading that is called otherwise would never be asked, and whatever relies
// on it do without, or wait for ever.
import { wrongKeys, type KnownKeys } from "./known-keys.ts";
import { suggestion, type Fault } from "./fault.ts";
import type { Changes, Everything, Read, Resource, Safety, Write, WriteTogether } from "./resource.ts";

const RESOURCE_KEYS = {
  name: "required",
  schema: "required",
  key: "required",
  version: "optional",
  versionExact: "optional",
  changedAt: "optional",
  clock: "optional",
  formerKeys: "optional",
  changedByUs: "optional",
  title: "optional",
  read: "optional",
  changes: "optional",
  everything: "optional",
  write: "optional",
  keep: "optional",
} satisfies KnownKeys<Resource>;

// A figure is told as missing where the connector's figures are checked.
const READ_KEYS = {
  keysMax: "checked",
  records: "required",
  successors: "optional",
  hidden: "optional",
} satisfies KnownKeys<Read<unknown>>;

const CHANGES_KEYS = {
  paging: "optional",
  page: "required",
  overlapMs: "checked",
  lookbackMaxMs: "optional",
  tellsDeletions: "optional",
} satisfies KnownKeys<Changes<unknown>>;

const EVERYTHING_KEYS = { paging: "optional", page: "required" } satisfies KnownKeys<Everything<unknown>>;

const WRITE_KEYS = {
  fields: "required",
  safety: "required",
  guarded: "optional",
  create: "required",
  update: "optional",
  removals: "optional",
  together: "optional",
  lookup: "optional",
  fieldsOf: "optional",
} satisfies KnownKeys<Write<unknown, unknown>>;

const TOGETHER_KEYS = {
  most: "checked",
  create: "optional",
  update: "optional",
  removals: "optional",
} satisfies KnownKeys<WriteTogether<unknown, unknown>>;

const SAFETY_KEYS: { readonly [Kind in Safety["kind"]]: KnownKeys<Extract<Safety, { readonly kind: Kind }>> } = {
  "idempotency-key": { kind: "required", retentionMs: "checked" },
  upsert: { kind: "required" },
  lookup: { kind: "required", lagMs: "checked" },
  none: { kind: "required" },
};

/** Each with its place within the resource; "": the resource itself. */
export function resourceKeyFaults(resource: Resource): readonly Fault[] {
  const { read, changes, everything, write } = resource;
  return [
    ...wrongIn("", resource, RESOURCE_KEYS),
    ...wrongIn("read", read, READ_KEYS),
    ...wrongIn("changes", changes, CHANGES_KEYS),
    ...wrongIn("everything", everything, EVERYTHING_KEYS),
    ...wrongIn("write", write, WRITE_KEYS),
    ...wrongIn("write › together", write?.together, TOGETHER_KEYS),
    ...(write?.safety === undefined ? [] : safetyFaults(write.safety)),
  ];
}

function safetyFaults(safety: Safety): readonly Fault[] {
  const place = "write › safety";
  if (Object.hasOwn(SAFETY_KEYS, safety.kind)) return wrongIn(place, safety, SAFETY_KEYS[safety.kind]);
  const message = `there is no such safety.${suggestion(String(safety.kind), Object.keys(SAFETY_KEYS))}`;
  return [{ place: `${place} › kind`, message }];
}

function wrongIn(place: string, given: object | undefined, keys: Parameters<typeof wrongKeys>[1]): readonly Fault[] {
  return given === undefined ? [] : wrongKeys(given, keys).map((message) => ({ place, message }));
}
