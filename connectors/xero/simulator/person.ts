// Somebody at work in Xero itself: what they do goes by the same rules, but needs no token and meets no limit.
import type { Body } from "./body.ts";
import type { Books, WritableKind } from "./books.ts";
import type { Organisation, Row } from "./organisation.ts";
import { refuse } from "./refusal.ts";

/** Amounts in bodies are text, such as "19.90". */
export interface Person {
  create(kind: WritableKind, fields: Body): Body;
  /** Changes the named fields only. */
  update(kind: WritableKind, id: string, fields: Body): Body;
  archive(contactId: string): Body;
  /** Merges one contact into another: its documents move over. */
  merge(loserId: string, winnerId: string): void;
  void(invoiceId: string): Body;
  /** A draft. */
  deleteInvoice(invoiceId: string): Body;
  deletePayment(paymentId: string): Body;
  deleteItem(itemId: string): void;
  createCreditNote(fields: Body): Body;
}

const PRICE_DIGITS = 4;

export function person(organisation: Organisation, books: Books): Person {
  const row = (kind: WritableKind, id: string): Row =>
    organisation.find(kind, id) ?? refuse(`${kind} ${id} could not be found`);
  const update = (kind: WritableKind, id: string, fields: Body): Body =>
    books.update(kind, row(kind, id), fields, PRICE_DIGITS).body;
  return {
    create: (kind, fields) => books.create(kind, fields, PRICE_DIGITS).body,
    update,
    archive: (id) => update("Contacts", id, { ContactStatus: "ARCHIVED" }),
    merge: (loserId, winnerId) => books.merge(loserId, winnerId),
    void: (id) => update("Invoices", id, { Status: "VOIDED" }),
    deleteInvoice: (id) => update("Invoices", id, { Status: "DELETED" }),
    deletePayment: (id) => update("Payments", id, { Status: "DELETED" }),
    deleteItem: (id) => organisation.remove("Items", row("Items", id)),
    createCreditNote: (fields) => books.createCreditNote(fields).body,
  };
}
