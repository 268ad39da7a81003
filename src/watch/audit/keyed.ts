// Records by their keys, without those that the connector cannot tell apart: such a one is put aside as by a listing, and costs
// only itself.
import type { Resource } from "../../define/resource.ts";
import { thrownText } from "../../define/thrown-text.ts";
import { formerKeysOf, seenRecord, type SeenRecord } from "../../observe/seen-record.ts";
import { keyOf } from "../../observe/unreadable.ts";

export interface Keyed {
  readonly key: string;
  readonly record: unknown;
}

export interface KeyedRecords {
  readonly keyed: readonly Keyed[];
  /** Why the others could not be told apart, one for each. */
  readonly faults: readonly string[];
}

export function keyedIn(resource: Resource, records: readonly unknown[]): KeyedRecords {
  const keyed: Keyed[] = [];
  const faults: string[] = [];
  for (const record of records) {
    try {
      const key = keyOf(resource, record);
      formerKeysOf(resource, record);
      keyed.push({ key, record });
    } catch (error) {
      faults.push(thrownText(error));
    }
  }
  return { keyed, faults };
}

/** One record as it is now; without a body: it is not there, or there is a fault. */
export interface Seen {
  readonly body?: unknown;
  readonly seen?: SeenRecord;
  /** Why nobody can tell what it is. */
  readonly fault?: string;
}

/** What was read by keys. */
export interface ReadByKey {
  readonly records: ReadonlyMap<string, unknown>;
  /** Of keys that may be there and could not be read: why. */
  readonly faults: ReadonlyMap<string, string>;
}

export function seenIn(
  { id, resource }: { readonly id: string; readonly resource: Resource },
  read: ReadByKey,
  key: string,
): Seen {
  const body = read.records.get(key);
  const fault = read.faults.get(key);
  if (fault !== undefined) return { fault: faultText(id, key, fault) };
  if (body === undefined) return {};
  try {
    return { body, seen: seenRecord(resource, body) };
  } catch (error) {
    return { fault: faultText(id, key, thrownText(error)) };
  }
}

export function faultText(id: string, key: string, fault: string): string {
  return `${key} of ${id} could not be read: ${fault}`;
}
