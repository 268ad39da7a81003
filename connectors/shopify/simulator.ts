// A stateful fake of a Shopify shop on the wire, written from Shopify's published schema and pages: any client's GraphQL
// over orders, customers, products, variants and webhook subscriptions is parsed and executed. At myshopify.com it is found
// at its own address only; elsewhere the origin does not matter.
import type { Simulator, SimulatorWorld } from "../../src/rehearse/simulator.ts";
import type { SendWebhook, WebhookFaults } from "../../src/rehearse/webhook-sender.ts";
import { addCustomer, type CustomerDraft, deleteCustomer, editCustomer } from "./simulator/customers.ts";
import { DashboardApp, type DashboardAppOptions } from "./simulator/dashboard-app.ts";
import { Endpoint } from "./simulator/endpoint.ts";
import type { ConnectionCost } from "./simulator/execute.ts";
import {
  addOrder,
  cancelOrder,
  deleteOrder,
  editOrder,
  type OrderDraft,
  type OrderPatch,
  payOrder,
  type RefundDraft,
  refundOrder,
} from "./simulator/orders.ts";
import {
  addProduct,
  addVariant,
  deleteProduct,
  deleteVariant,
  editProduct,
  editVariant,
  type ProductDraft,
  type VariantDraft,
} from "./simulator/products.ts";
import type {
  SimulatedCustomer,
  SimulatedOrder,
  SimulatedProduct,
  SimulatedSubscription,
  SimulatedVariant,
} from "./simulator/records.ts";
import { ALL_SCOPES } from "./simulator/scopes.ts";
import { SimulatedShop } from "./simulator/shop.ts";
import type { Plan } from "./simulator/throttle.ts";
import { ShopWebhooks } from "./simulator/webhooks.ts";

export type { SimulatedMoney, SimulatedMoneyBag } from "./simulator/cents.ts";
export type { AddressDraft, CustomerDraft } from "./simulator/customers.ts";
export type { LineDraft, OrderDraft, OrderPatch, RefundDraft, ShippingDraft, TaxDraft } from "./simulator/orders.ts";
export type { DashboardAppOptions } from "./simulator/dashboard-app.ts";
export type { ProductDraft, VariantDraft } from "./simulator/products.ts";
export type * from "./simulator/records.ts";

const API_VERSION = "2026-07";
const SEARCH_LAG_MS = 2_000;

export interface ShopifySimulatorOptions extends SimulatorWorld {
  /** The fixed token of a custom app. Default: there is none. */
  readonly accessToken?: string;
  /** An app of the Dev Dashboard, which is given tokens for its client id and secret. Default: there is none. */
  readonly app?: DashboardAppOptions;
  /** Signs the webhooks. */
  readonly webhookSecret: string;
  /** "demo" or "demo.myshopify.com". */
  readonly shop: string;
  /** Default: nothing is sent. */
  readonly send?: SendWebhook;
  /** Where the app is configured to get webhooks of every topic, besides the subscriptions made through the API. */
  readonly webhookUrl?: string;
  readonly webhookFaults?: WebhookFaults;
  /** Decides the points a second. Default: standard. */
  readonly plan?: Plan;
  /** How late the search shows what was written, in milliseconds. Default: 2,000. */
  readonly searchLagMs?: number;
  /** How long after it was asked for an order is cancelled, in milliseconds. Default: 0, at once. */
  readonly cancelLagMs?: number;
  /** How a list's length weighs in a query's cost; see the README. Default: scaled. */
  readonly connectionCost?: ConnectionCost;
  /** Of prices, and of orders that name none. Default: USD. */
  readonly currencyCode?: string;
  /** What the app may do. Looked at for orders of more than 60 days ago and for topics of webhooks. Default: all. */
  readonly scopes?: readonly string[];
}

type Truth<Item> = ReadonlyMap<string, Readonly<Item>>;

export interface ShopifySimulator extends Simulator {
  readonly orders: Truth<SimulatedOrder>;
  readonly customers: Truth<SimulatedCustomer>;
  readonly products: Truth<SimulatedProduct>;
  readonly variants: Truth<SimulatedVariant>;
  readonly subscriptions: Truth<SimulatedSubscription>;
  /** What was asked so far. */
  readonly requests: { readonly answered: number; readonly throttled: number };
  /** The Dev Dashboard's app: what it was given, whether the shop has it, and whose it is. */
  readonly app: Pick<DashboardApp, "counts" | "install" | "uninstall" | "ofOneOrganisation">;
  /** The address of the app's configured webhooks; may be set once the receiver is up. */
  webhookUrl: string | undefined;
  searchLagMs: number;
  /** Does something of which no webhook tells. */
  quietly<Result>(work: () => Result): Result;
  /** Does something as if it had been done at that time, in milliseconds since 1970. */
  at<Result>(time: number, work: () => Result): Result;
  /** The app's secret is replaced: the next requests are refused until they bring the new token. */
  replaceAccessToken(accessToken: string): void;
  /** Somebody deletes these subscriptions, as another program with the same app may. */
  removeSubscriptions(which: (subscription: SimulatedSubscription) => boolean): void;
  /** Somebody sends what these subscriptions tell elsewhere. */
  moveSubscriptions(which: (subscription: SimulatedSubscription) => boolean, uri: string): void;
  addCustomer(draft?: CustomerDraft): SimulatedCustomer;
  editCustomer(id: string, draft: CustomerDraft): SimulatedCustomer;
  deleteCustomer(id: string): boolean;
  addProduct(draft?: ProductDraft): SimulatedProduct;
  editProduct(id: string, draft: Omit<ProductDraft, "variants">): SimulatedProduct;
  deleteProduct(id: string): boolean;
  addVariant(productId: string, draft: VariantDraft): SimulatedVariant;
  editVariant(id: string, draft: VariantDraft): SimulatedVariant;
  deleteVariant(id: string): void;
  addOrder(draft?: OrderDraft): SimulatedOrder;
  editOrder(id: string, patch: OrderPatch): SimulatedOrder;
  payOrder(id: string): SimulatedOrder;
  refundOrder(id: string, draft?: RefundDraft): SimulatedOrder;
  cancelOrder(id: string, options?: Parameters<typeof cancelOrder>[2]): SimulatedOrder;
  deleteOrder(id: string): boolean;
}

export function createShopifySimulator(options: ShopifySimulatorOptions): ShopifySimulator {
  const { clock, random, currencyCode = "USD", searchLagMs = SEARCH_LAG_MS, plan = "standard" } = options;
  const domain = `${options.shop.toLowerCase().replace(/\.myshopify\.com$/, "")}.myshopify.com`;
  const webhooks = new ShopWebhooks({
    clock,
    random,
    domain,
    send: options.send ?? (() => Promise.resolve(200)),
    secret: options.webhookSecret,
    apiVersion: API_VERSION,
    ...(options.webhookUrl === undefined ? {} : { url: options.webhookUrl }),
    ...(options.webhookFaults === undefined ? {} : { faults: options.webhookFaults }),
  });
  const emit = (event: Parameters<ShopWebhooks["deliver"]>[1]): void => webhooks.deliver(shop, event);
  const shop: SimulatedShop = new SimulatedShop({
    clock,
    random,
    searchLagMs,
    cancelLagMs: options.cancelLagMs ?? 0,
    currencyCode,
    emit,
    scopes: options.scopes ?? ALL_SCOPES,
  });
  webhooks.shop = shop;
  const app = new DashboardApp({ clock, random }, options.app, options.scopes ?? ALL_SCOPES);
  const endpoint = new Endpoint(shop, {
    domain,
    plan,
    accessToken: options.accessToken,
    app,
    apiVersion: API_VERSION,
    connectionCost: options.connectionCost ?? "scaled",
  });
  return {
    name: "shopify",
    fetch: (request) => endpoint.fetch(request),
    webhooks: webhooks.sender,
    orders: shop.orders,
    customers: shop.customers,
    products: shop.products,
    variants: shop.variants,
    subscriptions: shop.subscriptions,
    requests: endpoint.requests,
    app,
    get webhookUrl() {
      return webhooks.url;
    },
    set webhookUrl(url) {
      webhooks.url = url;
    },
    get searchLagMs() {
      return shop.searchLagMs;
    },
    set searchLagMs(lagMs) {
      shop.searchLagMs = lagMs;
    },
    quietly: (work) => shop.quietly(work),
    at: (time, work) => shop.at(time, work),
    removeSubscriptions(which) {
      for (const one of shop.subscriptions.values()) if (which(one)) shop.subscriptions.delete(one.id);
    },
    moveSubscriptions(which, uri) {
      for (const one of shop.subscriptions.values()) if (which(one)) one.uri = uri;
    },
    replaceAccessToken: (accessToken) => endpoint.replaceAccessToken(accessToken),
    addCustomer: (draft) => addCustomer(shop, draft),
    editCustomer: (id, draft) => editCustomer(shop, id, draft),
    deleteCustomer: (id) => deleteCustomer(shop, id),
    addProduct: (draft) => addProduct(shop, draft),
    editProduct: (id, draft) => editProduct(shop, id, draft),
    deleteProduct: (id) => deleteProduct(shop, id),
    addVariant: (productId, draft) => addVariant(shop, productId, draft),
    editVariant: (id, draft) => editVariant(shop, id, draft),
    deleteVariant: (id) => deleteVariant(shop, id),
    addOrder: (draft) => addOrder(shop, draft),
    editOrder: (id, patch) => editOrder(shop, id, patch),
    payOrder: (id) => payOrder(shop, id),
    refundOrder: (id, draft) => refundOrder(shop, id, draft),
    cancelOrder: (id, how) => cancelOrder(shop, id, how),
    deleteOrder: (id) => deleteOrder(shop, id),
  };
}
