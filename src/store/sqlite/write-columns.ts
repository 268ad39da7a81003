// An armed write as the columns of its pending row.
import type { PendingWrite } from "../store.ts";

export type WriteColumns = readonly [write: string | null, fields: string | null];

/** The fields are kept as they are: escaping a kilobyte inside JSON costs more than all the rest. */
export function columnsOf(write: PendingWrite | undefined): WriteColumns {
  if (write === undefined) return [null, null];
  const { fields, ...rest } = write;
  return [JSON.stringify(rest), fields ?? null];
}
