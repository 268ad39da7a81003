// Which day an instant falls on depends on where the books are kept: the zone has to be said.
import { cannotConvert, type Converter, converter } from "./converter.ts";
import { Temporal } from "./temporal.ts";

/**
 * The day of an instant in this time zone: `isoDate("America/New_York")` makes "2026-08-19" of "2026-08-20T03:00:00Z".
 * A text without an offset is no instant and parks the record.
 */
export function isoDate(timeZone: string): Converter<string, string> {
  checkZone(timeZone);
  return converter(`the day in ${timeZone}`, (text) => {
    try {
      return Temporal.Instant.from(text).toZonedDateTimeISO(timeZone).toPlainDate().toString();
    } catch {
      throw cannotConvert(text, 'an instant with its offset, such as "2026-08-20T12:00:00Z"');
    }
  });
}

function checkZone(timeZone: string): void {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  } catch {
    throw new RangeError(
      `could not use isoDate(${JSON.stringify(timeZone)}): expected a time zone of the IANA list, such as "America/New_York" or "UTC"`,
    );
  }
}
