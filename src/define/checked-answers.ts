// What a resource answers, held to what its types promise: a connector takes an answer that nobody expected for another one, and
// "nothing" in the place of a list must not pass for "there is none".
import type { Everything, Page, Read, Resource, Write, Written } from "./resource.ts";

/** The resource, whose readings, listings and searches reject where they answer something else than they should. */
export function checkedAnswers(resource: Resource): Resource {
  const { name, read, changes, everything, write } = resource;
  return {
    ...resource,
    ...(read === undefined ? {} : { read: checkedRead(name, read) }),
    ...(changes === undefined
      ? {}
      : { changes: { ...changes, page: async (api, query) => pageOf(name, await changes.page(api, query)) } }),
    ...(everything === undefined ? {} : { everything: checkedEverything(name, everything) }),
    ...(write === undefined ? {} : { write: checkedSearch(name, write) }),
  };
}

function checkedRead(name: string, read: Read<unknown>): Read<unknown> {
  return { ...read, records: async (api, keys) => listOf(`read ${name}`, await read.records(api, keys)) };
}

function checkedEverything(name: string, everything: Everything<unknown>): Everything<unknown> {
  return { ...everything, page: async (api, query) => pageOf(name, await everything.page(api, query)) };
}

function checkedSearch(name: string, write: Write<unknown, unknown>): Write<unknown, unknown> {
  const { lookup } = write;
  if (lookup === undefined) return write;
  return { ...write, lookup: async (api, order) => foundOf(name, await lookup.call(write, api, order)) };
}

function foundOf(name: string, answer: unknown): readonly Written<unknown>[] {
  const found = listOf(`tell which ${name} there are`, answer);
  for (const one of found) {
    if (!tellsKey(one)) throw unexpected(`tell which ${name} there are`, "the key of each record that was found", one);
  }
  return found as readonly Written<unknown>[];
}

function pageOf(name: string, answer: unknown): Page<unknown> {
  const { records, next } = (answer ?? {}) as Partial<Page<unknown>>;
  if (!Array.isArray(records)) throw unexpected(`list ${name}`, "a page with `records`", answer);
  if (next !== undefined && (typeof next !== "string" || next === "")) {
    throw unexpected(`list ${name}`, "`next` to be text, or absent after the last page", next);
  }
  return answer as Page<unknown>;
}

/** Does this name a record, as what a write left or a search found has to? */
export function tellsKey(answer: unknown): answer is Written<unknown> {
  if (typeof answer !== "object" || answer === null) return false;
  return isKey((answer as { readonly key?: unknown }).key);
}

/** Half a character is kept by no store as it came: under such a key nobody would be found again. */
export const isKey = (told: unknown): told is string => typeof told === "string" && told !== "" && told.isWellFormed();

function listOf(doing: string, answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  throw unexpected(doing, "a list of records", answer);
}

function unexpected(doing: string, wanted: string, got: unknown): TypeError {
  return new TypeError(`could not ${doing}: expected ${wanted}, got ${shown(got)}`);
}

/** An answer may be large, and quote a record: only its kind is told. */
function shown(got: unknown): string {
  if (got === null) return "null";
  if (got === "") return "an empty text";
  return Array.isArray(got) ? "a list" : typeof got;
}
