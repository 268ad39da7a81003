// One spelling for the same moment, so that another offset or more zeros do not look like a change.
import { cannotConvert, type Converter, converter } from "./converter.ts";
import { Temporal } from "./temporal.ts";

/** The instant in UTC: "2026-08-20T14:00:00+02:00" becomes "2026-08-20T12:00:00Z". */
export function instant(): Converter<string, string> {
  return converter("the instant in UTC", (text) => {
    try {
      return Temporal.Instant.from(text).toString();
    } catch {
      throw cannotConvert(text, 'an instant with its offset, such as "2026-08-20T12:00:00Z"');
    }
  });
}
