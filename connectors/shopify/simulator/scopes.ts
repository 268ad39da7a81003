// What an app may see and be told, by its access scopes: the schema's own words on Order and on each webhook topic.

export const ALL_SCOPES: readonly string[] = [
  "read_all_orders",
  "read_customer_merge",
  "read_customers",
  "read_fulfillments",
  "read_orders",
  "read_products",
  "write_customers",
  "write_orders",
  "write_products",
];

/** Without `read_all_orders` older orders are as if they were not there. */
const ORDERS_SHOWN_MS = 60 * 86_400_000;

export function isShown(
  { createdAt }: { readonly createdAt: string },
  scopes: readonly string[],
  now: number,
): boolean {
  return scopes.includes("read_all_orders") || Date.parse(createdAt) >= now - ORDERS_SHOWN_MS;
}

/** The scope that a topic of webhooks needs. */
export function scopeOfTopic(topic: string): string {
  if (topic === "CUSTOMERS_MERGE") return "read_customer_merge";
  const [family = ""] = topic.split("_");
  return (
    { CUSTOMERS: "read_customers", FULFILLMENTS: "read_fulfillments", PRODUCTS: "read_products" }[family] ??
    "read_orders"
  );
}
