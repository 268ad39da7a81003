// Tells a row of an imported file that says something else of a record than an earlier row did, where no version tells which of the two
// is newer. To take both would leave to chance which of them holds. A few bytes a row are remembered, for files have millions.
import { hash } from "node:crypto";
import type { Resource } from "../define/resource.ts";
import { keyOf } from "../observe/unreadable.ts";
import { seenRecord } from "../observe/seen-record.ts";
import type { Row } from "./row.ts";

/** The most records that are remembered: 80 MB. */
const RECORDS_MAX = 3_000_000;
const SLOTS_FIRST = 1_024;
/** No more than three of four slots are taken: a search then ends soon. */
const FULL_SHARE = 0.75;

/** What is remembered of a row, each as a number; the first is 0 where there is nothing. */
const FIELDS = { keyHigh: 0, keyLow: 1, version: 2, content: 3, line: 4 } as const;
const FIELD_COUNT = 5;

interface Told {
  readonly key: string;
  readonly keyHigh: number;
  readonly keyLow: number;
  /** 0: it has none. */
  readonly version: number;
  readonly content: number;
}

export class ToldBefore {
  readonly #resource: Resource;
  readonly #recordsMax: number;
  #slots = new Uint32Array(SLOTS_FIRST * FIELD_COUNT);
  #count = 0;

  constructor(resource: Resource, recordsMax = RECORDS_MAX) {
    this.#resource = resource;
    this.#recordsMax = recordsMax;
  }

  /** So many are remembered that a record which is new is not: rows are compared with those alone. */
  get isFull(): boolean {
    return this.#count >= this.#recordsMax;
  }

  /** The row, or why it is not to be taken. */
  async judge(row: Row): Promise<Row> {
    if (!("record" in row)) return row;
    const told = await this.#told(row.record);
    const earlier = told === undefined ? undefined : this.#remember(told, row.line);
    if (told === undefined || earlier === undefined) return row;
    const fault = `record ${told.key} is on line ${earlier} already, with other content, and that is taken: expected each record once, or a newer version of it; import by itself the line that is right`;
    return { line: row.line, fault };
  }

  /** Undefined: it does not fit, which is told by whoever takes it. */
  async #told(record: unknown): Promise<Told | undefined> {
    try {
      const result = await this.#resource.schema["~standard"].validate(record);
      if (result.issues !== undefined) return undefined;
      const key = keyOf(this.#resource, result.value);
      const { version, seen } = seenRecord(this.#resource, result.value);
      const keyed = digest(key);
      const told = { key, keyHigh: keyed.readUInt32LE(0) || 1, keyLow: keyed.readUInt32LE(4) };
      const ofVersion = version === undefined ? 0 : digest(version).readUInt32LE(0) || 1;
      return { ...told, version: ofVersion, content: digest(seen.kind === "record" ? seen.hash : "").readUInt32LE(0) };
    } catch {
      return undefined;
    }
  }

  /** The line of the earlier row that it contradicts; else the row is remembered in its place. */
  #remember(told: Told, line: number): number | undefined {
    const at = slotOf(this.#slots, told.keyHigh, told.keyLow);
    const slots = this.#slots;
    if (slots[at] === 0) {
      if (this.isFull) return undefined;
      write(slots, at, told, line);
      this.#count += 1;
      if (this.#count * FIELD_COUNT > slots.length * FULL_SHARE) this.#slots = grown(slots);
      return undefined;
    }
    const version = slots[at + FIELDS.version] ?? 0;
    const isOrdered = version !== 0 && told.version !== 0 && version !== told.version;
    if (!isOrdered && slots[at + FIELDS.content] !== told.content) return slots[at + FIELDS.line];
    write(slots, at, told, line);
    return undefined;
  }
}

/** Where this key is, or where there is room for it. */
function slotOf(slots: Uint32Array, keyHigh: number, keyLow: number): number {
  const count = slots.length / FIELD_COUNT;
  for (let slot = keyLow % count; ; slot = (slot + 1) % count) {
    const at = slot * FIELD_COUNT;
    if (slots[at] === 0 || (slots[at] === keyHigh && slots[at + FIELDS.keyLow] === keyLow)) return at;
  }
}

function write(slots: Uint32Array, at: number, { keyHigh, keyLow, version, content }: Told, line: number): void {
  slots[at + FIELDS.keyHigh] = keyHigh;
  slots[at + FIELDS.keyLow] = keyLow;
  slots[at + FIELDS.version] = version;
  slots[at + FIELDS.content] = content;
  slots[at + FIELDS.line] = line;
}

function grown(slots: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(slots.length * 2);
  for (let from = 0; from < slots.length; from += FIELD_COUNT) {
    const keyHigh = slots[from] ?? 0;
    if (keyHigh === 0) continue;
    larger.set(slots.subarray(from, from + FIELD_COUNT), slotOf(larger, keyHigh, slots[from + FIELDS.keyLow] ?? 0));
  }
  return larger;
}

const digest = (text: string): Buffer => hash("sha1", text, "buffer");
