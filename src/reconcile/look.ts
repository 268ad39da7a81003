// Reads records at their source as they are now, many keys a call, and makes what was read durable.
import { CallFailed, type Outcome } from "../define/outcome.ts";
import type { Api } from "../define/connector.ts";
import type { ConnectedResource } from "../define/connection.ts";
import { thrownText } from "../define/thrown-text.ts";
import { seenRecord, type SeenRecord } from "../observe/seen-record.ts";
import { keyOf } from "../observe/unreadable.ts";
import { followed, NOT_MOVED } from "./followed.ts";
import { strangersAnswered, strangersIn, type Answered } from "./strangers.ts";
import {
  StoreError,
  type Claim,
  type KnownRecord,
  type Observation,
  type RequestEntry,
  type Store,
} from "../store/store.ts";

/** What looking found: the record and its body, that there is none, or why it could not be read. */
export type Looked =
  | { readonly kind: "record"; readonly record: KnownRecord; readonly body: unknown }
  | { readonly kind: "failed"; readonly outcome: Outcome; readonly requests: readonly RequestEntry[] };

export interface LookOptions {
  readonly store: Store;
  readonly from: ConnectedResource;
  readonly sync: string;
  readonly claims: readonly Claim[];
  /** An API of the source whose requests are logged into `entries`. */
  readonly api: (entries: RequestEntry[]) => Api;
  readonly now: () => number;
  /** Other syncs that read the same record have something to do now. */
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  /** Of a record that is not there it is found out whether another one took it up. Default false. */
  readonly follows?: boolean;
}

/** By key. A batch that the provider refuses as a whole is read again one key at a time: one bad key fails alone. */
export async function look(options: LookOptions): Promise<ReadonlyMap<string, Looked>> {
  const { from, claims } = options;
  const read = from.resource.read;
  const found = new Map<string, Looked>();
  if (read === undefined) {
    const outcome: Outcome = {
      kind: "unavailable",
      held: true,
      retryAfterMs: 60_000,
      reason: `${from.id} cannot be read by key; the next listing will show the record`,
    };
    for (const { key } of claims) found.set(key, { kind: "failed", outcome, requests: [] });
    return found;
  }
  for (let first = 0; first < claims.length; first += read.keysMax) {
    await lookAtOnce(options, claims.slice(first, first + read.keysMax), found);
  }
  return found;
}

async function lookAtOnce(options: LookOptions, claims: readonly Claim[], found: Map<string, Looked>): Promise<void> {
  const { from, store, sync, now } = options;
  const requests: RequestEntry[] = [];
  // What was learnt while the answer was on its way may be newer than it: of what nobody had in hand, its time is when it was asked for.
  const askedAt = now();
  try {
    const keys = claims.map(({ key }) => key);
    const records = await readable(
      from,
      async () => (await from.resource.read?.records(options.api(requests), keys)) ?? [],
    );
    const byKey = await readable(from, () => byKeyOf(from, records));
    const missed = keys.filter((key) => !byKey.has(key));
    const follows = options.follows === true && missed.length > 0;
    const moved = follows
      ? await readable(from, () => followed(from, options.api(requests), missed, records))
      : NOT_MOVED;
    const left = missed.filter((key) => !moved.into.has(key));
    const answered = { asked: keys, records, into: moved.into };
    const doubted = await readable(from, () => doubtedAmong(from, options.api(requests), left, answered));
    const absent = doubted.length > 0 ? [] : left;
    const isHidden = await readable(from, () => hiddenAmong(from, options.api(requests), absent));
    // A page that was asked for before may be of before it.
    const answeredAt = now();
    const observations: Observation[] = [];
    for (const { record, former } of moved.strangers) {
      const { key, seen, version } = await readable(from, () => strangerSeen(from, record));
      const whole = { ...seen, former: [...(seen.former ?? []), ...former] };
      const told = { resource: from.id, key, cause: "look", priority: "live", at: askedAt } as const;
      observations.push({ ...told, seen: whole, ...(version === undefined ? {} : { version }) });
    }
    for (const claim of claims) {
      if (doubted.includes(claim.key)) continue;
      if (isHidden(claim.key)) {
        found.set(claim.key, { kind: "failed", outcome: notShown(from, claim.key), requests: [] });
        continue;
      }
      const looked = asFoundOrFailed(from, claim, byKey.get(claim.key), moved.into.get(claim.key));
      found.set(claim.key, looked.found);
      if (looked.seen === undefined) continue;
      observations.push({
        resource: from.id,
        key: claim.key,
        cause: "look",
        priority: claim.priority,
        at: claim.record === undefined ? askedAt : answeredAt,
        ...looked.seen,
        lookedBy: {
          sync,
          stale: claim.record?.stale ?? 0,
          ...(claim.record === undefined ? {} : inHand(claim.record)),
        },
      });
    }
    const { syncs } = await store.observe({ observations, requests });
    options.wakeSyncs(syncs);
    for (const claim of claims) if (doubted.includes(claim.key)) await lookAtOnce(options, [claim], found);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const { outcome } = error;
    if (claims.length > 1 && (outcome.kind === "invalid" || outcome.kind === "missing")) {
      await store.log(requests);
      for (const claim of claims) await lookAtOnce(options, [claim], found);
      return;
    }
    // The requests are logged once, with the first record that they were for.
    claims.forEach(({ key }, index) =>
      found.set(key, { kind: "failed", outcome, requests: index === 0 ? requests : [] }),
    );
  }
}

/** What a looker knew of the record when it asked: what was learnt meanwhile may be newer than its answer. */
export function inHand({ hash, deleted }: KnownRecord): Pick<NonNullable<Observation["lookedBy"]>, "hash" | "deleted"> {
  return deleted ? { hash, deleted } : { hash };
}

/** What the connector throws over an answer is the fault of one of its records: as if the provider had refused it. */
async function readable<Result>(from: ConnectedResource, work: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CallFailed || error instanceof StoreError) throw error;
    throw unreadable(from, error);
  }
}

/** Keys that were not answered, and others were in their place: they are asked for alone, and one that was already cannot be read. */
async function doubtedAmong(
  from: ConnectedResource,
  api: Api,
  missed: readonly string[],
  answered: Answered,
): Promise<readonly string[]> {
  const strangers = await strangersIn(from, api, missed, answered);
  if (strangers.length === 0) return [];
  const [only, ...others] = answered.asked;
  if (only === undefined || others.length > 0) return missed;
  throw strangersAnswered(from, only, strangers);
}

/** Of keys that were not answered: whose records may be there all the same. */
async function hiddenAmong(
  { resource }: ConnectedResource,
  api: Api,
  absent: readonly string[],
): Promise<(key: string) => boolean> {
  const isHidden = absent.length === 0 ? undefined : await resource.read?.hidden?.(api);
  return (key) => isHidden?.(key) === true && absent.includes(key);
}

function notShown({ id }: ConnectedResource, key: string): Outcome {
  return {
    kind: "denied",
    reason: `${id} ${key} is not shown to this account, so that nobody can tell whether it changed or is gone`,
  };
}

/** One that has no key is nobody's: that its own is not among the others does not mean that it is gone. */
function byKeyOf({ resource }: ConnectedResource, records: readonly unknown[]): ReadonlyMap<string, unknown> {
  return new Map(records.map((record) => [keyOf(resource, record), record]));
}

function strangerSeen({ resource }: ConnectedResource, record: unknown): SeenRecord & { readonly key: string } {
  return { key: keyOf(resource, record), ...seenRecord(resource, record) };
}

function unreadable({ id }: ConnectedResource, error: unknown): CallFailed {
  const reason = `could not read a record of ${id}: ${thrownText(error)}`;
  return new CallFailed({ kind: "invalid", reason }, reason, { cause: error });
}

interface AsFound {
  readonly found: Looked;
  /** Undefined: the connector cannot tell what it is, and nothing was learnt of it. */
  readonly seen?: Pick<Observation, "seen" | "version">;
}

function asFoundOrFailed(...given: Parameters<typeof asFound>): AsFound {
  try {
    return asFound(...given);
  } catch (error) {
    return { found: { kind: "failed", outcome: unreadable(given[0], error).outcome, requests: [] } };
  }
}

function asFound(from: ConnectedResource, claim: Claim, body: unknown, movedTo: string | undefined): AsFound {
  if (body === undefined) {
    const into = movedTo === undefined ? {} : { movedTo };
    const { deletion, ...known }: KnownRecord = { hash: "", deleted: true, stale: 0, ...claim.record };
    // What took it before is not what took it now.
    const same = known.deleted && deletion !== undefined ? { deletion } : {};
    const record: KnownRecord = { ...known, ...same, deleted: true, stale: 0, ...into };
    return { found: { kind: "record", record, body: undefined }, seen: { seen: { kind: "deleted" } } };
  }
  const seen = seenRecord(from.resource, body);
  const record: KnownRecord = {
    hash: seen.seen.hash,
    deleted: false,
    stale: 0,
    ...(claim.record?.deletion === undefined ? {} : { deletion: claim.record.deletion }),
    ...(seen.seen.body === undefined ? {} : { body: seen.seen.body }),
    ...(seen.version === undefined ? {} : { version: seen.version }),
    ...(seen.seen.title === undefined ? {} : { title: seen.seen.title }),
  };
  return { found: { kind: "record", record, body }, seen };
}
