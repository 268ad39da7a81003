// The records of the org: live ones, those in the recycle bin, and the log of what was deleted. Stamps are cut to the second.
import type { Clock } from "../../../src/world/world.ts";
import { refuse } from "./errors.ts";
import type { SalesforceSimulatorSettings } from "./options.ts";
import type { FieldFacts, Schema } from "./schema.ts";
import { stampText, stampTime, type Value } from "./values.ts";

export type Row = { readonly [field: string]: Value };

export interface Change {
  readonly object: string;
  readonly id: string;
  readonly type: "CREATE" | "UPDATE" | "DELETE" | "UNDELETE";
  readonly at: number;
  readonly fields: readonly string[];
}

export interface Deletion {
  readonly object: string;
  readonly id: string;
  readonly at: number;
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const POD = "5e00000";
const SERIAL_LENGTH = 5;

export class Org {
  readonly schemas: ReadonlyMap<string, Schema>;
  /** The log of deletions; what was undeleted is taken out of it. */
  deletions: Deletion[] = [];
  /** Records that somebody holds locked, until a time. */
  readonly locks = new Map<string, number>();
  /** Fields that the user of the API may not see: "Account.Fax". */
  readonly hidden = new Set<string>();
  /** When the log of deletions was last purged because it had grown too large. */
  purgedAt = 0;
  onChange: (change: Change) => void = () => {};
  readonly userId: string;
  readonly organizationId: string;
  readonly #clock: Clock;
  readonly #settings: SalesforceSimulatorSettings;
  readonly #rows = new Map<string, Map<string, Row>>();
  #serial = 0;

  constructor(
    clock: Clock,
    schemas: ReadonlyMap<string, Schema>,
    organizationId: string,
    settings: SalesforceSimulatorSettings,
  ) {
    this.#clock = clock;
    this.#settings = settings;
    this.schemas = schemas;
    this.organizationId = eighteen(organizationId);
    for (const { facts } of schemas.values()) this.#rows.set(facts.name, new Map());
    this.userId = this.newId("005");
    this.#furnish();
  }

  now(): number {
    return this.#clock.now();
  }

  schema(object: string): Schema {
    const schema = this.schemas.get(object.toLowerCase());
    if (schema === undefined) {
      const message = `sObject type '${object}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.`;
      return refuse(400, "INVALID_TYPE", message);
    }
    return schema;
  }

  /** Undefined where there is none, or the user may not see it. */
  field({ facts, fields }: Schema, name: string): FieldFacts | undefined {
    const field = fields.get(name.toLowerCase());
    return field === undefined || this.hidden.has(`${facts.name}.${field.name}`) ? undefined : field;
  }

  newId(prefix: string): string {
    let serial = (this.#serial += 1);
    let text = "";
    for (let place = 0; place < SERIAL_LENGTH; place += 1) {
      text = DIGITS.charAt(serial % DIGITS.length) + text;
      serial = Math.floor(serial / DIGITS.length);
    }
    return eighteen(prefix + POD + text);
  }

  /** All rows of an object, those in the bin too. */
  rows(object: string): IterableIterator<Row> {
    this.#emptyBin(object);
    return this.#of(object).values();
  }

  /** Also one in the bin. */
  row(object: string, id: string): Row | undefined {
    return this.#of(object).get(eighteen(id));
  }

  live(object: string, id: string): Row | undefined {
    const row = this.row(object, id);
    return row?.["IsDeleted"] === false ? row : undefined;
  }

  put(object: string, row: Row, type: Change["type"], fields: readonly string[], at = this.now()): void {
    const id = String(row["Id"]);
    this.#of(object).set(id, row);
    this.onChange({ object, id, type, at, fields });
  }

  /** Into the bin; a merge says into which record it went. */
  recycle(object: string, id: string, masterId?: string): void {
    const row = this.live(object, id);
    if (row === undefined) return;
    const stamp = stampText(this.now());
    const hasMaster = this.schema(object).fields.has("masterrecordid");
    this.deletions.push({ object, id: String(row["Id"]), at: stampTime(stamp) });
    this.put(
      object,
      {
        ...row,
        IsDeleted: true,
        SystemModstamp: stamp,
        LastModifiedDate: stamp,
        ...(hasMaster ? { MasterRecordId: masterId ?? null } : {}),
      },
      "DELETE",
      [],
    );
  }

  restore(object: string, id: string): void {
    const row = this.row(object, id);
    if (row === undefined || row["IsDeleted"] === false)
      return refuse(400, "UNDELETE_FAILED", `Entity is not in the recycle bin`);
    const stamp = stampText(this.now());
    this.deletions = this.deletions.filter((one) => one.object !== object || one.id !== row["Id"]);
    this.put(object, { ...row, IsDeleted: false, SystemModstamp: stamp, LastModifiedDate: stamp }, "UNDELETE", []);
  }

  /** Gone for good: the log of deletions still tells of it. */
  purge(object: string, id: string): void {
    if (this.live(object, id) !== undefined) this.recycle(object, id);
    this.#of(object).delete(eighteen(id));
  }

  isLocked(id: string): boolean {
    return (this.locks.get(eighteen(id)) ?? 0) > this.now();
  }

  #of(object: string): Map<string, Row> {
    const rows = this.#rows.get(object);
    if (rows === undefined) throw new Error(`The org has no ${object}`);
    return rows;
  }

  #emptyBin(object: string): void {
    const oldest = this.now() - this.#settings.recycleBinMs;
    const old = this.deletions.filter((one) => one.object === object && one.at < oldest);
    for (const { id } of old) {
      if (this.row(object, id)?.["IsDeleted"] === true) this.#of(object).delete(id);
    }
  }

  #furnish(): void {
    const stamp = stampText(this.now());
    const system = { IsDeleted: false, CreatedDate: stamp, LastModifiedDate: stamp, SystemModstamp: stamp };
    const by = { CreatedById: this.userId, LastModifiedById: this.userId };
    const user = { Name: "Ida Integration", Username: "ida@acme.example", Email: "ida@acme.example" };
    this.#of("User").set(this.userId, { Id: this.userId, ...system, ...by, ...user });
    const org = { Name: "Acme", OrganizationType: "Enterprise Edition", IsSandbox: true, InstanceName: "SIM1" };
    this.#of("Organization").set(this.organizationId, { Id: this.organizationId, ...system, ...by, ...org });
  }
}

/** The long form of an id: its last three characters say which of the others are capitals. */
export function eighteen(id: string): string {
  if (id.length !== 15) return id;
  const groups = [id.slice(0, 5), id.slice(5, 10), id.slice(10)];
  const sums = groups.map((group) =>
    group.split("").reduce((sum, one, place) => (/[A-Z]/.test(one) ? sum + 2 ** place : sum), 0),
  );
  return id + sums.map((sum) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345".charAt(sum)).join("");
}
