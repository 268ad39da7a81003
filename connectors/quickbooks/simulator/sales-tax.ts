// What becomes of a sale's tax, by the kind of company: Intuit's "Manage sales tax for US locales" and "… for non-US locales"
// and the entities' reference. Where they and reports of users contradict each other there is a setting.
import { decimal, HUNDREDTH, plus, rounded, times, ZERO, type Decimal } from "./decimal.ts";
import { amountOf, money, numberOf, partOf, refOf, textOf } from "./fields.ts";
import { refuse } from "./faults.ts";
import type { Body } from "./kinds.ts";

export interface SalesTaxRules {
  /**
   * "automated": in the US, where QuickBooks reckons the tax itself, as for all companies since November 2017. "manual": in the US,
   * of before that. "by-line": outside the US, where each line names a tax code. "off": the company keeps no sales tax.
   */
  readonly salesTax: "automated" | "manual" | "by-line" | "off";
  /**
   * What "automated" makes of a TotalTax that is sent. "taken": Intuit's blog of 2017-12-11. "with-code": only beside a TxnTaxCodeRef,
   * its engineer in QuickBooks-V3-PHP-SDK#199. "ignored": users' reports of 2026.
   */
  readonly explicitTax: "taken" | "with-code" | "ignored";
  /** What "automated" reckons for lines of the code TAX. */
  readonly taxPercent: string;
  /** The company's tax codes and their percentages, for "by-line". */
  readonly taxCodes: Readonly<Record<string, string>>;
}

export interface SettledTax {
  readonly total: Decimal;
  /** Undefined: none is stored. */
  readonly detail: Body | undefined;
}

/** The code that automated sales tax puts in the place of any that was sent. */
const RECOMMENDED = { value: "2", name: "California" };

/** The tax of these settled lines. Discounts take nothing from it here. */
export function settleTax(rules: SalesTaxRules, fields: Body, lines: readonly Body[]): SettledTax {
  const sent = partOf(fields, "TxnTaxDetail") ?? {};
  switch (rules.salesTax) {
    case "off":
      return { total: ZERO, detail: undefined };
    case "manual":
      return settled(numberOf(sent, "TotalTax") ?? ZERO, sent);
    case "automated": {
      const total = explicitTax(rules, sent) ?? taxOf(lines, { TAX: rules.taxPercent });
      return settled(total, total.units === 0n ? {} : { TxnTaxCodeRef: RECOMMENDED });
    }
    case "by-line":
      return settled(taxByLine(rules, fields, lines), {});
  }
}

function settled(total: Decimal, detail: Body): SettledTax {
  return { total, detail: { ...detail, TotalTax: money(total) } };
}

function explicitTax({ explicitTax: which }: SalesTaxRules, sent: Body): Decimal | undefined {
  const counts = which === "taken" || (which === "with-code" && refOf(sent, "TxnTaxCodeRef") !== undefined);
  return counts ? numberOf(sent, "TotalTax") : undefined;
}

function taxByLine({ taxCodes }: SalesTaxRules, fields: Body, lines: readonly Body[]): Decimal {
  if (textOf(fields, "GlobalTaxCalculation") === "TaxInclusive") {
    refuse("6000", "Amounts with tax in them cannot be reckoned in this simulator", "GlobalTaxCalculation");
  }
  if (lines.some((line) => codeOf(line) !== undefined && taxCodes[codeOf(line) ?? ""] === undefined)) {
    const detail = "Make sure all your transactions have a VAT rate before you save.";
    refuse("6000", `Business Validation Error: ${detail}`);
  }
  return textOf(fields, "GlobalTaxCalculation") === "NotApplicable" ? ZERO : taxOf(lines, taxCodes);
}

function taxOf(lines: readonly Body[], percents: Readonly<Record<string, string>>): Decimal {
  return lines.reduce((sum, line) => {
    const percent = decimal(percents[codeOf(line) ?? ""]) ?? ZERO;
    return plus(sum, rounded(times(times(amountOf(line, "Amount"), percent), HUNDREDTH), 2));
  }, ZERO);
}

/** Undefined: it is no line of a sale. One without a code has got the code NON. */
function codeOf(line: Body): string | undefined {
  const detail = partOf(line, "SalesItemLineDetail");
  return detail === undefined ? undefined : refOf(detail, "TaxCodeRef");
}
