// What should be written for one record: a pure function of the source as it is, the target as we last knew it, and the
// sync. It touches nothing, so that it can be explained, rehearsed and tested as a table.
import { isDeepStrictEqual } from "node:util";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { misfitsOf, type Misfit } from "../define/misfit.ts";
import type { Sync } from "../define/sync.ts";
import { thrownText } from "../define/thrown-text.ts";
import { issueText, type Schema } from "../define/schema.ts";
import { mappedPaths, targetsOf } from "../mapping/mapped-paths.ts";
import type { Claim, KnownRecord, Link, LinkNeed, ParkCause } from "../store/store.ts";

export type Decision =
  /** The source has to be read first. */
  | { readonly do: "look" }
  | { readonly do: "nothing"; readonly why: "agreed" | "out-of-scope" | "gone"; readonly link?: Link | null }
  | { readonly do: "create"; readonly fields: Fields }
  | { readonly do: "update"; readonly targetKey: string; readonly fields: Fields; readonly changed: readonly string[] }
  | { readonly do: "remove"; readonly targetKey: string; readonly way: string }
  | { readonly do: "wait"; readonly on: LinkNeed }
  | Park;

export interface Park {
  readonly do: "park";
  readonly cause: ParkCause;
  readonly reason: string;
  /** What the owner can do. */
  readonly todo: string;
  readonly detail?: unknown;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface Decided {
  readonly sync: Sync;
  readonly claim: Claim;
  /** The parsed body; undefined when it is not known. */
  readonly body: unknown;
  /** The target key that another sync linked a source key to. */
  readonly linked: (sync: string, key: string) => string | undefined;
  /** Is told of what does not fit the source's schema, whether or not it matters. */
  readonly onMisfit?: (misfits: readonly Misfit[]) => void;
}

export function decide({ sync, claim, body, linked, onMisfit }: Decided): Decision {
  const { record, link } = claim;
  if (record === undefined || record.stale > 0 || (body === undefined && !record.deleted)) return { do: "look" };
  if (record.deleted) return afterDeletion(sync, link);

  const read = fit(sync.from.resource.schema, body);
  if (read.kind === "misfit") onMisfit?.(misfitsOf(read.issues, body));
  if (read.kind === "misfit" && matters(sync, read.issues, body)) {
    return {
      do: "park",
      cause: "schema",
      reason: `the record does not have the shape that ${sync.from.id} promises: ${read.issue}`,
      todo: "See whether the provider changed its answer, then retry; if it did, the connector's schema has to follow.",
      detail: { issue: read.issue },
    };
  }

  const scope = inScope(sync, body);
  if (typeof scope === "object") return scope;
  if (!scope) return outOfScope(sync, link);

  const mapped = sync.mapping.apply(body, linked, claim.corrections);
  if (mapped.kind === "wait") return { do: "wait", on: mapped.on[0] as LinkNeed };
  if (mapped.kind === "park") {
    return {
      do: "park",
      cause: "mapping",
      reason: mapped.problems.map(({ field, reason }) => `${field}: ${reason}`).join("; "),
      todo: "Mend the record at its source, correct the field with `bowline parked edit`, or mend the mapping; then retry.",
      detail: { problems: mapped.problems },
    };
  }
  const wanted = withCorrections(mapped.fields as Fields, claim.corrections);
  return whatToWrite(sync, record, link, { wanted, corrections: claim.corrections });
}

/** What no rule reads may change as it likes. */
function matters(sync: Sync, issues: readonly StandardSchemaV1.Issue[], body: unknown): boolean {
  const paths = mappedPaths(sync);
  return misfitsOf(issues, body).some(({ place }) => targetsOf(paths, place).length > 0);
}

function afterDeletion(sync: Sync, link: Link | undefined): Decision {
  if (link === undefined) return { do: "nothing", why: "gone" };
  if (sync.onDelete === "keep") return { do: "nothing", why: "gone" };
  if (sync.onDelete === "park") {
    return {
      do: "park",
      cause: "deleted",
      reason: `the record was deleted in ${sync.from.id}; its counterpart ${link.targetKey} in ${sync.to.id} is still there`,
      todo: "Take the counterpart out of use by hand, then discard this row.",
    };
  }
  return { do: "remove", targetKey: link.targetKey, way: sync.onDelete };
}

/** Is the record for this sync at all? The rule is people's code, so it may throw. */
function inScope(sync: Sync, body: unknown): boolean | Park {
  if (sync.only === undefined) return true;
  try {
    return sync.only(body);
  } catch (error) {
    return {
      do: "park",
      cause: "mapping",
      reason: `\`only\` of sync ${sync.name} threw: ${thrownText(error)}`,
      todo: "Mend `only` so that it answers for this record too, then retry.",
    };
  }
}

function outOfScope(sync: Sync, link: Link | undefined): Decision {
  if (link === undefined || sync.onOutOfScope === "keep") return { do: "nothing", why: "out-of-scope" };
  return { do: "remove", targetKey: link.targetKey, way: sync.onOutOfScope };
}

function withCorrections(fields: Fields, corrections: Claim["corrections"]): Fields {
  return corrections === undefined ? fields : { ...fields, ...corrections };
}

interface Wanted {
  readonly wanted: Fields;
  readonly corrections: Claim["corrections"];
}

function whatToWrite(
  sync: Sync,
  record: KnownRecord,
  link: Link | undefined,
  { wanted, corrections = {} }: Wanted,
): Decision {
  const write = sync.to.resource.write;
  if (write === undefined) throw new Error(`${sync.to.id} cannot be written: expected a resource with \`write\``);
  const taken = fit(write.fields, wanted);
  if (taken.kind === "misfit") {
    return {
      do: "park",
      cause: "invalid",
      reason: `${sync.to.id} would not take the mapped fields: ${taken.issue}`,
      todo: "Correct the field with `bowline parked edit`, or mend the record or the mapping; then retry.",
      detail: { issue: taken.issue },
    };
  }
  // As the schema leaves them ("19.9" becomes "19.90"), so that equal values compare equal.
  const fields = taken.value as Fields;
  const astray = Object.keys(corrections).filter((name) => !Object.hasOwn(fields, name));
  if (astray.length > 0) return correctionsAstray(sync, astray);
  if (link === undefined) return { do: "create", fields };
  const changed = changedFields(JSON.parse(link.base) as Fields, fields);
  if (changed.length > 0) {
    if (write.update !== undefined) return { do: "update", targetKey: link.targetKey, fields, changed };
    // Nothing was agreed on yet: a person linked them, and that they belong together is all that can be agreed on.
    if (link.recordHash === "") {
      return { do: "nothing", why: "agreed", link: { ...link, base: JSON.stringify(fields), ...agreedOn(record) } };
    }
    return {
      do: "park",
      cause: "invalid",
      reason: `${changed.join(", ")} changed in ${sync.from.id}, but ${sync.to.id} lets nothing be changed afterwards`,
      todo: `Mend ${link.targetKey} by hand, then discard this row.`,
      detail: { changed },
    };
  }
  if (link.recordHash === record.hash) return { do: "nothing", why: "agreed" };
  return { do: "nothing", why: "agreed", link: { ...link, ...agreedOn(record) } };
}

/** A person's word that would do nothing, such as that of a misspelled field, is said to do nothing. */
function correctionsAstray({ to }: Sync, names: readonly string[]): Park {
  return {
    do: "park",
    cause: "invalid",
    reason: `could not correct ${names.join(", ")}: ${to.id} takes no field of this name`,
    todo: "Take the correction back with `bowline parked edit --unset`, and correct the field that was meant.",
  };
}

/** The source record that both sides now agree on. */
function agreedOn(record: Pick<KnownRecord, "hash" | "version">): Pick<Link, "recordHash" | "recordVersion"> {
  return { recordHash: record.hash, ...(record.version === undefined ? {} : { recordVersion: record.version }) };
}

/** The top-level fields that differ, those that vanished among them. */
export function changedFields(base: Fields, fields: Fields): readonly string[] {
  const names = new Set([...Object.keys(base), ...Object.keys(fields)]);
  return [...names].filter((name) => !isDeepStrictEqual(normal(base[name]), normal(fields[name])));
}

/** A value as JSON keeps it, since the base went through JSON: without undefined members. */
function normal(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.parse(JSON.stringify(value)) : value;
}

type Fit =
  | { readonly kind: "fits"; readonly value: unknown }
  | { readonly kind: "misfit"; readonly issue: string; readonly issues: readonly StandardSchemaV1.Issue[] };

/** The value as the schema leaves it, or the first way in which it does not fit, with its place. */
export function fit(schema: Schema, value: unknown): Fit {
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) {
    // Zod makes a promise also of a rule that throws; nobody else waits for it, and alone it would end the process.
    result.catch(() => undefined);
    throw new TypeError("could not check a record: one of its schema's rules threw, or is asynchronous");
  }
  if (result.issues === undefined) return { kind: "fits", value: result.value };
  return { kind: "misfit", issue: result.issues.slice(0, 1).map(issueText).join(), issues: result.issues };
}
