// What the org tells of its objects and fields, as far as this user may see them.
import type { Org } from "./org.ts";
import type { FieldFacts, Schema } from "./schema.ts";

const SOAP_TYPES: Readonly<Record<string, string>> = {
  id: "tns:ID",
  reference: "tns:ID",
  boolean: "xsd:boolean",
  int: "xsd:int",
  currency: "xsd:double",
  double: "xsd:double",
  percent: "xsd:double",
  date: "xsd:date",
  datetime: "xsd:dateTime",
};

export function describeGlobal(org: Org, base: string): object {
  return {
    encoding: "UTF-8",
    maxBatchSize: 200,
    sobjects: [...org.schemas.values()].map((schema) => brief(schema, base)),
  };
}

export function describeObject(org: Org, object: string, base: string): object {
  const schema = org.schema(object);
  const fields = [...schema.fields.values()].filter(({ name }) => org.field(schema, name) !== undefined);
  const children = Object.entries(schema.facts.children ?? {});
  return {
    ...brief(schema, base),
    fields: fields.map(describeField),
    childRelationships: children.map(([relationshipName, [childSObject, field]]) => ({
      relationshipName,
      childSObject,
      field,
      cascadeDelete: false,
    })),
    recordTypeInfos: [],
  };
}

export function briefOf(org: Org, object: string, base: string): object {
  return { objectDescribe: brief(org.schema(object), base), recentItems: [] };
}

function brief({ facts }: Schema, base: string): object {
  const isWritable = facts.name !== "User" && facts.name !== "Organization";
  return {
    name: facts.name,
    label: facts.name,
    labelPlural: facts.name,
    keyPrefix: facts.keyPrefix,
    custom: facts.name.endsWith("__c"),
    createable: isWritable,
    updateable: isWritable,
    deletable: isWritable,
    undeletable: isWritable,
    mergeable: facts.mergeable === true,
    queryable: true,
    retrieveable: true,
    replicateable: facts.replicateable !== false,
    urls: { sobject: `${base}/sobjects/${facts.name}`, describe: `${base}/sobjects/${facts.name}/describe` },
  };
}

function describeField(field: FieldFacts): object {
  const isWritable = field.readOnly !== true;
  return {
    name: field.name,
    label: field.name,
    type: field.type,
    soapType: SOAP_TYPES[field.type] ?? "xsd:string",
    length: field.length ?? 0,
    scale: field.scale ?? 0,
    nillable: field.required !== true && field.type !== "boolean",
    defaultedOnCreate: field.default !== undefined || field.name === "OwnerId",
    createable: isWritable,
    updateable: isWritable,
    externalId: field.externalId === true,
    unique: field.unique === true,
    caseSensitive: field.caseSensitive === true,
    idLookup: field.externalId === true || field.name === "Id",
    custom: field.name.endsWith("__c"),
    filterable: field.type !== "textarea",
    referenceTo: field.referenceTo ?? [],
    relationshipName: field.relationshipName ?? null,
    restrictedPicklist: field.values !== undefined,
    picklistValues: (field.values ?? []).map((value) => ({ active: true, defaultValue: false, label: value, value })),
  };
}
