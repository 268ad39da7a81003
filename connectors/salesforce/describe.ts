// Compares what a resource asks for with what the org and this user's rights have: before a sync meets it field by field.
import type { Api } from "../../src/define/connector.ts";
import type { Resource } from "../../src/define/resource.ts";
import { OBJECTS } from "./object.ts";

export interface FieldFault {
  /** "Account.Fax" */
  readonly field: string;
  /**
   * - `not-there`: the org has no such field, or hides it from this user.
   * - `not-writable`: this user may read it only.
   * - `not-unique`: the external id is none, or is not unique: two records may share it.
   */
  readonly fault: "not-there" | "not-writable" | "not-unique";
}

interface DescribedField {
  readonly name: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly idLookup: boolean;
}

/** What stands in the way of reading and writing this resource with these credentials; empty: nothing. */
export async function fieldFaults(api: Api, resource: Resource): Promise<readonly FieldFault[]> {
  const object = OBJECTS.get(resource);
  if (object === undefined) {
    throw new TypeError(`Could not describe "${resource.name}": expected a resource of Salesforce`);
  }
  const answer = await api.request({ method: "GET", path: `/sobjects/${object.name}/describe` });
  const { fields = [] } = (answer.json ?? {}) as { readonly fields?: readonly DescribedField[] };
  const described = new Map(fields.map((field) => [field.name, field]));
  const faultOf = (name: string): FieldFault["fault"] | undefined => {
    const field = described.get(name);
    if (field === undefined) return "not-there";
    const isKey = name === object.externalId || name === object.writeKey;
    if (isKey && !(field.externalId && field.unique)) return "not-unique";
    return object.writable.includes(name) && !field.createable && !field.updateable ? "not-writable" : undefined;
  };
  const names = new Set([...object.fields, ...(object.writeKey === undefined ? [] : [object.writeKey])]);
  return [...names].flatMap((name) => {
    const fault = faultOf(name);
    return fault === undefined ? [] : [{ field: `${object.name}.${name}`, fault }];
  });
}
