// Shows a record as it would be written, so that equal content compares equal.
import type { CrmObject, CrmRecord } from "./crm-object.ts";

/** Brings one property's text into the form in which it is written. */
export type Normal = (value: string) => string;

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
