// Does Bowline remember what the register says that it must: everybody who waits for a decision and nobody else, and every value
// that gave way?
import type { ParkedRow } from "../../src/store/store.ts";
import type { ConflictRow } from "../../src/store/two-way.ts";
import type { Person, Register } from "./register.ts";
import type { Lost } from "./rules.ts";
import { nameIn, plain, SYSTEMS } from "./values.ts";

export interface Remembered {
  readonly parked: readonly ParkedRow[];
  readonly conflicts: readonly ConflictRow[];
}

export interface Memory {
  readonly parkedExpected: number;
  readonly lostExpected: number;
  readonly faults: readonly string[];
}

export function compareMemory(register: Register, { parked, conflicts }: Remembered): Memory {
  const waiting = register.people.filter((person) => person.parked);
  const mayWait = new Set(waiting.flatMap(keysOf));
  const isParked = new Set(parked.map(({ key }) => key));
  const faults: string[] = [];
  for (const person of waiting) {
    if (keysOf(person).some((key) => isParked.has(key))) continue;
    faults.push(`person ${person.number} waits for a decision, and nothing of them is parked`);
  }
  for (const { key, cause, reason } of parked) {
    if (!mayWait.has(key)) faults.push(`${key} is parked (${cause}: ${reason}), and nobody has to decide on it`);
  }
  const byKey = new Map<string, ConflictRow[]>();
  for (const row of conflicts) {
    for (const key of [row.key, row.otherKey]) {
      if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), row]);
    }
  }
  let lostExpected = 0;
  for (const person of register.people) {
    const kept = keysOf(person).flatMap((key) => byKey.get(key) ?? []);
    for (const lost of person.lost) {
      lostExpected += 1;
      if (kept.some((row) => keeps(row, lost))) continue;
      const { field, system, value } = lost;
      faults.push(
        `person ${person.number}, ${field} in ${system}: ${JSON.stringify(value)} gave way, and was not kept`,
      );
    }
  }
  return { parkedExpected: waiting.length, lostExpected, faults };
}

function keeps({ fields, values }: ConflictRow, { field, system, value }: Lost): boolean {
  const side = SYSTEMS.indexOf(system) as 0 | 1;
  const kept = values[side];
  return fields[side] === nameIn(system, field) && kept !== null && plain(field, JSON.parse(kept)) === value;
}

function keysOf({ crm, marketing }: Person): readonly string[] {
  return [crm, marketing].flatMap(({ written, former }) => [...written.keys(), ...former]);
}
