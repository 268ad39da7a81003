// What can be asked at the root of a query.
import { customerByEmail, customerByPhone } from "./customers.ts";
import { productByHandle } from "./products.ts";
import type { SimulatedCustomer, SimulatedOrder, SimulatedProduct, SimulatedVariant } from "./records.ts";
import { isShown } from "./scopes.ts";
import { searched } from "./search.ts";
import { numberOf, type SimulatedShop } from "./shop.ts";
import { connection, type FieldArguments, type FieldContext, fields, type Fields, object, sized } from "./types.ts";

type Identifier = Readonly<Record<string, string | undefined>>;

/** Filters that every list has. */
function common(shop: SimulatedShop): {
  readonly id: (item: { readonly id: string }) => readonly string[];
  readonly updated_at: (item: { readonly id: string }) => readonly string[];
  readonly created_at: (item: { readonly createdAt: string }) => readonly string[];
} {
  return {
    id: (item) => [numberOf(item.id)],
    updated_at: (item) => [shop.indexedUpdatedAt(item.id) ?? ""],
    created_at: (item) => [item.createdAt],
  };
}

const indexedAt =
  (shop: SimulatedShop) =>
  (item: { readonly id: string }): string =>
    shop.indexedUpdatedAt(item.id) ?? "";

function orders(_source: unknown, args: FieldArguments, { shop }: FieldContext): unknown {
  return searched<SimulatedOrder>({
    shop,
    args,
    name: "orders",
    defaultSort: "PROCESSED_AT",
    items: [...shop.orders.values()].filter((order) => isShown(order, shop.scopes, shop.clock.now())),
    filters: {
      ...common(shop),
      processed_at: (order) => [order.processedAt],
      name: (order) => [order.name, order.name.replace("#", "")],
      email: (order) => [order.email ?? ""],
      tag: (order) => order.tags,
      test: (order) => [String(order.test)],
      sku: (order) => order.lineItems.map((line) => line.sku ?? ""),
      source_identifier: (order) => [order.sourceIdentifier ?? ""],
      source_name: (order) => [order.sourceName ?? ""],
      customer_id: (order) => [order.customer === null ? "" : numberOf(order.customer.id)],
      financial_status: (order) => [order.displayFinancialStatus],
      status: (order) => [
        order.cancelledAt !== null ? "cancelled" : order.closedAt !== null ? "closed" : "open",
        ...(order.closedAt === null ? ["not_closed"] : []),
      ],
      default: (order) => [order.name, order.email ?? ""],
    },
    sorts: {
      UPDATED_AT: indexedAt(shop),
      CREATED_AT: (order) => order.createdAt,
      PROCESSED_AT: (order) => order.processedAt,
      ORDER_NUMBER: (order) => String(order.number).padStart(12, "0"),
    },
  });
}

function customers(_source: unknown, args: FieldArguments, { shop }: FieldContext): unknown {
  return searched<SimulatedCustomer>({
    shop,
    args,
    name: "customers",
    items: shop.customers.values(),
    filters: {
      ...common(shop),
      email: (customer) => [customer.defaultEmailAddress?.emailAddress ?? ""],
      phone: (customer) => [customer.defaultPhoneNumber?.phoneNumber ?? ""],
      first_name: (customer) => [customer.firstName ?? ""],
      last_name: (customer) => [customer.lastName ?? ""],
      tag: (customer) => customer.tags,
      state: (customer) => [customer.state],
      default: (customer) => [customer.displayName, customer.defaultEmailAddress?.emailAddress ?? ""],
    },
    sorts: {
      UPDATED_AT: indexedAt(shop),
      CREATED_AT: (customer) => customer.createdAt,
      NAME: (customer) => customer.displayName,
    },
  });
}

function products(_source: unknown, args: FieldArguments, { shop }: FieldContext): unknown {
  return searched<SimulatedProduct>({
    shop,
    args,
    name: "products",
    items: shop.products.values(),
    filters: {
      ...common(shop),
      handle: (product) => [product.handle],
      title: (product) => [product.title],
      status: (product) => [product.status],
      vendor: (product) => [product.vendor],
      product_type: (product) => [product.productType],
      tag: (product) => product.tags,
      sku: (product) => product.variants.map(({ id }) => shop.variants.get(id)?.sku ?? ""),
      default: (product) => [product.title, product.vendor],
    },
    sorts: {
      UPDATED_AT: indexedAt(shop),
      CREATED_AT: (product) => product.createdAt,
      TITLE: (product) => product.title,
    },
  });
}

function productVariants(_source: unknown, args: FieldArguments, { shop }: FieldContext): unknown {
  return searched<SimulatedVariant>({
    shop,
    args,
    name: "productVariants",
    items: shop.variants.values(),
    filters: {
      ...common(shop),
      sku: (variant) => [variant.sku ?? ""],
      barcode: (variant) => [variant.barcode ?? ""],
      title: (variant) => [variant.title],
      product_id: (variant) => [numberOf(variant.product.id)],
      default: (variant) => [variant.title, variant.sku ?? ""],
    },
    sorts: { SKU: (variant) => variant.sku ?? "", TITLE: (variant) => variant.title },
  });
}

const customerBy = (_: unknown, { identifier }: FieldArguments, { shop }: FieldContext): unknown => {
  const { id, emailAddress, phoneNumber } = identifier as Identifier;
  if (id !== undefined) return shop.customers.get(id) ?? null;
  if (emailAddress !== undefined) return customerByEmail(shop, emailAddress) ?? null;
  return phoneNumber === undefined ? null : (customerByPhone(shop, phoneNumber) ?? null);
};

const productBy = (_: unknown, { identifier }: FieldArguments, { shop }: FieldContext): unknown => {
  const { id, handle } = identifier as Identifier;
  if (id !== undefined) return shop.products.get(id) ?? null;
  return handle === undefined ? null : (productByHandle(shop, handle) ?? null);
};

const refundBy = (_: unknown, { id }: FieldArguments, { shop }: FieldContext): unknown =>
  [...shop.orders.values()].flatMap((order) => order.refunds).find((refund) => refund.id === id) ?? null;

export function queryFields(shopName: string, domain: string, plan: string): Fields {
  return fields("", {
    shop: object("Shop", (_, __, { shop }) => ({
      id: "gid://shopify/Shop/1",
      name: shopName,
      email: `owner@${domain}`,
      myshopifyDomain: domain,
      currencyCode: shop.currencyCode,
      ianaTimezone: "America/New_York",
      plan: { publicDisplayName: plan, partnerDevelopment: false, shopifyPlus: plan === "enterprise" },
    })),
    currentAppInstallation: object("AppInstallation", (_, __, { shop }) => ({
      id: "gid://shopify/AppInstallation/1",
      accessScopes: shop.scopes.map((handle) => ({ handle, description: `May ${handle}` })),
    })),
    node: object("Node", (_, { id }, { shop }) => shop.find(String(id))),
    nodes: sized("Node", (_, { ids }, { shop }) => (ids as readonly string[]).map((id) => shop.find(id))),
    order: object("Order", (_, { id }, { shop }) => shop.shownOrder(String(id))),
    orders: connection("Order", orders),
    orderByIdentifier: object("Order", (_, { identifier }, { shop }) =>
      shop.shownOrder((identifier as Identifier)["id"] ?? ""),
    ),
    refund: object("Refund", refundBy),
    customer: object("Customer", (_, { id }, { shop }) => shop.customers.get(String(id)) ?? null),
    customers: connection("Customer", customers),
    customerByIdentifier: object("Customer", customerBy),
    product: object("Product", (_, { id }, { shop }) => shop.products.get(String(id)) ?? null),
    products: connection("Product", products),
    productByIdentifier: object("Product", productBy),
    productVariant: object("ProductVariant", (_, { id }, { shop }) => shop.variants.get(String(id)) ?? null),
    productVariants: connection("ProductVariant", productVariants),
    webhookSubscription: object(
      "WebhookSubscription",
      (_, { id }, { shop }) => shop.subscriptions.get(String(id)) ?? null,
    ),
    webhookSubscriptions: connection("WebhookSubscription", (_, __, { shop }) => [...shop.subscriptions.values()]),
    ordersCount: object("Count", (_, __, { shop }) => ({ count: shop.orders.size, precision: "EXACT" })),
    customersCount: object("Count", (_, __, { shop }) => ({ count: shop.customers.size, precision: "EXACT" })),
    productsCount: object("Count", (_, __, { shop }) => ({ count: shop.products.size, precision: "EXACT" })),
  });
}
