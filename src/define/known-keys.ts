// What a definition may say. A project may be plain JavaScript, where no compiler refuses a misspelt name: what was meant by it
// would silently not hold, or something else would fail for want of it.
import { suggestion } from "./fault.ts";
import { nearest } from "./nearest.ts";

/**
 * Every name that a definition may say, held to its type by the compiler. `checked`: it is required, and whoever checks its value
 * tells with its place that it is missing.
 */
export type KnownKeys<Options> = {
  readonly [Key in keyof Options]-?: object extends Pick<Options, Key> ? "optional" : "required" | "checked";
};

type Keys = Readonly<Record<string, "optional" | "required" | "checked">>;

/** `what` is how people know the definition: `the sync orders`. */
export function refuseWrongKeys(what: string, given: object, keys: Keys): void {
  const faults = wrongKeys(given, keys);
  if (faults.length > 0) throw new TypeError(`could not define ${what}: ${faults.join(" ")}`);
}

/** What is wrong with the keys, one sentence for each. */
export function wrongKeys(given: object, keys: Keys): readonly string[] {
  const unsaid = Object.keys(keys).filter((key) => (given as Readonly<Record<string, unknown>>)[key] === undefined);
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(keys, key));
  const meant = new Set(unknown.map((key) => nearest(key, unsaid)));
  const missing = unsaid.filter((key) => keys[key] === "required" && !meant.has(key));
  return [
    ...unknown.map((key) => `${JSON.stringify(key)} is not known here.${suggestion(key, unsaid)}`),
    ...missing.map((key) => `${JSON.stringify(key)} is missing: add it.`),
  ];
}

/** "the sync orders", as far as it has a name. */
export function called(kind: string, name: unknown): string {
  return typeof name === "string" ? `the ${kind} ${name}` : `a ${kind} without a name`;
}
