// What became of records that are not there under their keys: merged into others, they are answered under other keys, or told
// of by those.
import type { Api } from "../define/connector.ts";
import type { ConnectedResource } from "../define/connection.ts";

export interface Moved {
  /** By the key that was asked for, the key of the record that took it up. */
  readonly into: ReadonlyMap<string, string>;
  /** Records that nobody asked for, with the keys that lead to them now. */
  readonly strangers: readonly { readonly record: unknown; readonly former: readonly string[] }[];
}

export const NOT_MOVED: Moved = { into: new Map(), strangers: [] };

/** `absent`: the keys without a record of their own in the answer. */
export async function followed(
  { resource }: ConnectedResource,
  api: Api,
  absent: readonly string[],
  answered: readonly unknown[],
): Promise<Moved> {
  const { read } = resource;
  const into = new Map<string, string>();
  const records = new Map<string, unknown>();
  const take = (record: unknown, asked: readonly string[]): void => {
    const key = resource.key(record);
    const former = resource.formerKeys?.(record) ?? [];
    for (const one of asked) if (one !== key && former.includes(one)) into.set(one, key);
    records.set(key, record);
  };
  for (const record of answered) take(record, absent);
  const asked = new Set(absent);
  const strange = answered.filter((record) => !asked.has(resource.key(record)));
  // Somebody answered under another key and does not say for whom: asked alone, it is plain.
  const isPlain = resource.formerKeys !== undefined || strange.length === 0;
  for (const key of isPlain ? [] : absent) {
    const [only, ...others] = (await read?.records(api, [key])) ?? [];
    if (only === undefined || others.length > 0 || resource.key(only) === key) continue;
    into.set(key, resource.key(only));
    records.set(resource.key(only), only);
  }
  const left = absent.filter((key) => !into.has(key));
  const told = left.length > 0 ? await read?.successors?.(api, left) : undefined;
  for (const [key, successor] of told ?? []) into.set(key, successor);
  const unread = [...new Set(told?.values())].filter((key) => !records.has(key));
  for (const record of unread.length > 0 ? ((await read?.records(api, unread)) ?? []) : []) {
    records.set(resource.key(record), record);
  }
  const strangers = [...new Set(into.values())].flatMap((key) => {
    const record = records.get(key);
    const former = [...into].filter(([, successor]) => successor === key).map(([one]) => one);
    return record === undefined ? [] : [{ record, former }];
  });
  return { into, strangers };
}
