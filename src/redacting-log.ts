// The last gate before a line is said: whatever a part forgot to clean is cleaned here.
import type { LiveSecrets } from "./call/live-secrets.ts";
import type { Log } from "./log.ts";

export function redactingLog(log: Log, live: LiveSecrets): Log {
  return (level, message, facts) => {
    if (facts === undefined) log(level, live.text(message));
    else log(level, live.text(message), live.value(facts) as Readonly<Record<string, unknown>>);
  };
}
