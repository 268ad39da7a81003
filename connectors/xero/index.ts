// The public names of the Xero connector.
export { xero } from "./connector.ts";
export { connectedOrganisations, type ConnectedOrganisation } from "./about.ts";
export { sendBatch, BATCH_ITEMS_MAX, type Batch, type BatchAnswer } from "./batch.ts";
export { dayOf, instantOf } from "./ms-date.ts";
export type { XeroSettings } from "./settings.ts";
export type { XeroContact, XeroContactFields } from "./contacts.ts";
export type { XeroCreditNote } from "./credit-notes.ts";
export type { XeroInvoice, XeroInvoiceFields } from "./invoices.ts";
export type { XeroItem, XeroItemFields } from "./items.ts";
export type { XeroPayment, XeroPaymentFields } from "./payments.ts";
