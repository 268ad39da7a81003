// The bodies of webhooks: whole records in the shape of the older REST API, with numeric ids, snake case, and times in the
// shop's own offset.
import { centsInBag, decimalOf, type SimulatedMoneyBag } from "./cents.ts";
import type {
  SimulatedAddress,
  SimulatedCustomer,
  SimulatedLineItem,
  SimulatedOrder,
  SimulatedProduct,
  SimulatedTaxLine,
} from "./records.ts";
import { numberOf, type ShopEvent, type SimulatedShop } from "./shop.ts";

const SHOP_OFFSET_HOURS = -4;

/** "2026-08-20T06:00:00-04:00" */
function shopTime(utc: string | null): string | null {
  if (utc === null) return null;
  const local = new Date(Date.parse(utc) + SHOP_OFFSET_HOURS * 3_600_000).toISOString().slice(0, 19);
  return `${local}-${String(-SHOP_OFFSET_HOURS).padStart(2, "0")}:00`;
}

function id(gid: string): number {
  return Number(numberOf(gid));
}

function price(bag: SimulatedMoneyBag): string {
  return decimalOf(centsInBag(bag));
}

export function webhookBody(shop: SimulatedShop, { topic, record, refundId }: ShopEvent): object {
  if (topic.endsWith("/delete")) return { id: id(record.id) };
  if ("lineItems" in record) {
    if (topic === "refunds/create") return refundBody(record, refundId ?? "");
    if (topic === "orders/edited") return { order_edit: { id: id(record.id) + 1, order_id: id(record.id) } };
    return orderBody(shop, record);
  }
  return "handle" in record ? productBody(shop, record) : customerBody(record);
}

function orderBody(shop: SimulatedShop, order: SimulatedOrder): object {
  const customer = shop.resolve(shop.customers, order.customer);
  return {
    id: id(order.id),
    admin_graphql_api_id: order.id,
    name: order.name,
    order_number: order.number,
    created_at: shopTime(order.createdAt),
    processed_at: shopTime(order.processedAt),
    updated_at: shopTime(order.updatedAt),
    cancelled_at: shopTime(order.cancelledAt),
    cancel_reason: order.cancelReason?.toLowerCase() ?? null,
    closed_at: shopTime(order.closedAt),
    email: order.email ?? "",
    phone: order.phone,
    currency: order.currencyCode,
    presentment_currency: order.presentmentCurrencyCode,
    taxes_included: false,
    test: order.test,
    financial_status: order.displayFinancialStatus.toLowerCase(),
    fulfillment_status:
      order.displayFulfillmentStatus === "UNFULFILLED" ? null : order.displayFulfillmentStatus.toLowerCase(),
    tags: order.tags.join(", "),
    note: order.note,
    source_name: order.sourceName,
    source_identifier: order.sourceIdentifier,
    subtotal_price: price(order.subtotalPriceSet),
    total_discounts: price(order.totalDiscountsSet),
    total_tax: price(order.totalTaxSet),
    total_price: price(order.totalPriceSet),
    current_total_price: price(order.currentTotalPriceSet),
    total_line_items_price: decimalOf(
      order.lineItems.reduce((sum, line) => sum + centsInBag(line.originalTotalSet), 0),
    ),
    customer: customer === null ? null : customerBody(customer),
    billing_address: addressBody(order.billingAddress),
    shipping_address: addressBody(order.shippingAddress),
    line_items: order.lineItems.map(lineBody),
    shipping_lines: order.shippingLines.map((line) => ({
      id: id(line.id),
      title: line.title,
      code: line.code,
      price: price(line.originalPriceSet),
      discounted_price: price(line.discountedPriceSet),
      tax_lines: line.taxLines.map(taxBody),
    })),
    tax_lines: order.taxLines.map(taxBody),
    refunds: order.refunds.map((refund) => refundBody(order, refund.id)),
  };
}

function lineBody(line: SimulatedLineItem): object {
  return {
    id: id(line.id),
    admin_graphql_api_id: line.id,
    title: line.title,
    name: line.name,
    sku: line.sku ?? "",
    quantity: line.quantity,
    current_quantity: line.currentQuantity,
    price: price(line.originalUnitPriceSet),
    total_discount: price(line.totalDiscountSet),
    variant_id: line.variant === null ? null : id(line.variant.id),
    product_id: line.product === null ? null : id(line.product.id),
    taxable: line.taxable,
    discount_allocations: line.discountAllocations.map(({ allocatedAmountSet }) => ({
      amount: price(allocatedAmountSet),
    })),
    tax_lines: line.taxLines.map(taxBody),
  };
}

function taxBody(tax: SimulatedTaxLine): object {
  return { title: tax.title, rate: tax.rate, price: price(tax.priceSet) };
}

function refundBody(order: SimulatedOrder, refundId: string): object {
  const refund = order.refunds.find((one) => one.id === refundId);
  return {
    id: id(refundId),
    admin_graphql_api_id: refundId,
    order_id: id(order.id),
    created_at: shopTime(refund?.createdAt ?? null),
    processed_at: shopTime(refund?.processedAt ?? null),
    note: refund?.note ?? null,
    refund_line_items: (refund?.refundLineItems ?? []).map((line) => ({
      id: id(line.id),
      line_item_id: id(line.lineItem.id),
      quantity: line.quantity,
      restock_type: line.restockType.toLowerCase(),
      subtotal: Number(price(line.subtotalSet)),
      total_tax: Number(price(line.totalTaxSet)),
    })),
  };
}

function addressBody(address: SimulatedAddress | null): object | null {
  if (address === null) return null;
  const { firstName, lastName, company, address1, address2, city, province, zip, country, phone, name } = address;
  return {
    first_name: firstName,
    last_name: lastName,
    name,
    company,
    address1,
    address2,
    city,
    province,
    zip,
    country,
    phone,
    province_code: address.provinceCode,
    country_code: address.countryCodeV2,
  };
}

function customerBody(customer: SimulatedCustomer): object {
  return {
    id: id(customer.id),
    admin_graphql_api_id: customer.id,
    created_at: shopTime(customer.createdAt),
    updated_at: shopTime(customer.updatedAt),
    first_name: customer.firstName,
    last_name: customer.lastName,
    email: customer.defaultEmailAddress?.emailAddress ?? null,
    phone: customer.defaultPhoneNumber?.phoneNumber ?? null,
    state: customer.state.toLowerCase(),
    note: customer.note,
    tags: customer.tags.join(", "),
    tax_exempt: customer.taxExempt,
    verified_email: customer.verifiedEmail,
    currency: customer.amountSpent.currencyCode,
    addresses: customer.addressesV2.map(addressBody),
    default_address: addressBody(customer.defaultAddress),
  };
}

function productBody(shop: SimulatedShop, product: SimulatedProduct): object {
  return {
    id: id(product.id),
    admin_graphql_api_id: product.id,
    title: product.title,
    handle: product.handle,
    body_html: product.descriptionHtml,
    vendor: product.vendor,
    product_type: product.productType,
    status: product.status.toLowerCase(),
    tags: product.tags.join(", "),
    created_at: shopTime(product.createdAt),
    updated_at: shopTime(product.updatedAt),
    published_at: shopTime(product.publishedAt),
    options: product.options.map(({ name, position, values }) => ({ name, position, values })),
    variants: product.variants.flatMap((reference) => {
      const variant = shop.variants.get(reference.id);
      if (variant === undefined) return [];
      return [
        {
          id: id(variant.id),
          admin_graphql_api_id: variant.id,
          product_id: id(product.id),
          title: variant.title,
          sku: variant.sku,
          barcode: variant.barcode,
          price: variant.price,
          compare_at_price: variant.compareAtPrice,
          position: variant.position,
          taxable: variant.taxable,
          inventory_quantity: variant.inventoryQuantity,
          created_at: shopTime(variant.createdAt),
          updated_at: shopTime(variant.updatedAt),
        },
      ];
    }),
  };
}
