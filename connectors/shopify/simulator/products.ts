// Products and variants of the simulated shop: made, changed and deleted, by scenario code and by mutations alike.
import { centsOf, decimalOf } from "./cents.ts";
import { sortedTags } from "./customers.ts";
import type { SimulatedOption, SimulatedProduct, SimulatedVariant } from "./records.ts";
import type { SimulatedShop } from "./shop.ts";

export interface VariantDraft {
  /** Values of the product's options by their names; absent: the one default variant. */
  readonly options?: Readonly<Record<string, string>>;
  readonly price?: string;
  readonly compareAtPrice?: string | null;
  readonly sku?: string | null;
  readonly barcode?: string | null;
  readonly taxable?: boolean;
  readonly inventoryQuantity?: number;
  readonly inventoryPolicy?: "CONTINUE" | "DENY";
}

export interface ProductDraft {
  readonly title?: string;
  readonly handle?: string;
  readonly descriptionHtml?: string;
  readonly vendor?: string;
  readonly productType?: string;
  readonly status?: SimulatedProduct["status"];
  readonly tags?: readonly string[];
  readonly seo?: { readonly title?: string | null; readonly description?: string | null };
  /** Absent: one default variant. */
  readonly variants?: readonly VariantDraft[];
  readonly createdAt?: string;
}

export const DEFAULT_OPTION = { Title: "Default Title" };

export function addProduct(shop: SimulatedShop, draft: ProductDraft = {}): SimulatedProduct {
  const createdAt = draft.createdAt ?? shop.now();
  const title = draft.title ?? "Product";
  const product: SimulatedProduct = {
    id: shop.newId("Product"),
    createdAt,
    updatedAt: createdAt,
    handle: freeHandle(shop, draft.handle ?? handleOf(title)),
    title,
    descriptionHtml: "",
    vendor: draft.vendor ?? "Bowline",
    productType: "",
    status: "ACTIVE",
    tags: [],
    isGiftCard: false,
    publishedAt: createdAt,
    seo: { title: null, description: null },
    options: [],
    variants: [],
  };
  const { handle: _handle, ...rest } = draft;
  apply(product, rest);
  shop.products.set(product.id, product);
  for (const variant of draft.variants ?? [{}]) attachVariant(shop, product, variant, createdAt);
  shop.touch(product, createdAt);
  shop.emit("products/create", product);
  return product;
}

export function editProduct(shop: SimulatedShop, id: string, draft: Omit<ProductDraft, "variants">): SimulatedProduct {
  const product = shop.products.get(id);
  if (product === undefined) throw new Error(`Cannot edit product ${id}: there is none`);
  apply(product, draft);
  changed(shop, product);
  return product;
}

function apply(product: SimulatedProduct, draft: Omit<ProductDraft, "variants">): void {
  if (draft.title !== undefined) product.title = draft.title.trim();
  if (draft.handle !== undefined) product.handle = handleOf(draft.handle);
  if (draft.descriptionHtml !== undefined) product.descriptionHtml = draft.descriptionHtml;
  if (draft.vendor !== undefined) product.vendor = draft.vendor;
  if (draft.productType !== undefined) product.productType = draft.productType;
  if (draft.status !== undefined) product.status = draft.status;
  if (draft.tags !== undefined) product.tags = sortedTags(draft.tags);
  if (draft.seo !== undefined) {
    product.seo = { title: draft.seo.title ?? null, description: draft.seo.description ?? null };
  }
}

function changed(shop: SimulatedShop, product: SimulatedProduct): void {
  shop.touch(product);
  shop.emit("products/update", product);
}

/** "Blue Shirt!" → "blue-shirt" */
export function handleOf(text: string): string {
  return (
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_]+/gu, "-")
      .replaceAll(/^-+|-+$/g, "") || "product"
  );
}

export function productByHandle(shop: SimulatedShop, handle: string): SimulatedProduct | undefined {
  return [...shop.products.values()].find((product) => product.handle === handle);
}

function freeHandle(shop: SimulatedShop, wanted: string): string {
  let handle = handleOf(wanted);
  for (let number = 1; productByHandle(shop, handle) !== undefined; number += 1)
    handle = `${handleOf(wanted)}-${number}`;
  return handle;
}

export function deleteProduct(shop: SimulatedShop, id: string): boolean {
  const product = shop.products.get(id);
  if (product === undefined) return false;
  const variantIds = new Set(product.variants.map((variant) => variant.id));
  for (const variantId of variantIds) shop.variants.delete(variantId);
  shop.products.delete(id);
  for (const line of [...shop.orders.values()].flatMap((order) => order.lineItems)) {
    if (line.product?.id === id) line.product = null;
    if (line.variant !== null && variantIds.has(line.variant.id)) line.variant = null;
  }
  shop.emit("products/delete", product);
  return true;
}

export function addVariant(shop: SimulatedShop, productId: string, draft: VariantDraft): SimulatedVariant {
  const product = shop.products.get(productId);
  if (product === undefined) throw new Error(`Cannot add a variant to product ${productId}: there is none`);
  const variant = attachVariant(shop, product, draft, shop.now());
  changed(shop, product);
  return variant;
}

function attachVariant(
  shop: SimulatedShop,
  product: SimulatedProduct,
  draft: VariantDraft,
  createdAt: string,
): SimulatedVariant {
  const chosen = Object.entries(draft.options ?? DEFAULT_OPTION);
  const selectedOptions = chosen.map(([name, value]) => ({ name, value }));
  const variant: SimulatedVariant = {
    id: shop.newId("ProductVariant"),
    createdAt,
    updatedAt: createdAt,
    product: { id: product.id },
    title: selectedOptions.map(({ value }) => value).join(" / "),
    sku: null,
    barcode: null,
    price: "0.00",
    compareAtPrice: null,
    position: product.variants.length + 1,
    taxable: true,
    inventoryQuantity: 0,
    inventoryPolicy: "DENY",
    selectedOptions,
    inventoryItem: { id: shop.newId("InventoryItem"), tracked: true, requiresShipping: true, unitCost: null },
  };
  applyToVariant(variant, draft);
  shop.variants.set(variant.id, variant);
  product.variants = [...product.variants, { id: variant.id }];
  product.options = optionsOf(shop, product);
  shop.touch(variant, createdAt);
  return variant;
}

export function editVariant(shop: SimulatedShop, id: string, draft: VariantDraft): SimulatedVariant {
  const variant = shop.variants.get(id);
  if (variant === undefined) throw new Error(`Cannot edit variant ${id}: there is none`);
  applyToVariant(variant, draft);
  shop.touch(variant);
  const product = shop.products.get(variant.product.id);
  if (product !== undefined) {
    product.options = optionsOf(shop, product);
    changed(shop, product);
  }
  return variant;
}

function applyToVariant(variant: SimulatedVariant, draft: VariantDraft): void {
  if (draft.price !== undefined) variant.price = decimalOf(centsOf(draft.price));
  if (draft.compareAtPrice !== undefined) {
    variant.compareAtPrice = draft.compareAtPrice === null ? null : decimalOf(centsOf(draft.compareAtPrice));
  }
  if (draft.sku !== undefined) variant.sku = draft.sku?.trim() ?? null;
  if (draft.barcode !== undefined) variant.barcode = draft.barcode;
  if (draft.taxable !== undefined) variant.taxable = draft.taxable;
  if (draft.inventoryQuantity !== undefined) variant.inventoryQuantity = draft.inventoryQuantity;
  if (draft.inventoryPolicy !== undefined) variant.inventoryPolicy = draft.inventoryPolicy;
  if (draft.options !== undefined) {
    variant.selectedOptions = Object.entries(draft.options).map(([name, value]) => ({ name, value }));
    variant.title = variant.selectedOptions.map(({ value }) => value).join(" / ");
  }
}

export function deleteVariant(shop: SimulatedShop, id: string): void {
  const variant = shop.variants.get(id);
  const product = variant === undefined ? undefined : shop.products.get(variant.product.id);
  if (variant === undefined || product === undefined) return;
  shop.variants.delete(id);
  product.variants = product.variants.filter((one) => one.id !== id);
  product.options = optionsOf(shop, product);
  for (const line of [...shop.orders.values()].flatMap((order) => order.lineItems)) {
    if (line.variant?.id === id) line.variant = null;
  }
  changed(shop, product);
}

/** The product's options are what its variants choose. */
function optionsOf(shop: SimulatedShop, product: SimulatedProduct): readonly SimulatedOption[] {
  const values = new Map<string, Set<string>>();
  for (const { id } of product.variants) {
    for (const { name, value } of shop.variants.get(id)?.selectedOptions ?? []) {
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  return [...values].map(([name, chosen], index) => ({
    id: product.options[index]?.id ?? shop.newId("ProductOption"),
    name,
    position: index + 1,
    values: [...chosen],
  }));
}
