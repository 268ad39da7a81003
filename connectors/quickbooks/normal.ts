// Brings what QuickBooks shows into the form in which it is written, so that equal content compares equal: references
// without their names, addresses without their ids, nothing that only QuickBooks sets.

type Part = { readonly [name: string]: unknown };

/** The named fields of a record, where it has them. */
export function pick<Record extends object, const Name extends keyof Record & string>(
  record: Record,
  names: readonly Name[],
): { [N in Name]?: Record[N] } {
  const kept: { [N in Name]?: Record[N] } = {};
  for (const name of names) if (record[name] !== undefined) kept[name] = record[name];
  return kept;
}

export function bareReference(reference: { readonly value: string } | undefined): { value: string } | undefined {
  return reference === undefined ? undefined : { value: reference.value };
}

/** The part without the id that QuickBooks gave it, and without places on the map. */
export function bareAddress<Address extends object>(address: Address | undefined): Omit<Address, "Id"> | undefined {
  if (address === undefined) return undefined;
  const { Id: _id, Lat: _lat, Long: _long, ...rest } = address as Part;
  return rest as Omit<Address, "Id">;
}

/** Drops what is undefined: an absent field is a field that is not there. */
export function present<Fields extends object>(
  fields: Fields,
): { [N in keyof Fields]?: Exclude<Fields[N], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
