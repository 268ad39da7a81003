// Money in whole cents, so that every sum is right to the cent; and as the decimal text that travels.

export interface SimulatedMoney {
  readonly amount: string;
  readonly currencyCode: string;
}

export interface SimulatedMoneyBag {
  readonly shopMoney: SimulatedMoney;
  readonly presentmentMoney: SimulatedMoney;
}

export function centsOf(amount: string): number {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === undefined)
    throw new Error(`Cannot read an amount: wanted text such as "19.99", got ${JSON.stringify(amount)}`);
  const cents = Number(whole) * 100 + Number(fraction.padEnd(2, "0").slice(0, 2));
  return sign === "-" ? -cents : cents;
}

/** "19.99", with both decimals as in stored prices. */
export function decimalOf(cents: number): string {
  const size = Math.abs(cents);
  return `${cents < 0 ? "-" : ""}${Math.floor(size / 100)}.${String(size % 100).padStart(2, "0")}`;
}

/** A MoneyV2's amount as Shopify writes it: no trailing zero after the first decimal ("19.9", "20.0"). */
export function amountOf(cents: number): string {
  const text = decimalOf(cents);
  return text.endsWith("0") ? text.slice(0, -1) : text;
}

export function moneyOf(cents: number, currencyCode: string): SimulatedMoney {
  return { amount: amountOf(cents), currencyCode };
}

/** What the shop reckons in, and what the customer paid in (schema, `Order`). */
export interface Currencies {
  readonly currencyCode: string;
  readonly presentmentCurrencyCode: string;
}

/** What a hundred of a currency are in dollars; rates stand still here. */
const RATES: Readonly<Record<string, number>> = { USD: 100, EUR: 108, GBP: 127 };

/** An amount of the shop's, and what the customer was shown for it. */
export function bagOf(cents: number, { currencyCode, presentmentCurrencyCode: shown }: Currencies): SimulatedMoneyBag {
  const shopMoney = moneyOf(cents, currencyCode);
  if (shown === currencyCode) return { shopMoney, presentmentMoney: shopMoney };
  const [ofShop, ofShown] = [RATES[currencyCode], RATES[shown]];
  if (ofShop === undefined || ofShown === undefined) {
    throw new Error(`Cannot change ${currencyCode} to ${shown}: wanted two of ${Object.keys(RATES).join(", ")}`);
  }
  return { shopMoney, presentmentMoney: moneyOf(Math.round((cents * ofShop) / ofShown), shown) };
}

export function currenciesOf({ shopMoney, presentmentMoney }: SimulatedMoneyBag): Currencies {
  return { currencyCode: shopMoney.currencyCode, presentmentCurrencyCode: presentmentMoney.currencyCode };
}

export function centsInBag(bag: SimulatedMoneyBag): number {
  return centsOf(bag.shopMoney.amount);
}

/** The share of `total` that `part` of `whole` has, rounded half up. */
export function shareOf(total: number, part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((2 * total * part + whole) / (2 * whole));
}

/** Divides `total` by these weights so that the shares sum to it exactly. */
export function allocate(total: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  let given = 0;
  return weights.map((weight) => {
    reached += weight;
    const share = shareOf(total, reached, whole) - given;
    given += share;
    return share;
  });
}

/** A tax of `rate`, such as 0.0825, rounded half up to the cent. */
export function taxOf(cents: number, rate: number): number {
  return shareOf(cents, Math.round(rate * 1_000_000), 1_000_000);
}
