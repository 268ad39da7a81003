// What was thrown, in words. Anything can be: a provider's answer as it came, or what cannot even be made text, over which whoever
// tells of it would fail in turn.

const CHARS_MAX = 500;

export function thrownText(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown !== "object" || thrown === null) return String(thrown);
  try {
    return JSON.stringify(thrown).slice(0, CHARS_MAX);
  } catch {
    return "an object that cannot be shown";
  }
}
