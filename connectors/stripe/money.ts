// Amounts between the text that people and other systems write ("19.90") and the whole minor units that Stripe counts in
// (1990). How many digits a currency has is Stripe's own table, which is not everywhere that of ISO 4217.

const DIGITS_DEFAULT = 2;
/** https://docs.stripe.com/currencies: ISK and UGX are counted in hundredths there, although nobody can pay one. */
const DIGITS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ").map((currency) => [currency, 0]),
  ),
  ...Object.fromEntries("bhd jod kwd omr tnd".split(" ").map((currency) => [currency, 3])),
};
/** The smallest step of an amount in minor units, where it is not 1. */
const STEPS: Readonly<Record<string, bigint>> = {
  bhd: 10n,
  jod: 10n,
  kwd: 10n,
  omr: 10n,
  tnd: 10n,
  isk: 100n,
  ugx: 100n,
};

const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d+))?$/;

/** Digits behind the point of an amount in this currency: 2 for "usd", 0 for "jpy", 3 for "kwd". */
export function currencyDigits(currency: string): number {
  return DIGITS[currency.toLowerCase()] ?? DIGITS_DEFAULT;
}

/**
 * `minorUnits("19.90", "usd")` is 1990, `minorUnits("1990", "jpy")` is 1990. Throws where an amount cannot be said
 * exactly: nothing is rounded.
 */
export function minorUnits(amount: string, currency: string): number {
  const code = currency.toLowerCase();
  const digits = currencyDigits(code);
  const [, sign = "", whole = "", fraction = ""] = DECIMAL.exec(amount) ?? [];
  const significant = fraction.replace(/0+$/, "");
  if (whole === "" || significant.length > digits) {
    throw new RangeError(`Cannot write ${amount} in ${code}: expected at most ${digits} digits behind the point`);
  }
  const units = BigInt(whole + significant.padEnd(digits, "0"));
  const step = STEPS[code] ?? 1n;
  if (units % step !== 0n) {
    throw new RangeError(
      `Cannot write ${amount} in ${code}: Stripe takes multiples of ${step} minor units, got ${units}`,
    );
  }
  const number = Number(sign === "-" ? -units : units);
  if (!Number.isSafeInteger(number)) throw new RangeError(`Cannot write ${amount} in ${code}: the amount is too large`);
  return number + 0;
}

/** `majorUnits(1990, "usd")` is "19.90", `majorUnits(1990, "jpy")` is "1990". */
export function majorUnits(amount: number, currency: string): string {
  if (!Number.isSafeInteger(amount)) {
    throw new RangeError(`Cannot read ${amount} as minor units of ${currency}: expected a whole number`);
  }
  const digits = currencyDigits(currency);
  const text = String(Math.abs(amount)).padStart(digits + 1, "0");
  const sign = amount < 0 ? "-" : "";
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
