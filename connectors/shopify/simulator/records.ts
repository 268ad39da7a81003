// The simulator's own records: the truth that a checker compares with. They have GraphQL's names and shapes, with
// connections as plain arrays and references to other records by id.
import type { SimulatedMoney, SimulatedMoneyBag } from "./cents.ts";

export interface Reference {
  readonly id: string;
}

export interface SimulatedAddress {
  readonly id: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly name: string | null;
  readonly company: string | null;
  readonly address1: string | null;
  readonly address2: string | null;
  readonly city: string | null;
  readonly province: string | null;
  readonly provinceCode: string | null;
  readonly zip: string | null;
  readonly country: string | null;
  readonly countryCodeV2: string | null;
  readonly phone: string | null;
}

export interface SimulatedCustomer {
  readonly id: string;
  readonly createdAt: string;
  updatedAt: string;
  firstName: string | null;
  lastName: string | null;
  displayName: string;
  state: "DECLINED" | "DISABLED" | "ENABLED" | "INVITED";
  note: string | null;
  tags: readonly string[];
  taxExempt: boolean;
  locale: string;
  verifiedEmail: boolean;
  numberOfOrders: string;
  amountSpent: SimulatedMoney;
  defaultEmailAddress: {
    readonly emailAddress: string;
    readonly marketingState: "NOT_SUBSCRIBED" | "SUBSCRIBED";
  } | null;
  defaultPhoneNumber: { readonly phoneNumber: string } | null;
  defaultAddress: SimulatedAddress | null;
  addressesV2: readonly SimulatedAddress[];
}

export interface SimulatedProduct {
  readonly id: string;
  readonly createdAt: string;
  updatedAt: string;
  handle: string;
  title: string;
  descriptionHtml: string;
  vendor: string;
  productType: string;
  status: "ACTIVE" | "ARCHIVED" | "DRAFT" | "UNLISTED";
  tags: readonly string[];
  isGiftCard: boolean;
  publishedAt: string | null;
  seo: { readonly title: string | null; readonly description: string | null };
  options: readonly SimulatedOption[];
  /** In their order. */
  variants: readonly Reference[];
}

export interface SimulatedOption {
  readonly id: string;
  readonly name: string;
  readonly position: number;
  readonly values: readonly string[];
}

export interface SimulatedVariant {
  readonly id: string;
  readonly createdAt: string;
  updatedAt: string;
  readonly product: Reference;
  title: string;
  sku: string | null;
  barcode: string | null;
  price: string;
  compareAtPrice: string | null;
  position: number;
  taxable: boolean;
  inventoryQuantity: number;
  inventoryPolicy: "CONTINUE" | "DENY";
  selectedOptions: readonly { readonly name: string; readonly value: string }[];
  readonly inventoryItem: SimulatedInventoryItem;
}

export interface SimulatedInventoryItem {
  readonly id: string;
  readonly tracked: boolean;
  readonly requiresShipping: boolean;
  readonly unitCost: SimulatedMoney | null;
}

export interface SimulatedTaxLine {
  readonly title: string;
  readonly rate: number;
  readonly ratePercentage: number;
  readonly priceSet: SimulatedMoneyBag;
}

export interface SimulatedAllocation {
  readonly allocatedAmountSet: SimulatedMoneyBag;
  /** Of the whole order, such as a code; else of this line alone. */
  readonly ofOrder: boolean;
}

export interface SimulatedLineItem {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  readonly variantTitle: string | null;
  readonly sku: string | null;
  readonly vendor: string | null;
  quantity: number;
  currentQuantity: number;
  readonly taxable: boolean;
  readonly requiresShipping: boolean;
  readonly isGiftCard: boolean;
  variant: Reference | null;
  product: Reference | null;
  readonly originalUnitPriceSet: SimulatedMoneyBag;
  originalTotalSet: SimulatedMoneyBag;
  discountedUnitPriceSet: SimulatedMoneyBag;
  discountedTotalSet: SimulatedMoneyBag;
  totalDiscountSet: SimulatedMoneyBag;
  readonly discountAllocations: readonly SimulatedAllocation[];
  taxLines: readonly SimulatedTaxLine[];
}

export interface SimulatedShippingLine {
  readonly id: string;
  readonly title: string;
  readonly code: string | null;
  readonly originalPriceSet: SimulatedMoneyBag;
  readonly discountedPriceSet: SimulatedMoneyBag;
  readonly taxLines: readonly SimulatedTaxLine[];
}

export interface SimulatedRefundLine {
  readonly id: string;
  readonly quantity: number;
  readonly restockType: "CANCEL" | "LEGACY_RESTOCK" | "NO_RESTOCK" | "RETURN";
  readonly lineItem: Reference;
  readonly subtotalSet: SimulatedMoneyBag;
  readonly totalTaxSet: SimulatedMoneyBag;
}

export interface SimulatedRefund {
  readonly id: string;
  readonly order: Reference;
  readonly createdAt: string;
  readonly processedAt: string;
  readonly updatedAt: string;
  readonly note: string | null;
  readonly refundLineItems: readonly SimulatedRefundLine[];
  /** What of the shipping, with its tax, was given back. */
  readonly shippingCents: number;
  readonly shippingTaxCents: number;
  readonly totalRefundedSet: SimulatedMoneyBag;
}

export interface SimulatedOrder {
  readonly id: string;
  readonly name: string;
  readonly number: number;
  readonly createdAt: string;
  readonly processedAt: string;
  updatedAt: string;
  cancelledAt: string | null;
  cancelReason: "CUSTOMER" | "DECLINED" | "FRAUD" | "INVENTORY" | "OTHER" | "STAFF" | null;
  closedAt: string | null;
  email: string | null;
  phone: string | null;
  readonly currencyCode: string;
  readonly presentmentCurrencyCode: string;
  readonly taxesIncluded: false;
  readonly test: boolean;
  displayFinancialStatus: FinancialStatus;
  displayFulfillmentStatus: "FULFILLED" | "PARTIALLY_FULFILLED" | "RESTOCKED" | "UNFULFILLED";
  tags: readonly string[];
  note: string | null;
  poNumber: string | null;
  readonly sourceName: string | null;
  readonly sourceIdentifier: string | null;
  readonly discountCodes: readonly string[];
  customer: Reference | null;
  billingAddress: SimulatedAddress | null;
  shippingAddress: SimulatedAddress | null;
  readonly lineItems: readonly SimulatedLineItem[];
  readonly shippingLines: readonly SimulatedShippingLine[];
  refunds: readonly SimulatedRefund[];
  /** What was paid so far. */
  totalReceivedSet: SimulatedMoneyBag;
  subtotalPriceSet: SimulatedMoneyBag;
  totalPriceSet: SimulatedMoneyBag;
  totalTaxSet: SimulatedMoneyBag;
  totalShippingPriceSet: SimulatedMoneyBag;
  totalDiscountsSet: SimulatedMoneyBag;
  totalRefundedSet: SimulatedMoneyBag;
  totalOutstandingSet: SimulatedMoneyBag;
  netPaymentSet: SimulatedMoneyBag;
  currentSubtotalPriceSet: SimulatedMoneyBag;
  currentTotalPriceSet: SimulatedMoneyBag;
  currentTotalTaxSet: SimulatedMoneyBag;
  currentTotalDiscountsSet: SimulatedMoneyBag;
  currentShippingPriceSet: SimulatedMoneyBag;
  taxLines: readonly SimulatedTaxLine[];
}

export type FinancialStatus =
  | "AUTHORIZED"
  | "EXPIRED"
  | "PAID"
  | "PARTIALLY_PAID"
  | "PARTIALLY_REFUNDED"
  | "PENDING"
  | "REFUNDED"
  | "VOIDED";

export interface SimulatedSubscription {
  readonly id: string;
  /** As in GraphQL: "ORDERS_CREATE". */
  readonly topic: string;
  uri: string;
  readonly format: "JSON" | "XML";
  readonly createdAt: string;
  updatedAt: string;
}
