// Products, which may bring their own id, and prices, whose amount never changes and which are never deleted.
import type { Body } from "./body.ts";
import { idOf, type Call, type Endpoint } from "./call.ts";
import { invalid, missingParameter } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import type { Params } from "./params.ts";
import { exact, plain } from "./unit-amounts.ts";

export const productEndpoints: readonly Endpoint[] = [
  { method: "POST", path: "/v1/products", permission: "product_write", run: createProduct },
  { method: "POST", path: "/v1/products/{id}", permission: "product_write", run: updateProduct },
  { method: "DELETE", path: "/v1/products/{id}", permission: "product_write", run: removeProduct },
  { method: "POST", path: "/v1/prices", permission: "price_write", run: createPrice },
  { method: "POST", path: "/v1/prices/{id}", permission: "price_write", run: updatePrice },
];

function createProduct({ ledger, params }: Call): Body {
  const name = params.requiredText("name");
  const id = params.text("id") ?? ledger.newId("prod", 14);
  const changes = productChanges(params, {});
  params.oneOf("type", ["good", "service"]);
  params.finish();
  if (ledger.find("product", id) !== undefined) {
    throw invalid(`Product already exists.`, { code: "resource_already_exists", param: "id" });
  }
  return ledger.add("product", { ...blankProduct(ledger, id, name), ...changes }, "product.created");
}

function blankProduct(ledger: Ledger, id: string, name: string): Body {
  return {
    id,
    object: "product",
    active: true,
    created: ledger.now,
    default_price: null,
    description: null,
    images: [],
    livemode: ledger.livemode,
    marketing_features: [],
    metadata: {},
    name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    unit_label: null,
    updated: ledger.now,
    url: null,
  };
}

function updateProduct(call: Call): Body {
  const { ledger, params } = call;
  const before = ledger.get("product", idOf(call));
  const changes = productChanges(params, before["metadata"] as Body);
  const name = params.text("name");
  if (name) changes["name"] = name;
  const price = params.text("default_price");
  params.finish();
  if (price) changes["default_price"] = ledger.get("price", price, "default_price")["id"];
  const isSame = Object.entries(changes).every(([key, value]) => JSON.stringify(before[key]) === JSON.stringify(value));
  return ledger.change("product", idOf(call), isSame ? {} : { ...changes, updated: ledger.now }, "product.updated");
}

function productChanges(params: Params, metadata: Body): Body {
  const changes: Body = {};
  for (const name of ["description", "statement_descriptor", "tax_code", "unit_label", "url"]) {
    const value = params.text(name);
    if (value !== undefined) changes[name] = value;
  }
  for (const name of ["active", "shippable"]) {
    const value = params.flag(name);
    if (value !== undefined) changes[name] = value;
  }
  if (params.has("images")) changes["images"] = params.texts("images");
  if (params.has("metadata")) changes["metadata"] = params.metadata(metadata);
  return changes;
}

function removeProduct(call: Call): Body {
  const { ledger, params } = call;
  params.finish();
  const { id } = ledger.get("product", idOf(call));
  const hasPrices = [...ledger.objects.price.values()].some((price) => price["product"] === id);
  if (hasPrices) {
    throw invalid("This product cannot be deleted because it has one or more user-created prices.");
  }
  return ledger.remove("product", String(id), "product.deleted");
}

function createPrice({ ledger, params }: Call): Body {
  const price = newPrice(ledger, params);
  price["active"] = params.flag("active") ?? true;
  price["nickname"] = params.text("nickname") ?? null;
  price["metadata"] = params.metadata({});
  const key = params.text("lookup_key") ?? null;
  const transfers = params.flag("transfer_lookup_key") ?? false;
  params.finish();
  takeLookupKey(ledger, key, transfers);
  price["lookup_key"] = key;
  return ledger.add("price", price, "price.created");
}

/** The part of a price that is also given in place of one, where something is sold only once. */
export function newPrice(ledger: Ledger, params: Params): Body {
  const currency = params.requiredText("currency").toLowerCase();
  const unit = unitAmountIn(params, "unit_amount");
  const tax = params.oneOf("tax_behavior", ["exclusive", "inclusive", "unspecified"]) ?? "unspecified";
  const recurring = recurringIn(params);
  const product = productIn(ledger, params);
  if (unit === undefined) throw missingParameter("unit_amount");
  return {
    id: ledger.newId("price"),
    object: "price",
    active: true,
    billing_scheme: "per_unit",
    created: ledger.now,
    currency,
    custom_unit_amount: null,
    livemode: ledger.livemode,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product,
    recurring,
    tax_behavior: tax,
    tiers_mode: null,
    transform_quantity: null,
    type: recurring === null ? "one_time" : "recurring",
    unit_amount: unit.includes(".") ? null : Number(unit),
    unit_amount_decimal: unit,
  };
}

/** The amount of one, as decimal text: from a whole number or from a decimal. */
export function unitAmountIn(params: Params, whole: string): string | undefined {
  const amount = params.integer(whole);
  const decimal = params.text("unit_amount_decimal");
  if (typeof amount === "number") return String(amount);
  if (!decimal) return undefined;
  if (exact(decimal) === undefined) {
    throw invalid(`Invalid decimal: ${decimal}`, { param: "unit_amount_decimal", unsaved: true });
  }
  return plain(decimal);
}

function productIn(ledger: Ledger, params: Params): string {
  const data = params.part("product_data");
  const product = params.text("product");
  if (data) {
    const name = data.requiredText("name");
    const metadata = data.metadata({});
    data.finish();
    const made = { ...blankProduct(ledger, ledger.newId("prod", 14), name), metadata };
    return String(ledger.add("product", made, "product.created")["id"]);
  }
  if (!product) throw missingParameter("product");
  return String(ledger.get("product", product, "product")["id"]);
}

function recurringIn(params: Params): Body | null {
  const part = params.part("recurring");
  if (!part) return null;
  const interval = part.oneOf("interval", ["day", "week", "month", "year"]);
  const count = part.integer("interval_count") ?? 1;
  const usage = part.oneOf("usage_type", ["licensed", "metered"]) ?? "licensed";
  part.finish();
  if (interval === undefined) throw missingParameter("recurring[interval]");
  return { interval, interval_count: count, meter: null, trial_period_days: null, usage_type: usage };
}

function updatePrice(call: Call): Body {
  const { ledger, params } = call;
  const before = ledger.get("price", idOf(call));
  const changes: Body = {};
  const active = params.flag("active");
  if (active !== undefined) changes["active"] = active;
  const nickname = params.text("nickname");
  if (nickname !== undefined) changes["nickname"] = nickname;
  const tax = params.oneOf("tax_behavior", ["exclusive", "inclusive", "unspecified"]);
  if (tax !== undefined) changes["tax_behavior"] = tax;
  if (params.has("metadata")) changes["metadata"] = params.metadata(before["metadata"] as Body);
  const key = params.text("lookup_key");
  const transfers = params.flag("transfer_lookup_key") ?? false;
  params.finish();
  if (key !== undefined && key !== before["lookup_key"]) {
    takeLookupKey(ledger, key, transfers);
    changes["lookup_key"] = key;
  }
  return ledger.change("price", idOf(call), changes, "price.updated");
}

/** A lookup key leads to one active price: another one must give it up first, if it may. */
function takeLookupKey(ledger: Ledger, key: string | null, transfers: boolean): void {
  if (key === null) return;
  for (const [id, price] of ledger.objects.price) {
    if (price["lookup_key"] !== key) continue;
    if (!transfers) {
      const message = `A price (\`${id}\`) already uses that lookup key.`;
      throw invalid(message, { code: "resource_already_exists", param: "lookup_key" });
    }
    ledger.change("price", id, { lookup_key: null }, "price.updated");
  }
}
