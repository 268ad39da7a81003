// Amounts of a line from what one costs: decimals of a minor unit times a quantity, rounded half up, never as floats.

const DECIMAL = /^(-?)(\d+)(?:\.(\d{1,12}))?$/;
const SCALE = 12;
const ONE = 10n ** BigInt(SCALE);

/** In units of 10⁻¹², or undefined when it is not such a decimal. */
export function exact(text: string): bigint | undefined {
  const parts = DECIMAL.exec(text);
  if (parts === null) return undefined;
  const units = BigInt(parts[2] ?? "0") * ONE + BigInt((parts[3] ?? "").padEnd(SCALE, "0"));
  return parts[1] === "-" ? -units : units;
}

export function times(unitAmount: string, quantity: number): number {
  const whole = (exact(unitAmount) ?? 0n) * BigInt(quantity);
  const half = whole < 0n ? -ONE / 2n : ONE / 2n;
  return Number((whole + half) / ONE);
}

/** "2000.000" becomes "2000": the one spelling in which Stripe shows a decimal. */
export function plain(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
