// A connection's settings as connectors get them: each by its name, as plain text, for signing and addressing. But the whole
// never prints its secrets: not in a log, a document or an error, nor in a copy.
import { markOf } from "../define/secret-text.ts";

type Settings = Readonly<Record<string, unknown>>;

/** `secret` are the names of those that must not be seen. They are not listed and not copied along; ask for each by its name. */
export function quietSettings(settings: Settings, secret: ReadonlySet<string>): Settings {
  const quiet: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const isSecret = secret.has(name) && value !== undefined;
    Object.defineProperty(quiet, name, { value, enumerable: !isSecret });
  }
  const shown = (): Settings =>
    Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, secret.has(name) ? markOf(String(value)) : value]),
    );
  Object.defineProperty(quiet, "toJSON", { value: shown });
  Object.defineProperty(quiet, Symbol.for("nodejs.util.inspect.custom"), { value: shown });
  return Object.freeze(quiet);
}
