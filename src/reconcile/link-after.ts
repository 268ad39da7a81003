// The link that a write leaves behind (pure).
import type { Written } from "../define/resource.ts";
import type { AgreedLink, Link, PendingWrite } from "../store/store.ts";
import type { Fields } from "./decide.ts";

/** What an adopted record shows of the mapped fields: the others are none of the sync's, and are never cleared. */
export function onlyMapped(shown: Fields, mapped: Fields): Fields {
  return Object.fromEntries(Object.entries(shown).filter(([name]) => name in mapped));
}

export function linkAfter(write: PendingWrite, written: Written<unknown>): Link {
  return { ...linkOfArmed(write, written), base: write.fields ?? "{}" };
}

/** Of a write that was armed: its base is in the file already. */
export function linkOfArmed(
  { recordHash, recordVersion }: PendingWrite,
  { key, version }: Written<unknown>,
): AgreedLink {
  return {
    targetKey: key,
    recordHash,
    ...(version === undefined ? {} : { targetVersion: version }),
    ...(recordVersion === undefined ? {} : { recordVersion }),
  };
}
