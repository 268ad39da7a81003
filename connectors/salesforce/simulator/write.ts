// One write to the org, whoever makes it: checked by the fields, the org's rules and what else is there, then put down.
import { LOCKED, refuse, Refusal } from "./errors.ts";
import type { SalesforceSimulatorOptions } from "./options.ts";
import { eighteen, type Org, type Row } from "./org.ts";
import type { FieldFacts, Schema } from "./schema.ts";
import { kept, stampText, type Value } from "./values.ts";

export type Body = Readonly<Record<string, unknown>>;
type Rules = Pick<SalesforceSimulatorOptions, "validationRules" | "duplicateRules">;

export interface WriteCounts {
  readonly created: Record<string, number>;
  readonly updated: Record<string, number>;
}

export interface Saved {
  readonly id: string;
  readonly created: boolean;
}

/** Who writes: the API meets hidden fields and locks, a person at the screen does not. */
export interface Writer {
  readonly isApi: boolean;
  /** Duplicate rules that only warn are passed over. */
  readonly allowDuplicates?: boolean;
  /** The stamp, when it is not now: a long transaction commits later than it wrote. */
  readonly at?: number;
}

export class Writes {
  readonly counts: WriteCounts = { created: {}, updated: {} };
  readonly #org: Org;
  readonly #rules: Rules;
  #caseNumber = 1_000;

  constructor(org: Org, rules: Rules) {
    this.#org = org;
    this.#rules = rules;
  }

  insert(object: string, body: Body, writer: Writer): Saved {
    const schema = this.#writable(object);
    const { name, keyPrefix } = schema.facts;
    const given = this.#given(schema, body, writer);
    const defaults = Object.fromEntries(
      [...schema.fields.values()].map((field) => [field.name, field.default ?? null]),
    );
    const id = this.#org.newId(keyPrefix);
    const stamp = stampText(writer.at ?? this.#org.now());
    const by = { CreatedById: this.#org.userId, LastModifiedById: this.#org.userId };
    const times = { CreatedDate: stamp, LastModifiedDate: stamp, SystemModstamp: stamp };
    const row = this.#settled(schema, {
      ...defaults,
      OwnerId: this.#org.userId,
      ...given,
      ...times,
      ...by,
      Id: id,
      IsDeleted: false,
    });
    this.#check(schema, row, writer, Object.keys(given), true);
    this.counts.created[name] = (this.counts.created[name] ?? 0) + 1;
    this.#org.put(name, row, "CREATE", Object.keys(given), writer.at);
    return { id, created: true };
  }

  update(object: string, id: string, body: Body, writer: Writer): Saved {
    const schema = this.#writable(object);
    const { name } = schema.facts;
    const before = this.#there(schema, id, writer);
    const given = this.#given(schema, body, writer);
    const stamp = stampText(writer.at ?? this.#org.now());
    const times = { LastModifiedDate: stamp, SystemModstamp: stamp, LastModifiedById: this.#org.userId };
    const row = this.#settled(schema, { ...before, ...given, ...times });
    if (before["IsConverted"] === true) {
      refuse(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", []);
    }
    this.#check(schema, row, writer, Object.keys(given), false);
    this.counts.updated[name] = (this.counts.updated[name] ?? 0) + 1;
    this.#org.put(name, row, "UPDATE", Object.keys(given));
    return { id: String(row["Id"]), created: false };
  }

  /** By an external id: none makes one, one is updated, several are refused without an error's form (see the service). */
  upsert(object: string, fieldName: string, value: string, body: Body, writer: Writer): Saved {
    const schema = this.#writable(object);
    const field = this.#org.field(schema, fieldName);
    if (field === undefined || !(field.externalId ?? field.name === "Id")) {
      return refuse(404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: " + fieldName);
    }
    if (Object.keys(body).some((name) => name.toLowerCase() === fieldName.toLowerCase())) {
      const message = `The ${field.name} field should not be specified in the sobject data.`;
      refuse(400, "INVALID_FIELD", message, [field.name]);
    }
    const found = this.matches(schema, field, value);
    const [only] = found;
    if (only === undefined) return this.insert(object, { ...body, [field.name]: value }, writer);
    return this.update(object, String(only["Id"]), body, writer);
  }

  remove(object: string, id: string, writer: Writer): void {
    const schema = this.#writable(object);
    this.#there(schema, id, writer);
    this.#org.recycle(schema.facts.name, id);
  }

  /** Live records with this text in this field. */
  matches({ facts }: Schema, field: FieldFacts, value: string): readonly Row[] {
    const wanted = sameCase(field, value);
    const found: Row[] = [];
    for (const row of this.#org.rows(facts.name)) {
      if (row["IsDeleted"] !== false) continue;
      const own = row[field.name];
      if (own !== null && own !== undefined && sameCase(field, String(own)) === wanted) found.push(row);
    }
    return found;
  }

  #writable(object: string): Schema {
    const schema = this.#org.schema(object);
    if (schema.facts.name === "User" || schema.facts.name === "Organization") {
      refuse(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", `entity type cannot be written here: ${schema.facts.name}`);
    }
    return schema;
  }

  #there(schema: Schema, id: string, { isApi }: Writer): Row {
    const row = this.#org.row(schema.facts.name, id);
    if (row === undefined) return refuse(404, "NOT_FOUND", "The requested resource does not exist");
    if (row["IsDeleted"] === true) refuse(404, "ENTITY_IS_DELETED", "entity is deleted");
    if (isApi && this.#org.isLocked(id)) throw new Refusal(400, [LOCKED]);
    return row;
  }

  /** What was sent, field by field; parents may be named by their external ids. */
  #given(schema: Schema, body: Body, { isApi }: Writer): Record<string, Value> {
    const given: Record<string, Value> = {};
    for (const [name, value] of Object.entries(body)) {
      if (name === "attributes") continue;
      const field = isApi ? this.#org.field(schema, name) : schema.fields.get(name.toLowerCase());
      if (field === undefined) {
        const parent = this.#parent(schema, name, value);
        if (parent === undefined) {
          refuse(400, "INVALID_FIELD", `No such column '${name}' on sobject of type ${schema.facts.name}`);
        } else given[parent.field] = parent.id;
      } else if (field.readOnly === true) {
        const message = `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
        refuse(400, "INVALID_FIELD_FOR_INSERT_UPDATE", message, [field.name]);
      } else given[field.name] = kept(field, value);
    }
    return given;
  }

  #parent(schema: Schema, name: string, value: unknown): { readonly field: string; readonly id: string } | undefined {
    const field = [...schema.fields.values()].find((one) => one.relationshipName?.toLowerCase() === name.toLowerCase());
    const target = field?.referenceTo?.[0];
    if (field === undefined || target === undefined || typeof value !== "object" || value === null) return undefined;
    const parentSchema = this.#org.schema(target);
    for (const [key, wanted] of Object.entries(value)) {
      const by = parentSchema.fields.get(key.toLowerCase());
      if (by?.externalId !== true) continue;
      const [row] = this.matches(parentSchema, by, String(wanted));
      if (row === undefined) {
        const message = `Foreign key external ID: ${String(wanted)} not found for field ${by.name} in entity ${target}`;
        return refuse(400, "INVALID_FIELD", message);
      }
      return { field: field.name, id: String(row["Id"]) };
    }
    return undefined;
  }

  /** What follows from other fields. */
  #settled({ facts }: Schema, row: Record<string, Value>): Row {
    switch (facts.name) {
      case "Contact":
      case "Lead":
        return { ...row, Name: [row["FirstName"], row["LastName"]].filter((part) => part !== null).join(" ") };
      case "Opportunity":
        return settledOpportunity(row);
      case "Case": {
        const isClosed = row["Status"] === "Closed";
        const number = row["CaseNumber"] ?? String((this.#caseNumber += 1)).padStart(8, "0");
        const closedAt = isClosed ? (row["ClosedDate"] ?? row["SystemModstamp"] ?? null) : null;
        return { ...row, CaseNumber: number, IsClosed: isClosed, ClosedDate: closedAt };
      }
      default:
        return row;
    }
  }

  #check(schema: Schema, row: Row, writer: Writer, given: readonly string[], isNew: boolean): void {
    const { facts, fields } = schema;
    const missing = [...fields.values()].filter((one) => one.required === true && (row[one.name] ?? null) === null);
    if (missing.length > 0) {
      const names = missing.map((one) => one.name);
      refuse(400, "REQUIRED_FIELD_MISSING", `Required fields are missing: [${names.join(", ")}]`, names);
    }
    for (const name of given) this.#checkReference(schema, name, row[name] ?? null);
    for (const field of fields.values()) if (field.unique === true) this.#checkUnique(schema, field, row);
    const objection = this.#rules.validationRules?.[facts.name]?.(row);
    if (objection !== undefined) refuse(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", objection, []);
    if (isNew && writer.allowDuplicates !== true) this.#checkDuplicates(schema, row);
  }

  #checkReference(schema: Schema, name: string, value: Value): void {
    const field = schema.fields.get(name.toLowerCase());
    if (field?.type !== "reference" || typeof value !== "string") return;
    if (!/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(value)) {
      refuse(400, "MALFORMED_ID", `${name}: id value of incorrect type: ${value}`, [name]);
    }
    const targets = field.referenceTo;
    if (targets === undefined || targets.some((target) => this.#org.live(target, value) !== undefined)) return;
    const wasThere = targets.some((target) => this.#org.row(target, value) !== undefined);
    if (wasThere) refuse(400, "ENTITY_IS_DELETED", "entity is deleted", [name]);
    refuse(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", []);
  }

  #checkUnique(schema: Schema, field: FieldFacts, row: Row): void {
    const value = row[field.name] ?? null;
    if (value === null) return;
    const other = this.matches(schema, field, String(value)).find((one) => one["Id"] !== row["Id"]);
    if (other === undefined) return;
    const id = String(other["Id"]).slice(0, 15);
    refuse(
      400,
      "DUPLICATE_VALUE",
      `duplicate value found: ${field.name} duplicates value on record with id: ${id}`,
      [],
    );
  }

  #checkDuplicates({ facts, fields }: Schema, row: Row): void {
    const name = this.#rules.duplicateRules?.[facts.name];
    const field = name === undefined ? undefined : fields.get(name.toLowerCase());
    const value = field === undefined ? null : (row[field.name] ?? null);
    if (field === undefined || value === null) return;
    const [match] = this.matches({ facts, fields }, field, String(value));
    if (match === undefined) return;
    throw new Refusal(400, [
      {
        message: "Use one of these records?",
        errorCode: "DUPLICATES_DETECTED",
        duplicateResult: duplicateResult(facts.name, String(match["Id"])),
      },
    ]);
  }
}

function settledOpportunity(row: Record<string, Value>): Row {
  const stage = String(row["StageName"] ?? "");
  const isWon = stage === "Closed Won";
  const isClosed = isWon || stage === "Closed Lost";
  const probability = isWon ? 100 : isClosed ? 0 : (row["Probability"] ?? 10);
  const amount = row["Amount"] ?? null;
  const expected = typeof amount === "number" ? Math.round(amount * Number(probability)) / 100 : null;
  const category = isWon ? "Closed" : isClosed ? "Omitted" : "Pipeline";
  return {
    ...row,
    IsWon: isWon,
    IsClosed: isClosed,
    Probability: probability,
    ExpectedRevenue: expected,
    ForecastCategory: category,
  };
}

function duplicateResult(object: string, id: string): object {
  const rule = `Standard_${object}_Duplicate_Rule`;
  const record = { attributes: { type: object, url: `/services/data/v67.0/sobjects/${object}/${id}` }, Id: id };
  const matchRecords = [{ additionalInformation: [], fieldDiffs: [], matchConfidence: 100, record }];
  return {
    allowSave: true,
    duplicateRule: rule,
    duplicateRuleEntityType: object,
    errorMessage: "Use one of these records?",
    matchResults: [
      { entityType: object, errors: [], matchEngine: "FuzzyMatchEngine", matchRecords, rule, size: 1, success: true },
    ],
  };
}

function sameCase(field: FieldFacts, text: string): string {
  if (field.type === "id") return eighteen(text);
  return field.caseSensitive === true ? text : text.toLowerCase();
}
