// Records that a listing showed and nobody can tell apart, since the connector fails over them: they are put aside and told,
// and hold up no other.
import { isKey } from "../define/checked-answers.ts";
import type { Resource } from "../define/resource.ts";
import { thrownText } from "../define/thrown-text.ts";
import type { ScanState, UnreadableRecord } from "../store/store.ts";

/** The most that are remembered of one listing, the newest. */
export const UNREADABLE_MAX = 20;
const REASON_CHARS_MAX = 300;
const EXCERPT_CHARS_MAX = 200;
/** Where only changes are listed, one that did not show again for so long is forgotten. */
const KEPT_MS = 7 * 86_400_000;

/** Throws where the store could not take it: that would hold up the whole page, for ever. */
export function keyOf({ name, key }: Resource, record: unknown): string {
  const told: unknown = key(record);
  if (isKey(told)) return told;
  throw noKey(`a record of ${name}`, told);
}

export function noKey(whose: string, told: unknown): TypeError {
  return new TypeError(`the connector told no key of ${whose}: expected text, got ${shown(told)}`);
}

export function unreadableRecord(record: unknown, error: unknown, place: string, at: number): UnreadableRecord {
  const reason = thrownText(error);
  return { at, place, reason: cut(reason, REASON_CHARS_MAX), excerpt: cut(textOf(record), EXCERPT_CHARS_MAX) };
}

/** Those that are known and those that were just found; the same one again is known since the last time. */
export function withFound(
  known: readonly UnreadableRecord[],
  found: readonly UnreadableRecord[],
): readonly UnreadableRecord[] {
  if (found.length === 0) return known;
  const all = new Map([...known, ...found].map((one) => [identityOf(one), one]));
  return [...all.values()].toSorted((one, other) => one.at - other.at).slice(-UNREADABLE_MAX);
}

/** Those of `found` that nobody was told of yet. */
export function newOnes(
  known: readonly UnreadableRecord[],
  found: readonly UnreadableRecord[],
): readonly UnreadableRecord[] {
  const told = new Set(known.map(identityOf));
  return found.filter((one) => !told.has(identityOf(one)));
}

/** At the end of a listing: what a complete one did not show again is mended, or gone. */
export function stillUnreadable(
  all: readonly UnreadableRecord[],
  { kind, beganAt }: { readonly kind: "changes" | "everything"; readonly beganAt: number },
): readonly UnreadableRecord[] {
  const since = kind === "everything" ? beganAt : beganAt - KEPT_MS;
  return all.every(({ at }) => at >= since) ? all : all.filter(({ at }) => at >= since);
}

/** Of one resource, by both of its listings. */
export function unreadableOf({
  changes,
  everything,
}: {
  readonly changes?: ScanState | undefined;
  readonly everything?: ScanState | undefined;
}): readonly UnreadableRecord[] {
  const listedSince = everything?.completeAt ?? 0;
  const recent = (changes?.unreadable ?? []).filter(({ at }) => at >= listedSince);
  return withFound(everything?.unreadable ?? [], recent);
}

const identityOf = ({ reason, excerpt }: UnreadableRecord): string => `${reason}\n${excerpt}`;

function cut(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax)}…`;
}

function shown(told: unknown): string {
  if (typeof told === "string" && !told.isWellFormed()) return `${textOf(told)}, which holds half a character`;
  return typeof told === "object" && told !== null ? textOf(told) : String(told);
}

function textOf(record: unknown): string {
  try {
    return JSON.stringify(record) ?? String(record);
  } catch {
    return String(record);
  }
}
