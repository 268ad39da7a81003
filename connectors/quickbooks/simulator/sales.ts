// The rules of invoices, credit memos and refund receipts: lines, their sum, the document number, and what is still owed.
import type { Company } from "./company.ts";
import {
  compare,
  decimal,
  decimalText,
  HUNDREDTH,
  minus,
  plus,
  rounded,
  times,
  ZERO,
  type Decimal,
} from "./decimal.ts";
import { amountOf, isTrue, lengthAtMost, listOf, missing, money, numberOf, partOf, refOf, textOf } from "./fields.ts";
import { refuse } from "./faults.ts";
import type { Body, Kind } from "./kinds.ts";
import { addresses, reference } from "./references.ts";
import { settleTax } from "./sales-tax.ts";

const DETAIL_TYPES = [
  "SalesItemLineDetail",
  "DescriptionOnly",
  "DiscountLineDetail",
  "SubTotalLineDetail",
  "GroupLineDetail",
];
const CURRENCIES: Readonly<Record<string, string>> = { USD: "United States Dollar", EUR: "Euro", GBP: "British Pound" };
const HOME_CURRENCY = "USD";
const DUE_DAYS = 30;

export interface SalesRules {
  readonly kind: Kind;
  /** Refuse a document number that is in use. */
  readonly warnDuplicates: boolean;
}

export function settleSale(company: Company, fields: Body, before: Body | undefined, rules: SalesRules): Body {
  const customer = reference(company, fields, "CustomerRef", "Customer", before) ?? missing("CustomerRef");
  const { lines, total: ofLines } = settleLines(company, fields, before);
  const tax = settleTax(company.salesTax, fields, lines);
  const total = rounded(plus(ofLines, tax.total), 2);
  const { BillAddr: _billing, ShipAddr: _shipping, TxnTaxDetail: _tax, ...rest } = fields;
  const sale: Body = {
    ...rest,
    ...addresses(company, fields),
    CustomerRef: customer,
    Line: lines,
    TxnDate: textOf(fields, "TxnDate") ?? company.today(),
    CurrencyRef: currency(company, fields, customer),
    TotalAmt: money(total),
  };
  if (tax.detail !== undefined) sale["TxnTaxDetail"] = tax.detail;
  if (Array.isArray(fields["CustomField"])) sale["CustomField"] = listOf(fields, "CustomField");
  const number = documentNumber(company, fields, before, rules);
  if (number !== undefined) sale["DocNumber"] = number;
  return { ...sale, ...leftOver(company, sale, total, before, rules.kind) };
}

/** What the sale leaves open: an invoice's balance, a credit memo's credit. */
function leftOver(company: Company, sale: Body, total: Decimal, before: Body | undefined, kind: Kind): Body {
  if (kind === "RefundReceipt") {
    const account = reference(company, sale, "DepositToAccountRef", "Account", before);
    return { DepositToAccountRef: account ?? missing("DepositToAccountRef"), Balance: "0.00" };
  }
  if (kind === "CreditMemo") return { RemainingCredit: money(total), Balance: money(total) };
  const paid = before === undefined ? ZERO : minus(amountOf(before, "TotalAmt"), amountOf(before, "Balance"));
  return {
    Balance: money(minus(total, paid)),
    DueDate: textOf(sale, "DueDate") ?? company.today(DUE_DAYS),
    LinkedTxn: before?.["LinkedTxn"] ?? [],
    EmailStatus: sale["EmailStatus"] ?? "NotSet",
    PrintStatus: sale["PrintStatus"] ?? "NeedToPrint",
  };
}

function settleLines(company: Company, fields: Body, before: Body | undefined): { lines: Body[]; total: Decimal } {
  const asked = listOf(fields, "Line").filter((line) => line["DetailType"] !== "SubTotalLineDetail");
  if (asked.length === 0) missing("Line");
  const formerLines = before === undefined ? [] : listOf(before, "Line");
  const lines: Body[] = [];
  let subTotal = ZERO;
  let discount = ZERO;
  for (const line of asked) {
    const former = formerLines.find((other) => other["Id"] !== undefined && other["Id"] === line["Id"]);
    const settled = settleLine(company, line, lines.length + 1, former, subTotal);
    if (settled["DetailType"] === "DiscountLineDetail") discount = plus(discount, amountOf(settled, "Amount"));
    else subTotal = plus(subTotal, amountOf(settled, "Amount"));
    lines.push(settled);
  }
  // The sum stands before the discounts, which take from it.
  const discounts = lines.filter((line) => line["DetailType"] === "DiscountLineDetail");
  const others = lines.filter((line) => line["DetailType"] !== "DiscountLineDetail");
  const sum: Body = { Amount: money(subTotal), DetailType: "SubTotalLineDetail", SubTotalLineDetail: {} };
  return { lines: [...others, sum, ...discounts], total: minus(subTotal, discount) };
}

function settleLine(company: Company, line: Body, position: number, former: Body | undefined, subTotal: Decimal): Body {
  const type = textOf(line, "DetailType") ?? missing("DetailType");
  if (!DETAIL_TYPES.includes(type)) refuse("2170", `Invalid Enumeration : DetailType ${type}`, "DetailType");
  lengthAtMost(line, "Description", 4000);
  const description = textOf(line, "Description");
  const head: Body = { Id: textOf(line, "Id") ?? String(position), LineNum: position };
  if (description !== undefined) head["Description"] = description;
  if (type === "SalesItemLineDetail") return { ...head, ...salesItemLine(company, line, former) };
  if (type === "DiscountLineDetail") return { ...head, ...discountLine(line, subTotal) };
  return { ...head, Amount: money(numberOf(line, "Amount") ?? ZERO), DetailType: type, [`${type}`]: line[type] ?? {} };
}

function salesItemLine(company: Company, line: Body, former: Body | undefined): Body {
  const amount = numberOf(line, "Amount") ?? missing("Amount");
  const detail = partOf(line, "SalesItemLineDetail") ?? {};
  const unitPrice = numberOf(detail, "UnitPrice");
  const quantity = numberOf(detail, "Qty");
  if (unitPrice !== undefined && quantity !== undefined) {
    const product = rounded(times(unitPrice, quantity), 2);
    if (compare(product, rounded(amount, 2)) !== 0) {
      const supplied = `Supplied value:${decimalText(amount)}, expected ${decimalText(product)}`;
      refuse("6070", `Amount is not equal to UnitPrice * Qty. ${supplied}`, "Line.Amount");
    }
  }
  const formerDetail = former === undefined ? undefined : partOf(former, "SalesItemLineDetail");
  const item = reference(company, detail, "ItemRef", "Item", formerDetail);
  const settled: Body = { ...detail, TaxCodeRef: { value: refOf(detail, "TaxCodeRef") ?? "NON" } };
  if (item !== undefined) settled["ItemRef"] = item;
  if (unitPrice !== undefined) settled["UnitPrice"] = decimalText(unitPrice);
  if (quantity !== undefined) settled["Qty"] = decimalText(quantity);
  return { Amount: money(amount), DetailType: "SalesItemLineDetail", SalesItemLineDetail: settled };
}

function discountLine(line: Body, subTotal: Decimal): Body {
  const detail = partOf(line, "DiscountLineDetail") ?? {};
  const percent = isTrue(detail, "PercentBased") ? (numberOf(detail, "DiscountPercent") ?? ZERO) : undefined;
  const amount =
    percent === undefined
      ? (numberOf(line, "Amount") ?? missing("Amount"))
      : times(times(subTotal, percent), HUNDREDTH);
  return { Amount: money(amount), DetailType: "DiscountLineDetail", DiscountLineDetail: detail };
}

function documentNumber(
  company: Company,
  fields: Body,
  before: Body | undefined,
  rules: SalesRules,
): string | undefined {
  lengthAtMost(fields, "DocNumber", 21);
  const number = textOf(fields, "DocNumber");
  if (number === undefined) return before === undefined ? company.nextNumber() : undefined;
  const others = [...company.idsByNumber(rules.kind, number)].filter((id) => id !== before?.["Id"]);
  if (rules.warnDuplicates && others.length > 0) {
    const where = `DocNumber=${number} is assigned to TxnType=${rules.kind} with TxnId=${others[0]}`;
    refuse("6140", `You must specify a different number. This number has already been used. ${where}`, "DocNumber");
  }
  return number;
}

/** A customer has one currency, and its transactions no other. */
function currency(company: Company, fields: Body, customer: Body): Body {
  const value = refOf(fields, "CurrencyRef") ?? HOME_CURRENCY;
  const of = company.find("Customer", String(customer["value"])) ?? {};
  if (value !== (refOf(of, "CurrencyRef") ?? HOME_CURRENCY)) {
    refuse("6000", "Business Validation Error: You can only use one foreign currency per transaction.");
  }
  const name = CURRENCIES[value];
  return name === undefined ? { value } : { value, name };
}

/** A voided sale stays in the books with nothing in it. */
export function voidedSale(sale: Body): Body {
  const lines = listOf(sale, "Line").map((line): Body => {
    const detail = partOf(line, "SalesItemLineDetail");
    return { ...line, Amount: "0.00", ...(detail && { SalesItemLineDetail: { ...detail, UnitPrice: "0", Qty: "0" } }) };
  });
  const tax = partOf(sale, "TxnTaxDetail");
  const note = textOf(sale, "PrivateNote");
  return {
    ...sale,
    Line: lines,
    ...(tax && { TxnTaxDetail: { ...tax, TotalTax: "0.00" } }),
    TotalAmt: "0.00",
    Balance: "0.00",
    LinkedTxn: [],
    PrivateNote: note === undefined || note === "Voided" ? "Voided" : `Voided - ${note}`,
  };
}

/** How much of an invoice is still open, together with what this payment already took of it. */
export function openAmount(invoice: Body, alreadyTaken: Decimal): Decimal {
  return plus(decimal(invoice["Balance"]) ?? ZERO, alreadyTaken);
}
