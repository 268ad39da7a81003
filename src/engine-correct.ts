// What a person says a target field has to be. It is held to the target's schema before it is kept: one that does not fit would
// only park the record again, for another reason than before.
import { ControlError } from "./control.ts";
import { isKnown, knownFields, unfit } from "./define/check-fields.ts";
import { suggestion } from "./define/fault.ts";
import { issuePath, issueText, type Schema } from "./define/schema.ts";
import type { Sync } from "./define/sync.ts";
import { shown } from "./mapping/shown.ts";

type Corrections = Readonly<Record<string, unknown>>;

/** Null takes a correction back, whatever its field is. */
export function refuseUnfit({ to }: Sync, key: string, corrections: Corrections): void {
  const schema: Schema | undefined = to.resource.write?.fields;
  if (schema === undefined) return;
  const kept = Object.fromEntries(Object.entries(corrections).filter(([, value]) => value !== null));
  const fault = unknownField(schema, kept) ?? misfit(schema, kept);
  if (fault === undefined) return;
  const { field, why } = fault;
  throw new ControlError("not-possible", `could not correct ${field} of ${key}: ${to.id} ${why}`);
}

interface Fault {
  readonly field: string;
  /** Reads on from the target's name. */
  readonly why: string;
}

function unknownField(schema: Schema, kept: Corrections): Fault | undefined {
  const field = Object.keys(kept).find((name) => !isKnown(schema, name));
  if (field === undefined) return undefined;
  return { field, why: `takes no field of this name.${suggestion(field, knownFields(schema) ?? [])}` };
}

function misfit(schema: Schema, kept: Corrections): Fault | undefined {
  const [issue] = unfit(schema, kept);
  if (issue === undefined) return undefined;
  const field = String(issuePath(issue)[0]);
  const value = kept[field];
  const hint = typeof value === "number" || typeof value === "boolean" ? "; if it has to be text, give it quotes" : "";
  return { field, why: `would not take ${shown(value)}: ${issueText(issue)}${hint}` };
}
