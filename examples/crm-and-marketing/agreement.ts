// Do the two systems agree? Compared record by record and field by field from the simulators' own state and the register of what
// people did there, with none of Bowline's code or memory involved.
import type { Simulators } from "./providers.ts";
import type { Person, Register } from "./register.ts";
import { FIELDS, ofCrm, ofMarketing, type SystemName, SYSTEMS, type Values } from "./values.ts";

export interface Agreement {
  readonly compared: number;
  /** Each with the person, the field, what was expected and what is there. */
  readonly differences: readonly string[];
  /** Records of nobody: a person who is there twice through us, or one that was deleted and came back. */
  readonly extra: readonly string[];
  /** People whom a system should have and has not. */
  readonly lost: readonly string[];
}

type Records = Map<string, Values>;

export function compare(register: Register): Agreement {
  const differences: string[] = [];
  const lost: string[] = [];
  let compared = 0;
  /** Taken out as they are found to be somebody's. */
  const unclaimed = recordsOf(register.systems);

  // First those that people made, then those that Bowline did: no record is taken for two people.
  const found = new Map<Person, Record<SystemName, Values[]>>();
  for (const person of register.people) {
    const own = { crm: [] as Values[], marketing: [] as Values[] };
    found.set(person, own);
    for (const system of SYSTEMS) {
      for (const [id, written] of person[system].written) {
        const values = unclaimed[system].get(id);
        unclaimed[system].delete(id);
        if (values === undefined) lost.push(`${named(person)}: ${id} is not in ${system} any more`);
        else if (person.fate === "apart") {
          compared += 1;
          differences.push(
            ...differing(`${named(person)}, nobody's but people's to write, ${system} ${id}`, written, values),
          );
        } else own[system].push(values);
      }
    }
  }
  for (const [person, own] of found) {
    if (person.fate !== "agree") continue;
    compared += 1;
    for (const system of SYSTEMS) {
      if (person[system].made) {
        const made = claim(unclaimed[system], person[system].values);
        if (made === undefined) lost.push(`${named(person)}: was not made in ${system}`);
        else own[system].push(made);
      }
      for (const values of own[system]) {
        differences.push(...differing(`${named(person)}, ${system}`, person[system].values, values));
      }
    }
  }
  const extra = SYSTEMS.flatMap((system) =>
    [...unclaimed[system]].map(
      ([id, { email, phone }]) => `${system} ${id} (${email || phone || "no address"}) is nobody's`,
    ),
  );
  return { compared, differences, extra, lost };
}

export function recordsOf({ crm, marketing }: Simulators): Record<SystemName, Records> {
  return {
    crm: new Map([...crm.truth.records("Contact")].map(([id, row]) => [id, ofCrm(row)])),
    marketing: new Map([...marketing.truth.contacts].map(([id, stored]) => [id, ofMarketing(stored)])),
  };
}

/** The record that Bowline made for somebody: the only one with their address, or else their telephone. */
function claim(records: Records, { email, phone }: Values): Values | undefined {
  for (const [id, values] of records) {
    const isTheirs = email === "" ? phone !== "" && values.phone === phone : values.email === email;
    if (!isTheirs) continue;
    records.delete(id);
    return values;
  }
  return undefined;
}

function differing(what: string, expected: Values, values: Values): readonly string[] {
  return FIELDS.flatMap((field) =>
    expected[field] === values[field]
      ? []
      : [`${what}, ${field}: expected ${JSON.stringify(expected[field])}, found ${JSON.stringify(values[field])}`],
  );
}

const named = ({ number, fate }: Person): string => `person ${number} (${fate})`;
