// Records that a complete listing did not show are only *looked at*: the provider's own word on each decides whether it is gone.
// When suspiciously many are missing, not even that.
import type { ConnectedResource } from "../define/connection.ts";
import type { Observation, Store } from "../store/store.ts";

/** A complete listing that misses a larger share of the known records than this is not believed; a person is told. */
const ABSENT_SHARE_MAX = 0.1;
/** Absent records that are looked at whatever their share. */
export const ABSENT_FEW = 10;
export const ABSENT_PAGE = 500;

export interface CompleteListing {
  readonly beganAt: number;
  readonly listed: number;
  readonly hidden?: () => Promise<(key: string) => boolean>;
}

export interface Absent {
  readonly keys: readonly string[];
  /** Beside so many listed ones that is not to be believed; `keys` may not be all then. */
  readonly isTooMany: boolean;
}

/**
 * Whom a complete listing of `listed` records that began then did not show. `hidden` tells which records are not shown to this account:
 * that they are absent tells nothing.
 */
export async function absentAfter(
  store: Pick<Store, "unseenSince">,
  resource: string,
  { beganAt, listed, hidden }: CompleteListing,
): Promise<Absent> {
  const most = Math.max(ABSENT_FEW, listed * ABSENT_SHARE_MAX);
  const keys: string[] = [];
  let isHidden: ((key: string) => boolean) | undefined;
  let after: string | undefined;
  for (;;) {
    const page = await store.unseenSince(resource, beganAt, after, ABSENT_PAGE);
    after = page.at(-1);
    if (after !== undefined) isHidden ??= await hidden?.();
    for (const key of page) if (isHidden?.(key) !== true) keys.push(key);
    if (page.length < ABSENT_PAGE || keys.length > most) return { keys, isTooMany: keys.length > most };
  }
}

/** To be looked at; where the provider cannot be asked about one record, its listing is its word. */
export function lookAt(
  { id, resource }: ConnectedResource,
  keys: readonly string[],
  at: number,
): readonly Observation[] {
  const readable = resource.read !== undefined;
  const common = { resource: id, cause: "scan", priority: "scheduled", at, readable } as const;
  const seen = !readable ? ({ kind: "deleted" } as const) : ({ kind: "changed" } as const);
  return keys.map((key) => ({ ...common, key, seen }));
}
