// The kinds of object in the simulated company and what is known of each: its path, its names, its fields.

export type Kind = "Account" | "Term" | "Customer" | "Item" | "Invoice" | "Payment" | "CreditMemo" | "RefundReceipt";

/** An object as QuickBooks shows it; numbers that count money are text. */
export type Body = Record<string, unknown>;

export interface KindFacts {
  readonly path: string;
  /** List entities are switched off, never deleted. */
  readonly list: boolean;
  /** The field whose text is unique within the company. */
  readonly name?: "DisplayName" | "Name";
  /** May carry a document number. */
  readonly numbered: boolean;
  readonly writable: ReadonlySet<string>;
  /** Taken from a request without complaint, and ignored. */
  readonly readOnly: ReadonlySet<string>;
}

const ALWAYS = ["Id", "SyncToken", "MetaData", "domain", "sparse", "status"];
const SALES_WRITABLE = `CustomerRef Line DocNumber TxnDate DueDate SalesTermRef BillEmail BillEmailCc BillAddr ShipAddr
  ShipDate TrackingNum ShipMethodRef CustomerMemo PrivateNote CurrencyRef ExchangeRate TxnTaxDetail GlobalTaxCalculation
  ApplyTaxAfterDiscount Deposit LinkedTxn EmailStatus PrintStatus CustomField AllowOnlineCreditCardPayment
  AllowOnlineACHPayment AllowOnlinePayment AllowIPNPayment ClassRef DepartmentRef DepositToAccountRef PaymentMethodRef
  PaymentRefNum InvoiceRef FreeFormAddress`;
const SALES_READ_ONLY = "TotalAmt HomeTotalAmt Balance HomeBalance RemainingCredit InvoiceLink";

export const KINDS: Readonly<Record<Kind, KindFacts>> = {
  Account: listKind("account", "Name", "Name AccountType AccountSubType Active", "FullyQualifiedName Classification"),
  Term: listKind("term", "Name", "Name DueDays Active Type", ""),
  Customer: listKind(
    "customer",
    "DisplayName",
    `DisplayName Title GivenName MiddleName FamilyName Suffix CompanyName PrintOnCheckName Active PrimaryEmailAddr
     PrimaryPhone Mobile Fax AlternatePhone WebAddr BillAddr ShipAddr Notes Taxable Job ParentRef BillWithParent
     CurrencyRef PreferredDeliveryMethod SalesTermRef PaymentMethodRef DefaultTaxCodeRef ResaleNum`,
    "FullyQualifiedName Balance BalanceWithJobs Level IsProject ClientEntityId V4IDPseudonym",
  ),
  Item: listKind(
    "item",
    "Name",
    `Name Type Sku Description UnitPrice PurchaseDesc PurchaseCost Taxable Active SubItem ParentRef ReorderPoint
     IncomeAccountRef ExpenseAccountRef AssetAccountRef QtyOnHand InvStartDate TrackQtyOnHand SalesTaxIncluded
     PurchaseTaxIncluded SalesTaxCodeRef PurchaseTaxCodeRef`,
    "FullyQualifiedName Level",
  ),
  Invoice: transactionKind("invoice", true, SALES_WRITABLE, SALES_READ_ONLY),
  CreditMemo: transactionKind("creditmemo", true, SALES_WRITABLE, SALES_READ_ONLY),
  RefundReceipt: transactionKind("refundreceipt", true, SALES_WRITABLE, SALES_READ_ONLY),
  Payment: transactionKind(
    "payment",
    false,
    `CustomerRef TotalAmt Line PaymentMethodRef PaymentRefNum DepositToAccountRef TxnDate PrivateNote ProcessPayment
     CurrencyRef ExchangeRate ARAccountRef`,
    "UnappliedAmt LinkedTxn",
  ),
};

export const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];

export function kindOfPath(path: string): Kind | undefined {
  return KIND_NAMES.find((kind) => KINDS[kind].path === path);
}

/** Queries and change data capture name entities in any case. */
export function kindOfName(name: string): Kind | undefined {
  return KIND_NAMES.find((kind) => kind.toLowerCase() === name.toLowerCase());
}

function listKind(path: string, name: "DisplayName" | "Name", writable: string, readOnly: string): KindFacts {
  return { path, list: true, name, numbered: false, writable: words(writable), readOnly: words(readOnly, ALWAYS) };
}

function transactionKind(path: string, numbered: boolean, writable: string, readOnly: string): KindFacts {
  return { path, list: false, numbered, writable: words(writable), readOnly: words(readOnly, ALWAYS) };
}

function words(text: string, more: readonly string[] = []): ReadonlySet<string> {
  return new Set([...text.split(/\s+/).filter((word) => word !== ""), ...more]);
}
