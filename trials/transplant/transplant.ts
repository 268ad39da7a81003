// The trial `transplant`: what is sealed is moved, changed, cut, rolled back and mixed in a real file, thousands of times; the
// vault may open none of it, and has to raise an alert each time.
import type { Vault } from "../../src/auth/vault.ts";
import { SeededRandom } from "../../src/world/virtual.ts";
import type { Trial } from "../trial.ts";
import { CHANGES, Dice } from "./changes.ts";
import { makeFile, placeOf, type TrialFile } from "./file.ts";
import { optionsOf, USAGE, type Options } from "./options.ts";
import { weakened } from "./weakened.ts";

const KINDS = Object.keys(CHANGES);
const EXAMPLES_MAX = 12;

interface Figures {
  trials: number;
  /** Secrets that opened though they should not have. */
  decrypts: number;
  alerts: number;
  /** Untouched secrets that opened in between, as they must. */
  controls: number;
  readonly kinds: Record<string, number>;
  readonly seed: number;
  readonly plant: string | null;
  seconds: number;
}

export const transplant: Trial = {
  name: "transplant",
  shows: "sealed secrets moved, changed, cut or rolled back in the file never open, and each raises an alert",
  usage: USAGE,
  async run(words) {
    const options = optionsOf(words, Date.now());
    const say = (line: string): void => void process.stderr.write(`transplant: ${line}\n`);
    say(`${options.trials} trials of ${KINDS.length} kinds, seed ${options.seed}`);
    const { figures, problems } = await runTransplant(options);
    for (const problem of problems.slice(0, EXAMPLES_MAX)) say(`PROBLEM ${problem}`);
    say(problems.length === 0 ? `held, in ${figures.seconds} s` : `did not hold, after ${figures.seconds} s`);
    const told = problems.length === 0 ? figures : { ...figures, problems: problems.slice(0, EXAMPLES_MAX) };
    process.stdout.write(`${options.json ? JSON.stringify(told) : JSON.stringify(told, null, 2)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};

export async function runTransplant(options: Options): Promise<{ figures: Figures; problems: readonly string[] }> {
  const beganAt = Date.now();
  const { trials, seed, plant } = options;
  const figures: Figures = {
    trials: 0,
    decrypts: 0,
    alerts: 0,
    controls: 0,
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, 0])),
    seed,
    plant: plant ?? null,
    seconds: 0,
  };
  const problems: string[] = [];
  const file = await makeFile(`transplant-${seed}-${process.pid}`);
  try {
    const dice = new Dice(new SeededRandom(seed));
    for (let trial = 0; trial < trials && problems.length < EXAMPLES_MAX; trial += 1) {
      await one(file, KINDS[trial % KINDS.length]!, dice, options, figures, problems);
      if (trial % KINDS.length === 0) await control(file, dice, figures, problems);
    }
  } finally {
    await file.close();
  }
  for (const kind of KINDS) if (figures.kinds[kind] === 0) problems.push(`not exercised: ${kind}`);
  figures.seconds = Math.round((Date.now() - beganAt) / 10) / 100;
  return { figures, problems };
}

async function one(
  file: TrialFile,
  kind: string,
  dice: Dice,
  { plant }: Options,
  figures: Figures,
  problems: string[],
): Promise<void> {
  const { row, field } = CHANGES[kind]!(file, dice);
  let alerts = 0;
  const kept = await file.vault(() => (alerts += 1));
  const vault: Vault = plant === undefined ? kept : weakened(kept, plant, file);
  const sealed = (await file.store.credential(row.connection))?.sealed;
  if (sealed === undefined) throw new Error(`could not ask for ${row.connection}: expected a row, found none`);
  const opened = openOf(vault, sealed, placeOf(row, field));
  figures.trials += 1;
  figures.kinds[kind]! += 1;
  figures.alerts += alerts;
  if (opened !== undefined) {
    figures.decrypts += 1;
    problems.push(`${kind}: opened ${opened.length} characters for ${row.connection}, version ${row.version}`);
  } else if (alerts !== 1) problems.push(`${kind}: expected one alert, got ${alerts}`);
  file.restore();
}

/** A vault that opened nothing at all would pass; so an untouched secret has to open in between. */
async function control(file: TrialFile, dice: Dice, figures: Figures, problems: string[]): Promise<void> {
  const row = dice.one(file.rows);
  const vault = await file.vault(() => problems.push(`an alert for the untouched ${row.connection}`));
  const opened = openOf(vault, (await file.store.credential(row.connection))!.sealed, placeOf(row));
  if (opened !== undefined && file.plain.has(opened)) figures.controls += 1;
  else problems.push(`the untouched secret of ${row.connection} did not open`);
}

function openOf(vault: Vault, sealed: Uint8Array, place: Parameters<Vault["open"]>[1]): string | undefined {
  try {
    return vault.open(sealed, place);
  } catch {
    return undefined;
  }
}
