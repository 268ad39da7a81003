// Lists one side of an audit from end to end, page by page, and makes what is kept of its records durable a few thousand at a time:
// after a restart it goes on where it was.
import { CallFailed } from "../../define/outcome.ts";
import type { AuditSide, AuditStep } from "../../store/audit.ts";
import { Rounds } from "../../observe/rounds.ts";
import { keyedIn, type Keyed } from "./keyed.ts";
import type { SideRecords } from "./records.ts";
import { UNREADABLE } from "./report.ts";
import { LOOK_KEYS, type Steps } from "./steps.ts";

/** Rows that are made durable together. */
export const ROWS_PER_STEP = 2_000;

/** A record that is known: where it is in the order of keys, and by which key it is asked for on its side. */
interface KnownKey {
  readonly key: string;
  readonly asked: string;
}

export interface SideListing<Rows extends { readonly count: number }> {
  /** Under which name it is counted and kept. */
  readonly side: AuditSide["side"];
  readonly records: SideRecords;
  /** The keys to read where the side cannot be listed, `LOOK_KEYS` at the most, in order. */
  readonly known: (after: string | undefined) => Promise<readonly KnownKey[]>;
  readonly rows: () => Rows;
  readonly add: (rows: Rows, keyed: readonly Keyed[]) => Promise<void>;
  readonly step: (rows: Rows) => Pick<AuditStep, "sides" | "records">;
}

interface RecordPage {
  readonly keyed: readonly Keyed[];
  /** Of so many more nobody can tell which they are. */
  readonly unreadable: number;
  readonly next: string | undefined;
}

export async function listSide<Rows extends { readonly count: number }>(
  course: Steps,
  listing: SideListing<Rows>,
): Promise<void> {
  const { side } = listing;
  const began = course.progress.at;
  try {
    await listFrom(course, listing, began);
  } catch (error) {
    // A cursor does not live for ever: after a restart the side is listed from its beginning.
    const isOld = began !== undefined && error instanceof CallFailed && course.progress.at === began;
    if (!isOld || !["invalid", "missing"].includes(error.outcome.kind)) throw error;
    course.again(side, UNREADABLE[side]);
    await course.step({}, { afresh: side });
    await listFrom(course, listing, undefined);
  }
}

async function listFrom<Rows extends { readonly count: number }>(
  course: Steps,
  listing: SideListing<Rows>,
  from: string | undefined,
): Promise<void> {
  const pages = listing.records.isListed ? listed(listing.records, from) : known(listing, from);
  let rows = listing.rows();
  let writing: Promise<void> = Promise.resolve();
  let aside = 0;
  for await (const { keyed, unreadable, next } of pages) {
    await listing.add(rows, keyed);
    aside += unreadable;
    if (rows.count < ROWS_PER_STEP && next !== undefined) continue;
    await writing;
    const { side } = listing;
    const counts = course.count({ [side]: rows.count, ...(aside > 0 ? { [UNREADABLE[side]]: aside } : {}) });
    writing = course.step(next === undefined ? { counts } : { counts, at: next }, listing.step(rows));
    // Whether it failed is told to whoever waits for it, a page later.
    writing.catch(() => undefined);
    rows = listing.rows();
    aside = 0;
  }
  await writing;
}

async function* listed(side: SideRecords, from: string | undefined): AsyncGenerator<RecordPage> {
  const rounds = new Rounds();
  for (let cursor = from; ;) {
    const { records, next, nextInMs } = await side.page(cursor);
    const { keyed, faults } = keyedIn(side.resource.resource, records);
    yield { keyed, unreadable: faults.length, next };
    if (next === undefined) return;
    if (nextInMs === undefined) rounds.goOn(side.resource.id, next);
    cursor = next;
  }
}

/** What cannot be listed is read by the keys that are known. */
async function* known(
  { records, known: keysAfter }: Pick<SideListing<never>, "records" | "known">,
  from: string | undefined,
): AsyncGenerator<RecordPage> {
  for (let after = from; ;) {
    const page = await keysAfter(after);
    const found = await records.byKey(page.map(({ asked }) => asked));
    const next = page.length < LOOK_KEYS ? undefined : page.at(-1)?.key;
    const keyed = [...found.records].map(([key, record]) => ({ key, record }));
    yield { keyed, unreadable: found.faults.size, next };
    if (next === undefined) return;
    after = next;
  }
}
