// A value as a person may see it in a message: its JSON, cut short.

const CHARACTERS_MAX = 200;

/** Empty for a value that is not there. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = asJson(value);
  return text.length <= CHARACTERS_MAX ? text : `${text.slice(0, CHARACTERS_MAX - 1)}…`;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
