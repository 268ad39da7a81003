// The types of the simulated graph: which fields each has and where their values are.
import { bagOf, centsInBag, centsOf, currenciesOf, moneyOf } from "./cents.ts";
import { canDeleteCustomer } from "./customers.ts";
import type {
  SimulatedCustomer,
  SimulatedLineItem,
  SimulatedOrder,
  SimulatedProduct,
  SimulatedRefund,
  SimulatedRefundLine,
  SimulatedVariant,
} from "./records.ts";
import { numberOf } from "./shop.ts";
import { connection, type FieldContext, fields, type Fields, leaf, list, object, type FieldType } from "./types.ts";

const legacyResourceId = leaf((record: { readonly id: string }) => numberOf(record.id));

function bags(names: string): Fields {
  return Object.fromEntries(names.split(/\s+/).map((name): [string, FieldType] => [name, object("MoneyBag")]));
}

function customerOf(
  source: { readonly customer: SimulatedOrder["customer"] },
  _args: unknown,
  { shop }: FieldContext,
): unknown {
  return shop.resolve(shop.customers, source.customer);
}

const DISCOUNT_TARGET = { allocationMethod: "ACROSS", targetType: "LINE_ITEM", targetSelection: "ALL", index: 0 };

export const OBJECT_TYPES: Readonly<Record<string, Fields>> = {
  MoneyV2: fields("amount currencyCode"),
  MoneyBag: fields("", { shopMoney: object("MoneyV2"), presentmentMoney: object("MoneyV2") }),
  Node: fields("id"),
  PageInfo: fields("hasNextPage hasPreviousPage startCursor endCursor"),
  Count: fields("count precision"),
  UserError: fields("code field message"),
  Job: fields("id done"),
  SEO: fields("title description"),
  SelectedOption: fields("name value"),
  Shop: fields("id name email myshopifyDomain currencyCode ianaTimezone", { plan: object("ShopPlan") }),
  ShopPlan: fields("publicDisplayName partnerDevelopment shopifyPlus"),
  AppInstallation: fields("id", { accessScopes: list("AccessScope") }),
  AccessScope: fields("handle description"),
  MailingAddress: fields(
    "id firstName lastName name company address1 address2 city province provinceCode zip country countryCodeV2 phone",
    { countryCode: leaf((address: { readonly countryCodeV2: string | null }) => address.countryCodeV2) },
  ),
  TaxLine: fields("title rate ratePercentage", bags("priceSet")),
  DiscountAllocation: fields("", {
    allocatedAmountSet: object("MoneyBag"),
    discountApplication: object("DiscountApplication", (allocation: { readonly ofOrder: boolean }) => ({
      __typename: allocation.ofOrder ? "DiscountCodeApplication" : "ManualDiscountApplication",
      ...DISCOUNT_TARGET,
    })),
  }),
  DiscountApplication: fields("allocationMethod targetType targetSelection index"),
  DiscountCodeApplication: fields("allocationMethod targetType targetSelection index"),
  ManualDiscountApplication: fields("allocationMethod targetType targetSelection index"),
  LineItem: fields(
    "id title name variantTitle sku vendor quantity currentQuantity taxable requiresShipping isGiftCard",
    {
      ...bags("originalUnitPriceSet originalTotalSet discountedUnitPriceSet totalDiscountSet"),
      discountedTotalSet: object("MoneyBag", discountedTotal),
      variant: object("ProductVariant", (line: SimulatedLineItem, _, { shop }) =>
        shop.resolve(shop.variants, line.variant),
      ),
      product: object("Product", (line: SimulatedLineItem, _, { shop }) => shop.resolve(shop.products, line.product)),
      discountAllocations: list("DiscountAllocation"),
      taxLines: list("TaxLine"),
      refundableQuantity: leaf((line: SimulatedLineItem) => line.currentQuantity),
      unfulfilledQuantity: leaf((line: SimulatedLineItem) => line.currentQuantity),
    },
  ),
  ShippingLine: fields("id title code", {
    ...bags("originalPriceSet discountedPriceSet"),
    taxLines: list("TaxLine"),
    custom: leaf(() => false),
    isRemoved: leaf(() => false),
  }),
  RefundLineItem: fields("id quantity restockType", {
    lineItem: object("LineItem", (line: SimulatedRefundLine, _, { shop }) => shop.lineItems.get(line.lineItem.id)),
    ...bags("subtotalSet totalTaxSet"),
    restocked: leaf(() => true),
  }),
  Refund: fields("id createdAt processedAt updatedAt note", {
    legacyResourceId,
    order: object("Order", (refund: SimulatedRefund, _, { shop }) => shop.resolve(shop.orders, refund.order)),
    totalRefundedSet: object("MoneyBag"),
    refundLineItems: connection("RefundLineItem"),
  }),
  Order: fields(
    "id name number createdAt processedAt updatedAt cancelledAt cancelReason closedAt email phone currencyCode presentmentCurrencyCode taxesIncluded test displayFinancialStatus displayFulfillmentStatus tags note poNumber sourceName sourceIdentifier discountCodes",
    {
      legacyResourceId,
      customer: object("Customer", customerOf),
      ...bags(
        "subtotalPriceSet totalPriceSet totalTaxSet totalShippingPriceSet totalDiscountsSet totalRefundedSet totalOutstandingSet totalReceivedSet netPaymentSet currentSubtotalPriceSet currentTotalPriceSet currentTotalTaxSet currentTotalDiscountsSet currentShippingPriceSet",
      ),
      originalTotalPriceSet: object("MoneyBag", (order: SimulatedOrder) => order.totalPriceSet),
      taxLines: list("TaxLine"),
      billingAddress: object("MailingAddress"),
      shippingAddress: object("MailingAddress"),
      lineItems: connection("LineItem"),
      shippingLines: connection("ShippingLine"),
      refunds: list("Refund", (order: SimulatedOrder, args) =>
        typeof args["first"] === "number" ? order.refunds.slice(0, args["first"]) : order.refunds,
      ),
      closed: leaf((order: SimulatedOrder) => order.closedAt !== null),
      confirmed: leaf(() => true),
      fullyPaid: leaf((order: SimulatedOrder) => order.displayFinancialStatus === "PAID"),
      unpaid: leaf((order: SimulatedOrder) => ["PENDING", "AUTHORIZED"].includes(order.displayFinancialStatus)),
      subtotalLineItemsQuantity: leaf((order: SimulatedOrder) =>
        order.lineItems.reduce((total, line) => total + line.quantity, 0),
      ),
    },
  ),
  CustomerEmailAddress: fields("emailAddress marketingState"),
  CustomerPhoneNumber: fields("phoneNumber"),
  Customer: fields(
    "id displayName firstName lastName state note tags taxExempt locale verifiedEmail numberOfOrders createdAt updatedAt",
    {
      legacyResourceId,
      amountSpent: object("MoneyV2"),
      defaultEmailAddress: object("CustomerEmailAddress"),
      defaultPhoneNumber: object("CustomerPhoneNumber"),
      defaultAddress: object("MailingAddress"),
      addressesV2: connection("MailingAddress"),
      canDelete: leaf(canDeleteCustomer),
      email: leaf((customer: SimulatedCustomer) => customer.defaultEmailAddress?.emailAddress ?? null),
      phone: leaf((customer: SimulatedCustomer) => customer.defaultPhoneNumber?.phoneNumber ?? null),
      addresses: list("MailingAddress", (customer: SimulatedCustomer) => customer.addressesV2),
      orders: connection("Order", (customer: SimulatedCustomer, _, { shop }) =>
        [...shop.orders.values()].filter((order) => order.customer?.id === customer.id),
      ),
    },
  ),
  ProductOption: fields("id name position values"),
  ProductPriceRangeV2: fields("", { minVariantPrice: object("MoneyV2"), maxVariantPrice: object("MoneyV2") }),
  Product: fields(
    "id handle title descriptionHtml vendor productType status tags isGiftCard createdAt updatedAt publishedAt",
    {
      legacyResourceId,
      seo: object("SEO"),
      options: list("ProductOption"),
      variants: connection("ProductVariant", variantsOf),
      variantsCount: object("Count", (product: SimulatedProduct) => ({
        count: product.variants.length,
        precision: "EXACT",
      })),
      totalInventory: leaf((product: SimulatedProduct, _, context) =>
        variantsOf(product, {}, context).reduce((total, variant) => total + variant.inventoryQuantity, 0),
      ),
      hasOnlyDefaultVariant: leaf(
        (product: SimulatedProduct, _, context) =>
          product.variants.length === 1 && variantsOf(product, {}, context)[0]?.title === "Default Title",
      ),
      priceRangeV2: object("ProductPriceRangeV2", priceRange),
    },
  ),
  InventoryItem: fields("id tracked requiresShipping", { legacyResourceId, unitCost: object("MoneyV2") }),
  ProductVariant: fields(
    "id title sku barcode price compareAtPrice position taxable inventoryQuantity inventoryPolicy createdAt updatedAt",
    {
      legacyResourceId,
      displayName: leaf((variant: SimulatedVariant, _, { shop }) => {
        const title = shop.products.get(variant.product.id)?.title ?? "";
        return `${title} - ${variant.title}`;
      }),
      availableForSale: leaf(
        (variant: SimulatedVariant) => variant.inventoryQuantity > 0 || variant.inventoryPolicy === "CONTINUE",
      ),
      selectedOptions: list("SelectedOption"),
      inventoryItem: object("InventoryItem"),
      product: object("Product", (variant: SimulatedVariant, _, { shop }) =>
        shop.resolve(shop.products, variant.product),
      ),
    },
  ),
  WebhookSubscription: fields("id topic uri format createdAt updatedAt", {
    legacyResourceId,
    callbackUrl: leaf((subscription: { readonly uri: string }) => subscription.uri),
    includeFields: leaf(() => []),
    metafieldNamespaces: leaf(() => []),
  }),
};

function variantsOf(product: SimulatedProduct, _args: unknown, { shop }: FieldContext): readonly SimulatedVariant[] {
  return product.variants.flatMap(({ id }) => shop.variants.get(id) ?? []);
}

function priceRange(product: SimulatedProduct, _args: unknown, context: FieldContext): unknown {
  const cents = variantsOf(product, {}, context).map((variant) => centsOf(variant.price));
  const { currencyCode } = context.shop;
  return {
    minVariantPrice: moneyOf(Math.min(...cents), currencyCode),
    maxVariantPrice: moneyOf(Math.max(...cents), currencyCode),
  };
}

/** Without codes unless they are asked for. */
function discountedTotal(line: SimulatedLineItem, args: Readonly<Record<string, unknown>>): unknown {
  if (args["withCodeDiscounts"] !== true) return line.discountedTotalSet;
  const codes = line.discountAllocations.filter(({ ofOrder }) => ofOrder);
  const taken = codes.reduce(
    (total, { allocatedAmountSet }) => total + centsOf(allocatedAmountSet.shopMoney.amount),
    0,
  );
  return bagOf(centsInBag(line.discountedTotalSet) - taken, currenciesOf(line.discountedTotalSet));
}
