// Exact decimals for the simulated books: a ledger kept in binary floating point would be wrong by itself and could
// neither prove nor disprove that a connector sent the right cents.

export interface Decimal {
  readonly units: bigint;
  /** How many of the units' digits stand behind the point. */
  readonly scale: number;
}

export const ZERO: Decimal = { units: 0n, scale: 0 };
export const HUNDREDTH: Decimal = { units: 1n, scale: 2 };
const EXPONENT_MAX = 30;
const SHAPE = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Reads a number as JSON writes it; undefined when it is none. */
export function decimal(text: unknown): Decimal | undefined {
  const parts = typeof text === "string" || typeof text === "number" ? SHAPE.exec(String(text)) : null;
  if (parts === null) return undefined;
  const fraction = parts[3] ?? "";
  const exponent = Number(parts[4] ?? 0);
  if (Math.abs(exponent) > EXPONENT_MAX) return undefined;
  const units = BigInt(`${parts[1] ?? ""}${parts[2] ?? ""}${fraction}`);
  const scale = fraction.length - exponent;
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

export function plus(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { units: unitsAt(left, scale) + unitsAt(right, scale), scale };
}

export function minus(left: Decimal, right: Decimal): Decimal {
  return plus(left, { units: -right.units, scale: right.scale });
}

export function times(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, scale: left.scale + right.scale };
}

export function compare(left: Decimal, right: Decimal): number {
  const { units } = minus(left, right);
  return units === 0n ? 0 : units < 0n ? -1 : 1;
}

/** Rounds half away from zero, as invoices are. */
export function rounded(value: Decimal, scale: number): Decimal {
  if (value.scale <= scale) return { units: unitsAt(value, scale), scale };
  const divisor = 10n ** BigInt(value.scale - scale);
  const size = value.units < 0n ? -value.units : value.units;
  const units = (size + divisor / 2n) / divisor;
  return { units: value.units < 0n ? -units : units, scale };
}

/** Plain text without needless zeros, but at least `scaleMin` digits behind the point. */
export function decimalText(value: Decimal, scaleMin = 0): string {
  const sign = value.units < 0n ? "-" : "";
  const digits = String(value.units < 0n ? -value.units : value.units).padStart(value.scale + 1, "0");
  const whole = digits.slice(0, digits.length - value.scale);
  const fraction = digits
    .slice(digits.length - value.scale)
    .replace(/0+$/, "")
    .padEnd(scaleMin, "0");
  return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

function unitsAt(value: Decimal, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale);
}
