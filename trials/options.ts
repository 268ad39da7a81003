// What the command line asks of a trial, read in one way for all of them: how many, from which seed, with which planted fault.
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { UsageError } from "./trial.ts";

/** What each trial takes. */
export interface TrialOptions<Plant extends string> {
  readonly seed: number;
  readonly plant: Plant | undefined;
  readonly json: boolean;
}

export interface Asked<Plant extends string, Count extends string, Flag extends string, Text extends string> {
  readonly plants: readonly Plant[];
  /** Whole numbers: the least that makes sense, and what is taken when nothing is said. */
  readonly counts?: Readonly<Record<Count, { readonly least: number; readonly otherwise: number }>>;
  readonly flags?: readonly Flag[];
  readonly texts?: readonly Text[];
}

const SEED_MAX = 2 ** 30;

/** `now` makes the seed, where none is given. Throws {@link UsageError}. */
export function readOptions<
  Plant extends string,
  Count extends string = never,
  Flag extends string = never,
  Text extends string = never,
>(
  words: readonly string[],
  now: number,
  { plants, counts, flags = [], texts = [] }: Asked<Plant, Count, Flag, Text>,
): TrialOptions<Plant> &
  Readonly<Record<Count, number>> &
  Readonly<Record<Flag, boolean>> &
  Readonly<Record<Text, string | undefined>> {
  const numbers = Object.entries<{ readonly least: number; readonly otherwise: number }>(counts ?? {});
  const values = parsed(words, {
    texts: ["seed", "plant", ...numbers.map(([name]) => name), ...texts],
    flags: ["json", ...flags],
  });
  const number = (name: string, least: number, otherwise: number): number =>
    wholeNumber(`--${name}`, String(values[name] ?? otherwise), least);
  return {
    seed: number("seed", 0, now % SEED_MAX),
    plant: plantOf(plants, values["plant"]),
    ...Object.fromEntries(numbers.map(([name, { least, otherwise }]) => [name, number(name, least, otherwise)])),
    ...Object.fromEntries(texts.map((name) => [name, values[name]])),
    ...Object.fromEntries(["json", ...flags].map((name) => [name, values[name] === true])),
  } as ReturnType<typeof readOptions<Plant, Count, Flag, Text>>;
}

function plantOf<Plant extends string>(plants: readonly Plant[], asked: string | boolean | undefined) {
  const plant = plants.find((known) => known === asked);
  if (asked === undefined || plant !== undefined) return plant;
  throw new UsageError(`could not plant ${asked}: expected one of ${plants.join(", ")}`);
}

function parsed(
  words: readonly string[],
  names: { readonly texts: readonly string[]; readonly flags: readonly string[] },
): Readonly<Record<string, string | boolean | undefined>> {
  const options: ParseArgsOptionsConfig = {};
  for (const name of names.texts) options[name] = { type: "string" };
  for (const name of names.flags) options[name] = { type: "boolean" };
  try {
    return parseArgs({ args: [...words], options }).values as Record<string, string | boolean>;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`could not read ${option}: expected a whole number of ${least} or more, got ${text}`);
}
