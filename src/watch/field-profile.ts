// Whether a field that schemas let be absent has vanished: how often it is there, learnt from samples of real answers, and how
// many samples in a row it was not (pure).

/** Older samples count less: the last few hundred make the profile. */
const DECAY = 0.998;
/** A field is known from so many samples on. */
const SAMPLES_MIN = 50;
/** A run of absences is improbable below this, and is at least so long. */
const RUN_PROBABILITY = 1e-6;
const RUN_MIN = 10;

/** Of one field: samples, those in which it was there, and how many of the last in a row it was not. */
export type FieldProfile = readonly [samples: number, there: number, missing: number];

export const NEW_PROFILE: FieldProfile = [0, 0, 0];

/** A run that is too long to be chance teaches nothing: the field is gone, not rarer. */
export function sampled(profile: FieldProfile, isThere: boolean): FieldProfile {
  const [samples, there, missing] = profile;
  if (isThere) return [samples * DECAY + 1, there * DECAY + 1, 0];
  if (hasVanished(profile)) return [samples, there, missing + 1];
  return [samples * DECAY + 1, there * DECAY, missing + 1];
}

export function hasVanished([samples, there, missing]: FieldProfile): boolean {
  if (samples < SAMPLES_MIN || missing < RUN_MIN) return false;
  // The run itself is among the samples: what was before it is the history.
  const before = Math.max(1, samples - missing);
  return (1 - Math.min(there / before, 1 - 1 / (before + 1))) ** missing < RUN_PROBABILITY;
}

/** Is anything there? Of a list's items, in any of them. */
export function isThere(record: unknown, path: string): boolean {
  const [first = "", ...rest] = path.split(".");
  const isList = first.endsWith("[]");
  const name = isList ? first.slice(0, -2) : first;
  if (typeof record !== "object" || record === null) return false;
  const value = (record as Readonly<Record<string, unknown>>)[name];
  const values = isList ? (Array.isArray(value) ? (value as readonly unknown[]) : []) : [value];
  if (rest.length === 0) return values.some((one) => one !== undefined && one !== null && one !== "");
  return values.some((one) => isThere(one, rest.join(".")));
}
