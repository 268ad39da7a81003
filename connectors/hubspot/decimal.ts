// Numbers as HubSpot has them: text, of which one number has many spellings. Equal numbers get one, without floating point.

/** A decimal number without an exponent. */
export const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** "1500.00" and "+1500" become "1500"; "-0.50" becomes "-0.5". */
export function plainDecimal(text: string): string {
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)(\d*)\.?(\d*)$/.exec(text) ?? [];
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const behind = fraction.replace(/0+$/, "");
  const number = behind === "" ? digits : `${digits}.${behind}`;
  return sign === "-" && number !== "0" ? `-${number}` : number;
}
