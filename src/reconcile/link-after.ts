// The link that a write leaves behind (pure).
import type { Written } from "../define/resource.ts";
import type { Link, PendingWrite } from "../store/store.ts";
import { agreedOn, type Fields } from "./decide.ts";

/** What an adopted record shows of the mapped fields: the others are none of the sync's, and are never cleared. */
export function onlyMapped(shown: Fields, mapped: Fields): Fields {
  return Object.fromEntries(Object.entries(shown).filter(([name]) => name in mapped));
}

export function linkAfter(write: PendingWrite, written: Written<unknown>): Link {
  const record = {
    hash: write.recordHash,
    ...(write.recordVersion === undefined ? {} : { version: write.recordVersion }),
  };
  return {
    targetKey: written.key,
    base: write.fields ?? "{}",
    ...(written.version === undefined ? {} : { targetVersion: written.version }),
    ...agreedOn(record),
  };
}
