// Brings what Xero shows into the form in which it is written, so that equal content compares equal: Xero shows a field
// without content as an empty text.

/** The named fields of a record that have content. */
export function filled<Record extends object, const Name extends keyof Record & string>(
  record: Record,
  names: readonly Name[],
): { [N in Name]?: Exclude<Record[N], undefined> } {
  const kept = names.filter((name) => record[name] !== undefined && record[name] !== "" && record[name] !== null);
  return Object.fromEntries(kept.map((name) => [name, record[name]])) as never;
}

/** Drops what is undefined: an absent field is a field that is not there. */
export function present<Fields extends object>(
  fields: Fields,
): { [N in keyof Fields]?: Exclude<Fields[N], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** An empty list is nothing that was written. */
export function some<Item>(list: readonly Item[]): Item[] | undefined {
  return list.length === 0 ? undefined : [...list];
}
