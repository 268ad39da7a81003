// The lines of a document: what each amounts to, its tax, and the sums.
import type { Big } from "big.js";
import { amountOf, givenText, listOf, present, rounded, textOf, ZERO, type Body } from "./body.ts";
import { taxRate } from "./opening.ts";
import type { Organisation } from "./organisation.ts";
import { refuse } from "./refusal.ts";

const LINE_AMOUNT_MAX = "9999999999.99";

export interface LinesRequest {
  readonly document: Body;
  /** The lines before; one that is named by its id is changed, the others go. */
  readonly before: readonly Body[];
  readonly lineAmountTypes: string;
  readonly isSale: boolean;
  /** Is it more than a draft? */
  readonly isFinal: boolean;
  /** As many digits as prices are rounded to. */
  readonly priceDigits: number;
}

export function settleLines(organisation: Organisation, request: LinesRequest): readonly Body[] {
  const lines = listOf(request.document, "LineItems") ?? [];
  if (lines.length === 0) refuse("One or more line items must be specified");
  return lines.map((line) => settleLine(organisation, request, line));
}

function settleLine(organisation: Organisation, request: LinesRequest, given: Body): Body {
  const id = textOf(given, "LineItemID");
  const was = id === undefined ? undefined : request.before.find((line) => line["LineItemID"] === id);
  const line: Body = { ...itemDefaults(organisation, request, given), ...was, ...present(given) };
  if (!request.isSale && (line["DiscountRate"] ?? line["DiscountAmount"]) !== undefined) {
    refuse("Discounts are only allowed on sales invoices");
  }
  const Quantity = amountOf(line, "Quantity") ?? ZERO.plus(1);
  const UnitAmount = rounded(
    amountOf(line, "UnitAmount") ?? amountOf(given, "LineAmount") ?? ZERO,
    request.priceDigits,
  );
  const DiscountRate = amountOf(line, "DiscountRate");
  const LineAmount = lineAmount(Quantity, UnitAmount, DiscountRate);
  const claimed = amountOf(given, "LineAmount");
  if (claimed !== undefined && !rounded(claimed, 2).eq(LineAmount)) {
    refuse(`The line total ${claimed.toFixed(2)} does not match the expected line total ${LineAmount.toFixed(2)}`);
  }
  if (LineAmount.abs().gt(LINE_AMOUNT_MAX)) refuse("The line amount is too large");
  const account = accountOf(organisation, request, line);
  const TaxType = textOf(line, "TaxType") ?? textOf(account ?? {}, "TaxType") ?? "NONE";
  return present({
    LineItemID: textOf(was ?? {}, "LineItemID") ?? organisation.nextId(),
    Description: givenText(line, "Description", 4_000) ?? "",
    Quantity: Quantity.toString(),
    UnitAmount: UnitAmount.toString(),
    LineAmount: LineAmount.toString(),
    DiscountRate: DiscountRate?.toString(),
    ItemCode: textOf(line, "ItemCode"),
    AccountCode: textOf(line, "AccountCode"),
    TaxType,
    TaxAmount: taxOf(request, TaxType, LineAmount, amountOf(given, "TaxAmount")).toString(),
    Tracking: listOf(line, "Tracking") ?? [],
  });
}

function lineAmount(quantity: Big, unitAmount: Big, discountRate: Big = ZERO): Big {
  const whole = quantity.times(unitAmount);
  return rounded(whole.minus(whole.times(discountRate).div(100)), 2);
}

/** Tax is reckoned and rounded line by line. */
function taxOf(request: LinesRequest, taxType: string, amount: Big, claimed: Big | undefined): Big {
  if (request.lineAmountTypes === "NoTax") return ZERO;
  const rate = taxRate(taxType) ?? refuse(`The TaxType code '${taxType}' does not exist`);
  if (claimed !== undefined) return rounded(claimed, 2);
  const tax = amount.times(rate);
  return rounded(request.lineAmountTypes === "Inclusive" ? tax.div(rate.plus(1)) : tax, 2);
}

function accountOf(organisation: Organisation, { isFinal }: LinesRequest, line: Body): Body | undefined {
  const code = textOf(line, "AccountCode");
  if (code === undefined) return isFinal ? refuse("Account code or ID must be specified") : undefined;
  const account = organisation.account(code);
  return account?.body ?? refuse(`Account code '${code}' is not a valid code for this document.`);
}

/** What an item says where the line says nothing. */
function itemDefaults(organisation: Organisation, { isSale }: LinesRequest, given: Body): Body {
  const code = textOf(given, "ItemCode");
  if (code === undefined) return {};
  const id = organisation.holder("Items", "Code", code);
  const item = id === undefined ? undefined : organisation.find("Items", id);
  if (item === undefined) return refuse(`Item code '${code}' is not valid`);
  const details = (item.body[isSale ? "SalesDetails" : "PurchaseDetails"] ?? {}) as Body;
  return present({
    Description: textOf(item.body, isSale ? "Description" : "PurchaseDescription") ?? textOf(item.body, "Name"),
    UnitAmount: details["UnitPrice"],
    AccountCode: textOf(details, "AccountCode"),
    TaxType: textOf(details, "TaxType"),
  });
}

export function sumsOf(lines: readonly Body[], lineAmountTypes: string): Body {
  const sum = (field: string): Big => lines.reduce((total, line) => total.plus(amountOf(line, field) ?? ZERO), ZERO);
  const tax = sum("TaxAmount");
  const amounts = sum("LineAmount");
  const SubTotal = lineAmountTypes === "Inclusive" ? amounts.minus(tax) : amounts;
  return { SubTotal: SubTotal.toString(), TotalTax: tax.toString(), Total: SubTotal.plus(tax).toString() };
}
