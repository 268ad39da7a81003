// What a person does about values that lost: sees them, and puts one back. It is written into its record as an edit, and goes
// across from there like any other.
import { ControlError } from "./control.ts";
import type { Project } from "./define/config.ts";
import { suggestion } from "./define/fault.ts";
import { otherSide, type FieldPair, type Side, type TwoWaySync } from "./define/two-way.ts";
import { carry } from "./reconcile/merge.ts";
import type { LinkNeed, Store } from "./store/store.ts";
import type { ConflictRow } from "./store/two-way.ts";
import type { Clock } from "./world/world.ts";
import { thrownText } from "./define/thrown-text.ts";

export interface PutBackParts {
  readonly project: Project;
  readonly store: Store;
  readonly clock: Clock;
}

/** `sideName`: whose value. Default: the one that lost. */
export async function putBack(
  { project, store, clock }: PutBackParts,
  id: number,
  sideName: string | undefined,
): Promise<LinkNeed> {
  const [row] = await store.conflicts({ id, limit: 1 });
  if (row === undefined) {
    throw new ControlError("unknown-record", `there is no conflict ${id}: expected the number of one that is kept`);
  }
  const sync = project.twoWaySyncs.find(({ name }) => name === row.sync);
  if (sync === undefined) {
    throw new ControlError("unknown-sync", `the project has no two-way sync ${row.sync} any more`);
  }
  const side = sideOf(sync, row, sideName);
  await expectBoth(store, sync, row);
  return store.putBack(id, editsOf(sync, row, side), clock.now());
}

/** An edit of a pair that is no more would wait in hiding, and be written when its record came back. */
async function expectBoth(store: Store, { sides }: TwoWaySync, { id, key, side: of, otherKey }: ConflictRow) {
  const side: Side = of ?? 0;
  const [own, other] = [sides[side], sides[otherSide(side)]];
  const isThere = async (resource: string, one: string): Promise<boolean> =>
    (await store.record(resource, one))?.deleted === false;
  if (otherKey === undefined) {
    throw new ControlError(
      "not-possible",
      `could not put back conflict ${id}: ${own.name} ${key} has no counterpart any more`,
    );
  }
  for (const [{ name, resource }, one] of [
    [own, key],
    [other, otherKey],
  ] as const) {
    if (await isThere(resource.id, one)) continue;
    throw new ControlError(
      "not-possible",
      `could not put back conflict ${id}: ${name} ${one} is deleted; restore it, then try again`,
    );
  }
}

function sideOf({ sides }: TwoWaySync, { id, winner }: ConflictRow, named: string | undefined): Side {
  const names = sides.map(({ name }) => name);
  const index = named === undefined ? -1 : names.indexOf(named);
  if (index === 0 || index === 1) return index;
  if (named !== undefined) {
    throw new ControlError("not-possible", `there is no side named ${named}.${suggestion(named, names)}`);
  }
  if (winner === 0 || winner === 1) return otherSide(winner);
  throw new ControlError(
    "not-possible",
    `conflict ${id} has no side that lost: say whose value with --side ${names.join(" or --side ")}`,
  );
}

function editsOf(
  { pairs, sides }: TwoWaySync,
  { id, fields, values, winner }: ConflictRow,
  side: Side,
): readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>] {
  const pair = pairs.find((one) => one.fields[0] === fields[0] && one.fields[1] === fields[1]);
  if (pair === undefined) {
    throw new ControlError(
      "not-possible",
      `conflict ${id} is not of a field of the sync (any more): mend the record by hand, and it goes across from there`,
    );
  }
  const kept = values[side];
  const value = kept === null ? null : (JSON.parse(kept) as unknown);
  const edits: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  edits[side][fields[side]] = value;
  const other = otherSide(side);
  // What waits for a person differs on both sides, and neither counts as the older: the other is told outright.
  if (winner === undefined || pair.from === other) {
    edits[other][fields[other]] = acrossOf(pair, side, value, id);
  }
  if (pair.from === other && edits[other][fields[other]] === undefined) {
    throw new ControlError("not-possible", `${sides[other].name} cannot be told the value of conflict ${id}`);
  }
  return edits;
}

function acrossOf(pair: FieldPair, side: Side, value: unknown, id: number): unknown {
  try {
    return carry(pair, side, value);
  } catch (error) {
    const reason = thrownText(error);
    throw new ControlError(
      "not-possible",
      `could not put back conflict ${id}: its value cannot be carried across: ${reason}. Mend the record by hand.`,
    );
  }
}
