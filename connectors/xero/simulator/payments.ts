// Payments settle invoices and bills, and are taken back by deleting them.
import { amountOf, dayOf, givenText, isBody, present, textOf, ZERO, type Body } from "./body.ts";
import type { Organisation, Row } from "./organisation.ts";
import { refuse } from "./refusal.ts";

/** Makes the payment and settles its invoice. */
export function pay(organisation: Organisation, id: string, given: Body): Row {
  const invoice = invoiceOf(organisation, given);
  if (invoice.body["Status"] !== "AUTHORISED") refuse("Payment can only be made against Authorised documents");
  const Amount = amountOf(given, "Amount") ?? refuse("The payment amount must be specified");
  if (Amount.lte(0) || !Amount.round(2).eq(Amount)) refuse("Payment amount must be greater than 0, in whole cents");
  const due = amountOf(invoice.body, "AmountDue") ?? ZERO;
  if (Amount.gt(due)) refuse("Payment amount exceeds the amount outstanding on this document");
  const Date = dayOf(given, "Date") ?? organisation.today();
  const account = accountOf(organisation, given);
  const isSale = invoice.body["Type"] === "ACCREC";
  const payment = organisation.put("Payments", id, {
    Date,
    Amount: Amount.toString(),
    BankAmount: Amount.toString(),
    CurrencyRate: (amountOf(given, "CurrencyRate") ?? ZERO.plus(1)).toString(),
    Reference: givenText(given, "Reference", 255) ?? "",
    IsReconciled: given["IsReconciled"] === true,
    PaymentType: isSale ? "ACCRECPAYMENT" : "ACCPAYPAYMENT",
    Status: "AUTHORISED",
    Account: { AccountID: account["AccountID"], Code: account["Code"] },
    Invoice: { InvoiceID: invoice.id },
  });
  settle(organisation, invoice, Amount.toString(), Date);
  return payment;
}

export function deletePayment(organisation: Organisation, payment: Row, given: Body): Row {
  const status = textOf(given, "Status");
  if (status !== "DELETED") refuse("Only the status of a payment can be updated, to DELETED");
  if (payment.body["Status"] === "DELETED") refuse("Payment not of valid status for modification");
  const invoice = organisation.find("Invoices", String((payment.body["Invoice"] as Body)["InvoiceID"]));
  const deleted = organisation.put("Payments", payment.id, { ...payment.body, Status: "DELETED" });
  if (invoice !== undefined) settle(organisation, invoice, `-${String(payment.body["Amount"])}`, undefined);
  return deleted;
}

function settle(organisation: Organisation, { id, body }: Row, amount: string, day: string | undefined): void {
  const AmountPaid = (amountOf(body, "AmountPaid") ?? ZERO).plus(amount);
  const AmountDue = (amountOf(body, "Total") ?? ZERO).minus(AmountPaid);
  const isPaid = AmountDue.eq(0);
  organisation.put(
    "Invoices",
    id,
    present({
      ...body,
      AmountPaid: AmountPaid.toString(),
      AmountDue: AmountDue.toString(),
      Status: isPaid ? "PAID" : "AUTHORISED",
      FullyPaidOnDate: isPaid ? day : undefined,
    }),
  );
}

function invoiceOf(organisation: Organisation, given: Body): Row {
  const named = isBody(given["Invoice"]) ? given["Invoice"] : {};
  const number = textOf(named, "InvoiceNumber") ?? textOf(given, "InvoiceNumber");
  const byNumber = number === undefined ? undefined : organisation.holder("Invoices", "InvoiceNumber", number);
  const id = textOf(named, "InvoiceID") ?? byNumber;
  const invoice = id === undefined ? undefined : organisation.find("Invoices", id);
  return invoice ?? refuse("Invoice could not be found");
}

function accountOf(organisation: Organisation, given: Body): Body {
  const named = isBody(given["Account"]) ? given["Account"] : {};
  const code = textOf(named, "Code");
  const id = textOf(named, "AccountID");
  const account =
    code !== undefined ? organisation.account(code) : id === undefined ? undefined : organisation.find("Accounts", id);
  if (account === undefined) return refuse("Account could not be found");
  const { Type, EnablePaymentsToAccount } = account.body;
  if (Type !== "BANK" && EnablePaymentsToAccount !== true)
    refuse("The account type is invalid, it must be a bank account");
  return account.body;
}
