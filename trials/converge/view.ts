// What Bowline itself says at one moment: what is linked, what is parked, which losing values it kept, and whether it rests.
import type { Mortal } from "../ambiguous/mortal.ts";
import type { ParkedRow } from "../../src/store/store.ts";
import type { ConflictRow } from "../../src/store/two-way.ts";
import { pairsOf, syncName, type Setting } from "./setting.ts";

export interface SeenLink {
  readonly sync: string;
  readonly keys: readonly [string, string];
}

export interface View {
  readonly links: readonly SeenLink[];
  readonly parked: readonly ParkedRow[];
  readonly conflicts: readonly ConflictRow[];
}

const ROWS_MAX = 10_000;

export async function viewOf({ store }: Mortal, setting: Setting): Promise<View> {
  const parked = await store.parked({ limit: ROWS_MAX });
  const conflicts = await store.conflicts({ limit: ROWS_MAX });
  return { links: await linksOf({ store }, setting), parked, conflicts };
}

export async function linksOf({ store }: Pick<Mortal, "store">, setting: Setting): Promise<readonly SeenLink[]> {
  const links: SeenLink[] = [];
  for (const pair of pairsOf(setting)) {
    const sync = syncName(pair);
    const page = await store.linkPage(sync, undefined, ROWS_MAX);
    links.push(...page.map(({ key, targetKey }) => ({ sync, keys: [key, targetKey] as const })));
  }
  return links;
}

/** Nothing is due, waiting or under way. */
export async function isResting({ store }: Mortal): Promise<boolean> {
  const { syncs, arrivalsWaiting, resources } = await store.status();
  const isListing = resources.some(
    ({ changes, everything }) => (changes?.beganAt ?? everything?.beganAt) !== undefined,
  );
  const isBusy = syncs.some(({ ready, waiting, sending, unknown }) => ready + waiting + sending + unknown > 0);
  return arrivalsWaiting === 0 && !isListing && !isBusy;
}
