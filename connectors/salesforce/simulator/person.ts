// Somebody at work in Salesforce itself: what they do goes by the same rules, but needs no token and meets no limit.
import type { Clock } from "../../../src/world/world.ts";
import type { Org, Row } from "./org.ts";
import type { Body, Writes } from "./write.ts";

export interface Person {
  create(object: string, fields: Body): Row;
  /** Changes the named fields only. */
  update(object: string, id: string, fields: Body): Row;
  /** Into the recycle bin. */
  delete(object: string, id: string): void;
  undelete(object: string, id: string): void;
  /** Out of the recycle bin, or past it: gone for good. */
  purge(object: string, id: string): void;
  /** Children move over; the loser is deleted and names the winner. */
  merge(object: string, loserId: string, winnerId: string): void;
  /** A transaction that writes now and commits `durationMs` later: its record has the stamp of now. */
  createSlowly(object: string, fields: Body, durationMs: number): void;
  /** Holds a record for so long, as a long transaction does. */
  lock(id: string, durationMs: number): void;
  /** Takes away or gives back the API user's right to see a field: "Account.Fax". */
  hide(field: string, isHidden: boolean): void;
}

const WRITER = { isApi: false, allowDuplicates: true } as const;

export function person(org: Org, writes: Writes, clock: Clock): Person {
  const saved = (object: string, id: string): Row => org.row(object, id) ?? {};
  return {
    create: (object, fields) => saved(object, writes.insert(object, fields, WRITER).id),
    update: (object, id, fields) => saved(object, writes.update(object, id, fields, WRITER).id),
    delete: (object, id) => writes.remove(object, id, WRITER),
    undelete: (object, id) => org.restore(object, id),
    purge: (object, id) => org.purge(object, id),
    merge: (object, loserId, winnerId) => {
      for (const [child, field] of Object.values(org.schema(object).facts.children ?? {})) {
        for (const row of org.rows(child)) {
          if (row[field] === loserId) writes.update(child, String(row["Id"]), { [field]: winnerId }, WRITER);
        }
      }
      org.recycle(object, loserId, winnerId);
      writes.update(object, winnerId, {}, WRITER);
    },
    createSlowly: (object, fields, durationMs) => {
      const at = clock.now();
      clock.timer(durationMs, () => writes.insert(object, fields, { ...WRITER, at }));
    },
    lock: (id, durationMs) => void org.locks.set(id, clock.now() + durationMs),
    hide: (field, isHidden) => void (isHidden ? org.hidden.add(field) : org.hidden.delete(field)),
  };
}
