// Who may read the metrics: a token that nobody guesses, kept outside the code, which a header can carry.
import type { Project } from "./config.ts";
import type { Findings } from "./fault.ts";
import { isSecret } from "./secret.ts";

const TOKEN_CHARS_MIN = 16;
const PLACE = "metrics › token";

export function checkMetrics(
  { metrics: { token } }: Project,
  env: Readonly<Record<string, string | undefined>>,
  { errors }: Findings,
): void {
  const fault = token === undefined ? undefined : tokenFault(token, env);
  if (fault !== undefined) errors.push({ place: PLACE, message: fault });
}

/** What was given is not quoted. */
function tokenFault(token: unknown, env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (!isSecret(token)) return 'cannot use it: expected where it is kept, such as env("BOWLINE_METRICS_TOKEN")';
  const { variable } = token;
  const text = env[variable] ?? "";
  if (text === "") return `the environment has no ${variable}: set it, or add it to .env beside the configuration`;
  const expected = `cannot use what ${variable} holds: expected at least ${TOKEN_CHARS_MIN} characters`;
  if (text.length < TOKEN_CHARS_MIN) return `${expected}, got ${text.length}`;
  if (!/^[!-~]+$/.test(text)) return `${expected} of letters, digits and signs, got a space or another character`;
  return undefined;
}
