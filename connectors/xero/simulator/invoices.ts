// What makes an invoice or a bill valid, which status may follow which, and what can still be changed once it counts.
import { amountOf, dayOf, givenText, listOf, present, textOf, ZERO, type Body } from "./body.ts";
import { contactFor } from "./contacts.ts";
import { settleLines, sumsOf } from "./lines.ts";
import type { Organisation } from "./organisation.ts";
import { refuse } from "./refusal.ts";

const NOT_VALID = "Invoice not of valid status for modification";
const HAS_PAYMENT = "This document cannot be edited as it has a payment or credit note allocated to it.";

/** Which status an existing one may become; all others stay as they are. */
const BECOMES: Readonly<Record<string, readonly string[]>> = {
  DRAFT: ["DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"],
  SUBMITTED: ["DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"],
  AUTHORISED: ["AUTHORISED", "VOIDED"],
};
const NEW = ["DRAFT", "SUBMITTED", "AUTHORISED"];
/** Still changed on a bill that was paid in part. */
const FREE_FIELDS = new Set([
  "InvoiceID",
  "InvoiceNumber",
  "Reference",
  "DueDate",
  "Url",
  "PlannedPaymentDate",
  "SentToContact",
]);

export interface InvoiceRules {
  readonly baseCurrency: string;
  readonly periodLockDate: string | undefined;
  readonly priceDigits: number;
}

export function settleInvoice(
  organisation: Organisation,
  id: string,
  given: Body,
  before: Body | undefined,
  rules: InvoiceRules,
): Body {
  const Type = textOf(before ?? given, "Type") ?? refuse("Invoice Type must be specified");
  if (Type !== "ACCREC" && Type !== "ACCPAY") refuse("Invoice not of valid type for creation");
  const Status = statusOf(given, before);
  if (before !== undefined) refuseLocked(given, before, Status);
  if (Status === "VOIDED" || Status === "DELETED") return { ...before, ...removed(before ?? {}, Status) };
  const isSale = Type === "ACCREC";
  const isFinal = Status !== "DRAFT";
  const contact =
    before !== undefined && given["Contact"] === undefined
      ? (before["Contact"] as Body)
      : contactFor(organisation, given);
  const Date = dayOf(given, "Date") ?? textOf(before ?? {}, "Date") ?? organisation.today();
  refuseClosed(Date, rules.periodLockDate);
  const DueDate = dayOf(given, "DueDate") ?? textOf(before ?? {}, "DueDate");
  if (Status === "AUTHORISED" && DueDate === undefined) refuse("The Due Date must be specified");
  const lineAmountTypes = textOf(given, "LineAmountTypes") ?? textOf(before ?? {}, "LineAmountTypes") ?? "Exclusive";
  if (!["Exclusive", "Inclusive", "NoTax"].includes(lineAmountTypes)) refuse("LineAmountTypes is not valid");
  const was = listOf(before ?? {}, "LineItems") ?? [];
  const LineItems =
    before !== undefined && given["LineItems"] === undefined
      ? was
      : settleLines(organisation, {
          document: given,
          before: was,
          lineAmountTypes,
          isSale,
          isFinal,
          priceDigits: rules.priceDigits,
        });
  const sums = sumsOf(LineItems, lineAmountTypes);
  const AmountPaid = amountOf(before ?? {}, "AmountPaid") ?? ZERO;
  noteUse(organisation, contact, isSale);
  return present({
    CurrencyCode: rules.baseCurrency,
    CurrencyRate: "1",
    ...before,
    ...textsOf(given, isSale),
    Type,
    Status,
    Contact: { ContactID: contact["ContactID"], Name: contact["Name"] },
    Date,
    DueDate,
    LineAmountTypes: lineAmountTypes,
    LineItems,
    ...sums,
    InvoiceNumber: numberOf(organisation, id, given, before, isSale),
    AmountPaid: AmountPaid.toString(),
    AmountCredited: "0",
    AmountDue: (amountOf(sums, "Total") ?? ZERO).minus(AmountPaid).toString(),
  });
}

function statusOf(given: Body, before: Body | undefined): string {
  const was = textOf(before ?? {}, "Status");
  const status = textOf(given, "Status") ?? was ?? "DRAFT";
  const allowed = was === undefined ? NEW : (BECOMES[was] ?? []);
  if (!allowed.includes(status)) refuse(was === undefined ? "Invoice not of valid status for creation" : NOT_VALID);
  return status;
}

function refuseLocked(given: Body, before: Body, status: string): void {
  const paid = amountOf(before, "AmountPaid") ?? ZERO;
  if (paid.eq(0)) return;
  const isMore = Object.keys(given).some((name) => !FREE_FIELDS.has(name) && name !== "Status");
  if (isMore || status === "VOIDED") refuse(HAS_PAYMENT);
}

function refuseClosed(day: string, lockDate: string | undefined): void {
  if (lockDate !== undefined && day <= lockDate) {
    refuse(`The document date cannot be before the period lock date, currently set at ${lockDate}`);
  }
}

/** A voided one keeps its lines and owes nothing. */
function removed(before: Body, Status: string): Body {
  return Status === "VOIDED" ? { Status, AmountDue: "0" } : { Status, AmountDue: before["Total"] };
}

function textsOf(given: Body, isSale: boolean): Body {
  return present({
    Reference: isSale ? givenText(given, "Reference", 255) : undefined,
    Url: givenText(given, "Url", 2_000),
    BrandingThemeID: textOf(given, "BrandingThemeID"),
    CurrencyCode: textOf(given, "CurrencyCode"),
    CurrencyRate: amountOf(given, "CurrencyRate")?.toString(),
    SentToContact: typeof given["SentToContact"] === "boolean" ? given["SentToContact"] : undefined,
    ExpectedPaymentDate: dayOf(given, "ExpectedPaymentDate"),
    PlannedPaymentDate: dayOf(given, "PlannedPaymentDate"),
  });
}

/** A sale's number is its own; a bill's is the supplier's, and may be another's too. */
function numberOf(
  organisation: Organisation,
  id: string,
  given: Body,
  before: Body | undefined,
  isSale: boolean,
): string {
  const number = givenText(given, "InvoiceNumber", 255);
  if (!isSale) return number ?? textOf(before ?? {}, "InvoiceNumber") ?? "";
  const chosen = number === "" ? undefined : number;
  const own = chosen ?? textOf(before ?? {}, "InvoiceNumber") ?? organisation.nextInvoiceNumber();
  const holder = organisation.holder("Invoices", "InvoiceNumber", own);
  if (holder !== undefined && holder !== id) refuse("Invoice # must be unique.");
  return own;
}

/** Xero does not count it as a change of the contact. */
function noteUse(organisation: Organisation, contact: Body, isSale: boolean): void {
  organisation.amend("Contacts", String(contact["ContactID"]), isSale ? { IsCustomer: true } : { IsSupplier: true });
}
