// The rules of payments: what they settle, what stays unapplied, and how the invoices they pay follow.
import type { Company } from "./company.ts";
import { compare, minus, plus, ZERO, type Decimal } from "./decimal.ts";
import { amountOf, lengthAtMost, listOf, missing, money, numberOf, partOf, refOf, textOf } from "./fields.ts";
import { refuse } from "./faults.ts";
import type { Body } from "./kinds.ts";
import { reference } from "./references.ts";
import { openAmount } from "./sales.ts";

/** The payment's new body, and the invoices that change with it; nothing is in the books yet. */
export interface SettledPayment {
  readonly payment: Body;
  readonly invoices: readonly Body[];
}

export function settlePayment(company: Company, id: string, fields: Body, before: Body | undefined): SettledPayment {
  const customer = reference(company, fields, "CustomerRef", "Customer", before) ?? missing("CustomerRef");
  const total = numberOf(fields, "TotalAmt") ?? missing("TotalAmt");
  lengthAtMost(fields, "PaymentRefNum", 21);
  const lines = listOf(fields, "Line").map((line, index): Body => ({
    ...line,
    ...settleLine(line),
    LineNum: index + 1,
  }));
  const wanted = appliedBy(lines);
  let applied = ZERO;
  for (const amount of wanted.values()) applied = plus(applied, amount);
  if (compare(applied, total) > 0) {
    refuse("6000", `The applied amount ${money(applied)} is more than the payment's ${money(total)}`, "Line");
  }
  const invoices = followingInvoices(company, id, wanted, before, String(customer["value"]));
  const payment: Body = {
    ...fields,
    CustomerRef: customer,
    TotalAmt: money(total),
    UnappliedAmt: money(minus(total, applied)),
    TxnDate: textOf(fields, "TxnDate") ?? company.today(),
    ProcessPayment: fields["ProcessPayment"] ?? false,
    DepositToAccountRef: reference(company, fields, "DepositToAccountRef", "Account", before) ?? { value: "4" },
    CurrencyRef: partOf(fields, "CurrencyRef") ?? { value: "USD", name: "United States Dollar" },
    Line: lines,
  };
  return { payment, invoices };
}

/** The invoices as they are once a payment is gone. */
export function releasedInvoices(company: Company, payment: Body): readonly Body[] {
  return followingInvoices(company, String(payment["Id"]), new Map(), payment, refOf(payment, "CustomerRef") ?? "");
}

/** The payments as they are once an invoice is gone: their money is unapplied again. */
export function releasedPayments(company: Company, invoice: Body): readonly Body[] {
  const released: Body[] = [];
  for (const link of listOf(invoice, "LinkedTxn")) {
    const payment = company.find("Payment", textOf(link, "TxnId") ?? "");
    if (payment === undefined) continue;
    const invoiceId = String(invoice["Id"]);
    const amount = appliedBy(listOf(payment, "Line")).get(invoiceId) ?? ZERO;
    const kept = listOf(payment, "Line").filter((line) => linkedInvoice(line) !== invoiceId);
    released.push({ ...payment, Line: kept, UnappliedAmt: money(plus(amountOf(payment, "UnappliedAmt"), amount)) });
  }
  return released;
}

export function voidedPayment(payment: Body): Body {
  return { ...payment, TotalAmt: "0.00", UnappliedAmt: "0.00", Line: [], PrivateNote: "Voided" };
}

function settleLine(line: Body): Body {
  const links = listOf(line, "LinkedTxn");
  if (links.length === 0) missing("LinkedTxn");
  return { Amount: money(numberOf(line, "Amount") ?? missing("Amount")), LinkedTxn: links };
}

function followingInvoices(
  company: Company,
  paymentId: string,
  wanted: ReadonlyMap<string, Decimal>,
  before: Body | undefined,
  customerId: string,
): readonly Body[] {
  const former = before === undefined ? new Map<string, Decimal>() : appliedBy(listOf(before, "Line"));
  const changed: Body[] = [];
  for (const invoiceId of new Set([...former.keys(), ...wanted.keys()])) {
    const taken = former.get(invoiceId) ?? ZERO;
    const takes = wanted.get(invoiceId) ?? ZERO;
    const invoice = company.find("Invoice", invoiceId);
    if (invoice === undefined) {
      if (!wanted.has(invoiceId)) continue;
      return refuse("2500", `Invalid Reference Id : TxnId ${invoiceId} not found`, "LinkedTxn");
    }
    if (wanted.has(invoiceId)) checkApplies(invoice, takes, taken, customerId);
    if (compare(taken, takes) !== 0) changed.push(withPayment(invoice, paymentId, takes, taken));
  }
  return changed;
}

function checkApplies(invoice: Body, takes: Decimal, taken: Decimal, customerId: string): void {
  if (refOf(invoice, "CustomerRef") !== customerId) {
    refuse("6000", `Invoice ${String(invoice["Id"])} is of another customer than the payment`, "LinkedTxn");
  }
  if (compare(takes, openAmount(invoice, taken)) > 0) {
    refuse("6000", `The amount ${money(takes)} is more than what is open of invoice ${String(invoice["Id"])}`, "Line");
  }
}

function withPayment(invoice: Body, paymentId: string, takes: Decimal, taken: Decimal): Body {
  const others = listOf(invoice, "LinkedTxn").filter((link) => link["TxnId"] !== paymentId);
  const links = takes.units === 0n ? others : [...others, { TxnId: paymentId, TxnType: "Payment" }];
  return { ...invoice, Balance: money(minus(openAmount(invoice, taken), takes)), LinkedTxn: links };
}

function appliedBy(lines: readonly Body[]): Map<string, Decimal> {
  const applied = new Map<string, Decimal>();
  for (const line of lines) {
    const invoiceId = linkedInvoice(line);
    if (invoiceId === undefined) continue;
    applied.set(invoiceId, plus(applied.get(invoiceId) ?? ZERO, amountOf(line, "Amount")));
  }
  return applied;
}

function linkedInvoice(line: Body): string | undefined {
  const link = listOf(line, "LinkedTxn").find((one) => one["TxnType"] === "Invoice");
  return link === undefined ? undefined : textOf(link, "TxnId");
}
