// The public names of the QuickBooks connector.
export { quickbooks, type QuickBooksSettings } from "./connector.ts";
export { sendBatch, BATCH_ITEMS_MAX, type BatchAnswer, type BatchItem } from "./batch.ts";
export type { QuickBooksCreditMemo, QuickBooksCreditMemoFields } from "./credit-memos.ts";
export type { QuickBooksCustomer, QuickBooksCustomerFields } from "./customers.ts";
export type { QuickBooksInvoice, QuickBooksInvoiceFields } from "./invoices.ts";
export type { QuickBooksItem, QuickBooksItemFields } from "./items.ts";
export type { QuickBooksPayment, QuickBooksPaymentFields } from "./payments.ts";
export type { QuickBooksRefundReceipt, QuickBooksRefundReceiptFields } from "./refund-receipts.ts";
