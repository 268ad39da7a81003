// Records as Xero shows them: dates in its own form, empty lists where something could be, lines only where they are due.
import { listOf, present, textOf, type Body } from "./body.ts";
import { ID_FIELDS, type Kind, type Organisation, type Row } from "./organisation.ts";

export type Detail = "full" | "without lines" | "summary";

const DAYS = ["Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate", "FullyPaidOnDate"];
/** Days that are told as text besides. */
const TOLD_TWICE = new Set(["Date", "DueDate"]);

export function viewOf(organisation: Organisation, kind: Kind, row: Row, detail: Detail): Body {
  switch (kind) {
    case "Contacts":
      return contactView(organisation, row, detail);
    case "Invoices":
      return invoiceView(organisation, row, detail);
    case "CreditNotes":
      return creditNoteView(organisation, row, detail);
    case "Payments":
      return paymentView(organisation, row);
    case "Items":
      return { SalesDetails: {}, PurchaseDetails: {}, ...row.body, ...updated(row) };
    case "Accounts":
      return { ...row.body, UpdatedDateUTC: moment(row.updatedAt) };
  }
}

function moment(at: number): string {
  return `/Date(${at}+0000)/`;
}

function updated({ updatedAt }: Row): Body {
  return { UpdatedDateUTC: moment(updatedAt) };
}

function updatedTwice(row: Row): Body {
  return { ...updated(row), UpdatedDateUTCString: `${new Date(row.updatedAt).toISOString().slice(0, 19)}Z` };
}

function days(body: Body): Body {
  const shown: Record<string, unknown> = {};
  for (const name of DAYS) {
    const day = textOf(body, name);
    if (day === undefined) continue;
    if (TOLD_TWICE.has(name)) shown[`${name}String`] = `${day}T00:00:00`;
    shown[name] = moment(Date.parse(`${day}T00:00:00Z`));
  }
  return shown;
}

/** What belongs to others of the book is only shown where one contact is asked for, or pages. */
function contactView(organisation: Organisation, row: Row, detail: Detail): Body {
  const { MergedToContactID, ContactPersons, ...body } = row.body;
  const common: Body = {
    ...body,
    ...updated(row),
    ContactGroups: [],
    HasAttachments: false,
    HasValidationErrors: false,
  };
  if (detail === "summary") return { ...common, Addresses: [], Phones: [], ContactPersons: [] };
  if (detail === "without lines") return { ...common, ContactPersons: [] };
  return { ...present({ ...common, MergedToContactID }), ContactPersons, ...balances(organisation, row) };
}

/** Changes with every document, and not with the contact's time. */
function balances(organisation: Organisation, { id, body }: Row): Body {
  if (body["IsCustomer"] !== true && body["IsSupplier"] !== true) return {};
  const owed = (type: string): Body => {
    let cents = 0n;
    for (const { body: invoice } of organisation.rows.Invoices.values()) {
      if (invoice["Type"] !== type || invoice["Status"] !== "AUTHORISED") continue;
      if ((invoice["Contact"] as Body)["ContactID"] === id)
        cents += BigInt(Math.round(Number(invoice["AmountDue"]) * 100));
    }
    return { Outstanding: `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`, Overdue: "0" };
  };
  return { Balances: { AccountsReceivable: owed("ACCREC"), AccountsPayable: owed("ACCPAY") } };
}

function contactOf(organisation: Organisation, body: Body): Body {
  const id = String((body["Contact"] as Body)["ContactID"]);
  const name = organisation.find("Contacts", id)?.body["Name"] ?? "";
  const empty = { Addresses: [], Phones: [], ContactGroups: [], ContactPersons: [] };
  return { ContactID: id, Name: name, ...empty, HasValidationErrors: false };
}

function invoiceView(organisation: Organisation, row: Row, detail: Detail): Body {
  const { body } = row;
  const isDiscounted = (listOf(body, "LineItems") ?? []).some((line) => line["DiscountRate"] !== undefined);
  const view: Body = {
    ...body,
    Payments: organisation.paymentsOf(row.id).map((payment) => ({
      PaymentID: payment.id,
      ...dayOf(payment.body),
      Amount: payment.body["Amount"],
      Reference: payment.body["Reference"],
      CurrencyRate: payment.body["CurrencyRate"],
      HasAccount: false,
      HasValidationErrors: false,
    })),
    CreditNotes: [],
    Prepayments: [],
    Overpayments: [],
    HasErrors: false,
    IsDiscounted: isDiscounted,
    HasAttachments: false,
    Contact: contactOf(organisation, body),
    ...days(body),
    LineItems: detail === "full" ? linesOf(body) : [],
    ...updatedTwice(row),
  };
  if (detail !== "summary") return view;
  const { Payments: _paid, LineItems: _lines, HasAttachments: _files, CreditNotes: _credit, ...summary } = view;
  return summary;
}

function dayOf(body: Body): Body {
  return { Date: moment(Date.parse(`${String(body["Date"])}T00:00:00Z`)) };
}

function linesOf(body: Body): readonly Body[] {
  return (listOf(body, "LineItems") ?? []).map((line) => ({ ...line, ValidationErrors: [] }));
}

function creditNoteView(organisation: Organisation, row: Row, detail: Detail): Body {
  const { body } = row;
  return {
    ...body,
    ID: row.id,
    Payments: [],
    Allocations: [],
    HasAttachments: false,
    Contact: contactOf(organisation, body),
    ...days(body),
    LineItems: detail === "full" ? linesOf(body) : [],
    ...updatedTwice(row),
  };
}

function paymentView(organisation: Organisation, row: Row): Body {
  const { body } = row;
  const invoice = organisation.find("Invoices", String((body["Invoice"] as Body)["InvoiceID"]));
  const shown = invoice === undefined ? {} : invoiceView(organisation, invoice, "without lines");
  const { Type, InvoiceID, InvoiceNumber, Contact, CurrencyCode } = shown;
  const empty = { Payments: [], CreditNotes: [], Prepayments: [], Overpayments: [], LineItems: [] };
  return {
    ...body,
    ...dayOf(body),
    HasAccount: true,
    Invoice: { Type, InvoiceID, InvoiceNumber, ...empty, HasErrors: false, IsDiscounted: false, Contact, CurrencyCode },
    HasValidationErrors: false,
    ...updatedTwice(row),
    [ID_FIELDS.Payments]: row.id,
  };
}
