// A value that means the same on both sides but is written differently goes across by a converter with two ways, which have to
// give back what they took.
import { cannotConvert } from "./converter.ts";
import { decimal } from "./decimal.ts";
import { Temporal } from "./temporal.ts";

export interface TwoWayConverter<There, Back> {
  /** What the web page says it does, such as "true or false as text". */
  readonly rule: string;
  there(value: There): Back;
  back(value: Back): There;
  /** Values that have to come back: the check of the project tries them. */
  readonly examples: readonly There[];
}

/**
 * A converter of one's own: `twoWay("stars", { there: (stars: number) => "*".repeat(stars), back: (text: string) => text.length,
 * examples: [0, 5] })`. What throws parks the record.
 */
export function twoWay<There, Back>(
  rule: string,
  ways: {
    readonly there: (value: There) => Back;
    readonly back: (value: Back) => There;
    readonly examples?: readonly There[];
  },
): TwoWayConverter<There, Back> {
  const { there, back, examples = [] } = ways;
  return { rule, there, back, examples };
}

/** A converter, and the side whose values it takes `there`. */
export interface Across<Name extends string, There, Back> {
  readonly side: Name;
  readonly converter: TwoWayConverter<There, Back>;
}

/** Says which side's values go `there`: `across("crm", trueFalseText)`. */
export function across<const Name extends string, There, Back>(
  side: Name,
  converter: TwoWayConverter<There, Back>,
): Across<Name, There, Back> {
  return { side, converter };
}

/** Text without white space at both ends, on both sides. */
export const trimmedText: TwoWayConverter<string, string> = twoWay("text, trimmed", {
  there: (value: string) => textIn(value).trim(),
  back: (value: string) => textIn(value).trim(),
  examples: ["Anna", "a b"],
});

/** An e-mail address, in lower case on both sides. */
export const emailText: TwoWayConverter<string, string> = twoWay("e-mail in lower case", {
  there: (value: string) => textIn(value).trim().toLowerCase(),
  back: (value: string) => textIn(value).trim().toLowerCase(),
  examples: ["anna@example.com"],
});

/** True and false, as text on the other side. */
export const trueFalseText: TwoWayConverter<boolean, string> = twoWay("true or false as text", {
  there: (value: boolean) => String(value),
  back: (value: string) => {
    const word = textIn(value).trim().toLowerCase();
    if (word !== "true" && word !== "false") throw cannotConvert(value, '"true" or "false"');
    return word === "true";
  },
  examples: [true, false],
});

/** A number, as text on the other side. */
export const numberText: TwoWayConverter<number, string> = twoWay("a number as text", {
  there: (value: number) => {
    if (!Number.isFinite(value)) throw cannotConvert(value, "a number");
    return String(value + 0);
  },
  back: (value: string) => {
    const number = Number(value);
    if (textIn(value).trim() === "" || !Number.isFinite(number)) throw cannotConvert(value, "a number as text");
    return number;
  },
  examples: [0, -1, 1.5, 1_234_567.89],
});

/** An amount as text with this many decimal places on the other side. */
export function amountText(digits: number): TwoWayConverter<string, string> {
  const rounded = decimal(digits);
  return twoWay(`decimal(${digits})`, { there: rounded, back: rounded, examples: [rounded("0"), rounded("19.5")] });
}

/** A day; on the other side the instant at which it begins in UTC. An instant within a day goes back as that day. */
export const dayInstant: TwoWayConverter<string, string> = twoWay("a day as its first instant in UTC", {
  there: (value: string) => {
    try {
      return Temporal.PlainDate.from(value).toZonedDateTime("UTC").toInstant().toString();
    } catch {
      throw cannotConvert(value, 'a day such as "2026-11-21"');
    }
  },
  back: (value: string) => {
    try {
      return Temporal.Instant.from(value).toZonedDateTimeISO("UTC").toPlainDate().toString();
    } catch {
      throw cannotConvert(value, 'an instant such as "2026-11-21T00:00:00Z"');
    }
  },
  examples: ["2026-11-21", "1999-12-31"],
});

/** Each value of one side and its equivalent on the other; what has none parks the record. */
export function values<const Entries extends Readonly<Record<string, string>>>(
  entries: Entries,
): TwoWayConverter<keyof Entries & string, Entries[keyof Entries]> {
  type There = keyof Entries & string;
  type Back = Entries[keyof Entries];
  const back = new Map<string, string>(Object.entries(entries).map(([here, there]) => [there, here]));
  return twoWay(`a table of ${Object.keys(entries).length} values`, {
    there: (value: There): Back => {
      if (!Object.hasOwn(entries, value)) throw cannotConvert(value, `one of ${Object.keys(entries).join(", ")}`);
      return entries[value] as Back;
    },
    back: (value: Back): There => {
      const found = back.get(value as string);
      if (found === undefined) throw cannotConvert(value, `one of ${[...back.keys()].join(", ")}`);
      return found as There;
    },
    examples: Object.keys(entries) as There[],
  });
}

function textIn(value: unknown): string {
  if (typeof value === "string") return value;
  throw cannotConvert(value, "text");
}
