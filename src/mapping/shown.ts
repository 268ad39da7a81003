// A value as a person may see it in a message: its JSON, cut short.

const CHARACTERS_MAX = 200;

/** In a reason, which is a line of a list, a log or an alert. */
const IN_REASON_MAX = 60;

/** Empty for a value that is not there. */
export function shown(value: unknown, charactersMax = CHARACTERS_MAX): string {
  if (value === undefined || value === null) return "";
  const text = asJson(value);
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1)}…`;
}

/** A reason with the value it is about; what quotes it already, as converters do, is left as it is. */
export function reasonOver(value: unknown, reason: string): string {
  const got = shown(value, IN_REASON_MAX);
  return got === "" || reason.includes(got.replace(/…$/, "")) ? reason : `${reason}: got ${got}`;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
