// Does what goes across come back? Values are drawn from the converter's own examples and from what the fields' schemas take;
// each fault names the field and the value, for the check of a project and for people's own tests.
import { issuePath, type Schema } from "./schema.ts";
import { otherSide, type FieldPair, type Side, type TwoWaySync } from "./two-way.ts";
import { thrownText } from "./thrown-text.ts";

export interface RoundTripFault {
  /** "Email ↔ email". */
  readonly field: string;
  /** The side whose value it is, by its name. */
  readonly side: string;
  readonly value: unknown;
  readonly message: string;
}

/** Tried where the field's schema takes them. */
const CANDIDATES: readonly unknown[] = [
  true,
  false,
  0,
  1,
  -1,
  12.5,
  1_234_567.89,
  "a",
  "A b",
  " padded ",
  "ä",
  "0",
  "-1",
  "12.50",
  "true",
  "2026-11-21",
  "2026-11-21T10:00:00Z",
  "anna@example.com",
  ["a", "b"],
];

/**
 * Every value that does not come back. An example has to come back as it was; any other value that is taken has to come to rest
 * after one trip: what an edit made of it is not made anew by the next.
 */
export function roundTrips(sync: TwoWaySync): readonly RoundTripFault[] {
  return sync.pairs.flatMap((pair) => (pair.across === undefined ? [] : faultsOf(sync, pair)));
}

function faultsOf(sync: TwoWaySync, pair: FieldPair): readonly RoundTripFault[] {
  const faults: RoundTripFault[] = [];
  const { side: from = 0, examples = [] } = pair.converter ?? {};
  const told = (side: Side, value: unknown, message: string): void => {
    const { name } = sync.sides[side];
    faults.push({ field: pair.fields.join(" ↔ "), side: name, value, message });
  };
  for (const example of examples) {
    const fault = exampleFault(sync, pair, from, example);
    if (fault !== undefined) told(from, example, fault);
  }
  for (const side of [0, 1] as const) {
    for (const value of CANDIDATES) {
      if (!takes(sync, side, pair, value)) continue;
      const fault = restFault(pair, side, value);
      if (fault !== undefined) told(side, value, fault);
    }
  }
  return faults;
}

function exampleFault(sync: TwoWaySync, pair: FieldPair, side: Side, value: unknown): string | undefined {
  const there = carried(pair, side, value);
  if ("failed" in there) return `it cannot be carried across: ${there.failed}`;
  const other = otherSide(side);
  if (!takes(sync, other, pair, there.value)) {
    return `it becomes ${shown(there.value)}, which ${pair.fields[other]} does not take`;
  }
  const back = carried(pair, other, there.value);
  if ("failed" in back) return `it becomes ${shown(there.value)}, which cannot be carried back: ${back.failed}`;
  return isSame(pair, back.value, value) ? undefined : `it comes back as ${shown(back.value)}`;
}

/** A value that is not carried at all parks its record, which is no fault of the converter. */
function restFault(pair: FieldPair, side: Side, value: unknown): string | undefined {
  const other = otherSide(side);
  const there = carried(pair, side, value);
  if ("failed" in there) return undefined;
  const back = carried(pair, other, there.value);
  if ("failed" in back) return `it becomes ${shown(there.value)}, which cannot be carried back: ${back.failed}`;
  const again = carried(pair, side, back.value);
  if ("failed" in again)
    return `it comes back as ${shown(back.value)}, which cannot be carried across: ${again.failed}`;
  if (isSame(pair, again.value, there.value)) return undefined;
  return `it never comes to rest: ${[there.value, back.value, again.value].map(shown).join(", then ")}`;
}

type Carried = { readonly value: unknown } | { readonly failed: string };

function carried({ across }: FieldPair, side: Side, value: unknown): Carried {
  try {
    return { value: across === undefined ? value : across[side](value) };
  } catch (error) {
    return { failed: thrownText(error) };
  }
}

function takes({ sides }: TwoWaySync, side: Side, { fields }: FieldPair, value: unknown): boolean {
  const schema = sides[side].resource.resource.write?.fields as Schema | undefined;
  if (schema === undefined) return false;
  try {
    const result = schema["~standard"].validate({ [fields[side]]: value });
    if (result instanceof Promise) return false;
    return !(result.issues ?? []).some((issue) => issuePath(issue)[0] === fields[side]);
  } catch {
    return false;
  }
}

function isSame({ as }: FieldPair, one: unknown, other: unknown): boolean {
  if (JSON.stringify(one) === JSON.stringify(other)) return true;
  if (as === undefined || typeof one !== "string" || typeof other !== "string") return false;
  return as.normal(one) === as.normal(other);
}

const shown = (value: unknown): string => String(JSON.stringify(value)).slice(0, 80);
