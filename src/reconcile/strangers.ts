// Records in an answer that nobody asked for. A provider that passes over the keys it was given, or knows its records by others by now,
// did not say of any of them that it is gone.
import type { Api } from "../define/connector.ts";
import type { ConnectedResource } from "../define/connection.ts";
import { CallFailed } from "../define/outcome.ts";

/** How many of them are named. */
const NAMED_MAX = 3;

export interface Answered {
  /** The keys that were asked for. */
  readonly asked: readonly string[];
  readonly records: readonly unknown[];
  /** By a key that was asked for, that of the record which is known to have taken it up. */
  readonly into: ReadonlyMap<string, string>;
}

/** The keys in an answer that were not asked for, without those that took up records that were. `absent`: asked for, and not answered. */
export async function strangersIn(
  { resource }: ConnectedResource,
  api: Api,
  absent: readonly string[],
  { asked, records, into }: Answered,
): Promise<readonly string[]> {
  if (absent.length === 0) return [];
  const known = new Set([...asked, ...into.values()]);
  const tookUp = (record: unknown): boolean => resource.formerKeys?.(record).some((key) => known.has(key)) === true;
  const strangers = records.filter((record) => !known.has(resource.key(record)) && !tookUp(record));
  if (strangers.length === 0) return [];
  const successors = new Set((await resource.read?.successors?.(api, absent))?.values());
  return strangers.map((record) => resource.key(record)).filter((key) => !successors.has(key));
}

export function strangersAnswered({ id }: ConnectedResource, key: string, strangers: readonly string[]): CallFailed {
  const named = strangers.slice(0, NAMED_MAX).join(", ");
  const others = strangers.length > NAMED_MAX ? ` and ${strangers.length - NAMED_MAX} others` : "";
  const reason =
    `could not tell whether ${id} ${key} is there: expected that record or none, got ${named}${others}, which the connector's ` +
    "`read` was not asked for. Mend the connector, so that it answers what it is asked for.";
  return new CallFailed({ kind: "invalid", reason }, reason);
}
