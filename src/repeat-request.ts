// Makes a logged request again for a person: through the connection's caller, within its limits, and logged as a repetition.
import type { Caller } from "./call/caller.ts";
import { repeatable } from "./call/repeat.ts";
import { ControlError } from "./control.ts";
import type { Project } from "./define/config.ts";
import { CallFailed } from "./define/outcome.ts";
import type { RequestEntry, Store } from "./store/store.ts";
import type { Clock } from "./world/world.ts";

export interface RepeatParts {
  readonly project: Project;
  readonly store: Store;
  readonly clock: Clock;
  readonly callers: ReadonlyMap<string, Caller>;
}

/** How many later requests of the same record are looked through for writes. */
const LATER_MAX = 1_000;

/** How it ended. Rejects with ControlError where it may not be made again, or could not be sent now. */
export async function repeatRequest(
  { project, store, clock, callers }: RepeatParts,
  id: number,
): Promise<RequestEntry> {
  const [entry] = await store.requests({ id });
  if (entry === undefined) {
    throw new ControlError(
      "unknown-request",
      `there is no request ${id}: expected the number of one that is still in the log`,
    );
  }
  const caller = callers.get(entry.connection);
  if (caller === undefined) {
    throw new ControlError(
      "unknown-connection",
      `could not repeat request ${id}: its connection ${entry.connection} is no longer in the project`,
    );
  }
  const decided = repeatable({
    entry,
    now: clock.now(),
    keysKnownMs: keysKnownMs(project, entry),
    isSuperseded: await isSuperseded(store, entry),
  });
  if (!decided.may) throw new ControlError("not-now", `could not repeat request ${id}: ${decided.reason}`);
  const entries: RequestEntry[] = [];
  const { sync, key } = entry;
  const api = caller.api({
    priority: "person",
    entries,
    repeats: id,
    ...(sync === undefined ? {} : { sync }),
    ...(key === undefined ? {} : { key }),
  });
  const failure = await api.request(decided.request).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof CallFailed) return error;
      throw error;
    },
  );
  await store.log(entries);
  const last = entries.at(-1);
  if (last !== undefined) return last;
  throw new ControlError(
    "not-now",
    `could not repeat request ${id}: it was not sent: ${failure?.outcome.reason ?? "no reason given"}`,
  );
}

function keysKnownMs({ syncs }: Project, { sync, connection }: RequestEntry): number | undefined {
  const target = syncs.find(({ name }) => name === sync)?.to;
  const safety = target?.connectionName === connection ? target.resource.write?.safety : undefined;
  return safety?.kind === "idempotency-key" ? safety.retentionMs : undefined;
}

/** Without a record to go by, nobody can tell: then it counts as superseded. */
async function isSuperseded(store: Store, entry: RequestEntry & { readonly id: number }): Promise<boolean> {
  const { id, connection, key, sync } = entry;
  if (key === undefined) return true;
  const later = await store.requests({ connection, key, limit: LATER_MAX, ...(sync === undefined ? {} : { sync }) });
  return later.some((other) => other.id > id && other.repeats !== id && other.repeat !== "read");
}
