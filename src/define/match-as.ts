// When two values name the same thing: as they are, in any case, as one e-mail address, as one telephone number.

export interface MatchAs {
  /** What the web page says it does, such as "e-mail". */
  readonly rule: string;
  /** The one spelling of all that are the same; undefined: this value tells nothing apart, and never matches. */
  normal(value: string): string | undefined;
}

const filled = (text: string): string | undefined => (text === "" ? undefined : text);

/** Just the same text, but for white space at both ends. */
export const exact: MatchAs = { rule: "exact", normal: (value) => filled(value.trim()) };

/** The same letters, large or small, with white space between words counted as one. */
export const anyCase: MatchAs = {
  rule: "any case",
  normal: (value) => filled(value.normalize("NFC").trim().replace(/\s+/gu, " ").toLowerCase()),
};

/** One mailbox, whatever the case. What is no address never matches. */
export const email: MatchAs = {
  rule: "e-mail",
  normal: (value) => {
    const address = value.normalize("NFC").trim().toLowerCase();
    return /^[^\s@]+@[^\s@]+$/u.test(address) ? address : undefined;
  },
};

/** Shorter ones are extensions and mistakes: they would match strangers. */
const PHONE_DIGITS_MIN = 7;
/** E.164 allows no more. */
const PHONE_DIGITS_MAX = 15;
/** An extension stands behind one of these, and does not tell telephones of one desk apart. */
const EXTENSION = /(?:;ext=|\bext\.?|\bx|#).*$/iu;

/**
 * One telephone, however it is written: "+49 (0)30 123456", "0049 30 123456" and, with `country: "49"`, "030 123456". Without a
 * country a number that does not begin with one is only the same as one written like it.
 */
export function phone({ country, trunk = "0" }: PhoneOptions = {}): MatchAs {
  return {
    rule: country === undefined ? "telephone" : `telephone of +${country}`,
    normal(value) {
      const plain = value.trim().replace(EXTENSION, "").replace("(0)", "");
      const digits = plain.replace(/\D/gu, "");
      const isWhole = plain.startsWith("+") || digits.startsWith("00");
      const whole = isWhole ? digits.replace(/^00/u, "") : inCountry(digits, country, trunk);
      if (whole.length < PHONE_DIGITS_MIN || whole.length > PHONE_DIGITS_MAX) return undefined;
      return isWhole || country !== undefined ? `+${whole}` : whole;
    },
  };
}

export interface PhoneOptions {
  /** The calling code of numbers that are written without one, such as "49" or "1". */
  readonly country?: string;
  /** What stands before a number within the country, and not after its code. Default "0". */
  readonly trunk?: string;
}

function inCountry(digits: string, country: string | undefined, trunk: string): string {
  if (country === undefined) return digits;
  return country + (trunk !== "" && digits.startsWith(trunk) ? digits.slice(trunk.length) : digits);
}
