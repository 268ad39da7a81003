// What a person tells of a parked record: which record of the other side it is. It is looked up there first: what a mistyped key
// leads to is a write that fails, or one over a record of somebody else.
import type { Caller } from "./call/caller.ts";
import { ControlError, type Linked } from "./control.ts";
import type { ConnectedResource } from "./define/connection.ts";
import type { Read } from "./define/resource.ts";
import type { Sync } from "./define/sync.ts";
import { CallFailed, type OutcomeKind } from "./define/outcome.ts";
import { thrownText } from "./define/thrown-text.ts";
import type { TwoWaySync } from "./define/two-way.ts";
import { keyOf } from "./observe/unreadable.ts";
import { LinkTaken, NotForRecord, type RequestEntry, type Store } from "./store/store.ts";
import type { Clock } from "./world/world.ts";

export interface LinkParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly callers: ReadonlyMap<string, Caller>;
}

/** There is no such record; a key that cannot be one is refused as a whole. */
const ABSENT: ReadonlySet<OutcomeKind> = new Set(["missing", "invalid"]);

/** Both records of a pair are known, or the store refuses them; the target of a one-way sync need not be. */
export async function linkByHand(
  parts: LinkParts,
  sync: Sync | TwoWaySync,
  key: string,
  targetKey: string,
): Promise<Linked> {
  const { store, clock } = parts;
  const onTrust = sync.kind === "sync" ? await lookUp(parts, sync, key, targetKey) : undefined;
  await store.linkByHand(sync.name, key, targetKey, clock.now()).catch((error: unknown) => {
    if (error instanceof NotForRecord) throw new ControlError(error.why, error.message);
    throw error instanceof LinkTaken ? new ControlError("not-now", error.message) : error;
  });
  return onTrust === undefined ? {} : { onTrust };
}

/** Why nobody could see whether it is there; undefined: it is. Rejects with ControlError where it is not, or cannot be asked for now. */
async function lookUp(parts: LinkParts, sync: Sync, key: string, targetKey: string): Promise<string | undefined> {
  const { to } = sync;
  const caller = parts.callers.get(to.connectionName);
  const { read } = to.resource;
  if (read === undefined || caller === undefined) return `${to.id} cannot be read by key`;
  const entries: RequestEntry[] = [];
  const api = caller.api({ priority: "person", sync: sync.name, key, entries });
  const doing = `could not link ${sync.name} ${key} to ${targetKey}`;
  try {
    if (await isThere(to, read, api, targetKey)) return undefined;
    const isHidden = await read.hidden?.(api);
    if (isHidden?.(targetKey) === true) return `this account may not be shown it`;
  } catch (error) {
    if (!(error instanceof CallFailed)) return `it could not be read: ${thrownText(error)}`;
    const { kind, reason = "no reason given" } = error.outcome;
    if (kind === "denied") return `this account may not read it: ${reason}`;
    if (!ABSENT.has(kind)) {
      throw new ControlError("not-now", `${doing}: ${to.id} could not be read: ${reason}; try again later`);
    }
  } finally {
    if (entries.length > 0) await parts.store.log(entries);
  }
  throw new ControlError(
    "unknown-record",
    `${doing}: expected a record ${targetKey} of ${to.id}, got none; look up its key there`,
  );
}

async function isThere(
  to: ConnectedResource,
  read: Read<unknown>,
  api: ReturnType<Caller["api"]>,
  targetKey: string,
): Promise<boolean> {
  const records = await read.records(api, [targetKey]);
  return records.some((record) => keyOf(to.resource, record) === targetKey);
}
