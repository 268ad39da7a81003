// Shows a record as it would be written, so that equal content compares equal.
import type { CrmObject, CrmRecord } from "./crm-object.ts";
import type { OwnProperties } from "./shapes.ts";

/** Brings one property's text into the form in which it is written. */
export type Normal = (value: string) => string;

/** Each of the account's own properties in the form in which its field is written. */
export function normalOf(added: OwnProperties): { readonly [property: string]: Normal } {
  return Object.fromEntries(
    Object.entries(added).map(([name, schema]) => [name, (value: string) => schema.safeParse(value).data ?? value]),
  );
}

/** What the object has, with its associations, and the account's own properties as `custom`. Nothing that is empty. */
export function fieldsOf<Fields>(
  object: CrmObject,
  record: CrmRecord,
  normal: { readonly [property: string]: Normal } = {},
): Partial<Fields> {
  const fields: { [name: string]: unknown } = {};
  const custom: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(record.properties)) {
    if (value === null || value === undefined || value === "") continue;
    if (object.writable.includes(name)) fields[name] = normal[name]?.(value) ?? value;
    else if (!object.properties.includes(name)) custom[name] = value;
  }
  for (const { to } of object.associated) {
    const ids = record.associations?.[to]?.results.map(({ id }) => id) ?? [];
    if (ids.length > 0) fields[to] = [...new Set(ids)].toSorted().map((id) => ({ id }));
  }
  if (Object.keys(custom).length > 0) fields["custom"] = custom;
  return fields as Partial<Fields>;
}
