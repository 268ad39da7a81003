// Mutations of products and of their variants.
import { amountOfInput, given, type Input, inputOf, Refused } from "./inputs.ts";
import type { Mutation } from "./mutations.ts";
import {
  addProduct,
  addVariant,
  DEFAULT_OPTION,
  deleteProduct,
  deleteVariant,
  editProduct,
  editVariant,
  handleOf,
  productByHandle,
  type ProductDraft,
  type VariantDraft,
} from "./products.ts";
import type { SimulatedProduct, SimulatedVariant } from "./records.ts";
import type { SimulatedShop } from "./shop.ts";

const FIELDS =
  "category collections descriptionHtml files giftCard handle id metafields productOptions productType redirectNewHandle requiresSellingPlan seo status tags templateSuffix title variants vendor";
const COPIED = ["title", "handle", "descriptionHtml", "vendor", "productType", "status", "tags", "seo"] as const;
const VARIANT_FIELDS =
  "barcode compareAtPrice id inventoryItem inventoryPolicy inventoryQuantities mediaId mediaSrc metafields optionValues position price requiresComponents showUnitPrice sku taxCode taxable";

function check(shop: SimulatedShop, input: Input, self: SimulatedProduct | undefined): void {
  const { title, handle } = input;
  const titleWanted = self === undefined || title !== undefined;
  if (titleWanted && (typeof title !== "string" || title.trim() === "")) {
    throw new Refused("Title can't be blank", ["input", "title"], "INVALID_INPUT");
  }
  if (typeof handle !== "string") return;
  const other = productByHandle(shop, handleOf(handle));
  if (other !== undefined && other !== self) {
    throw new Refused(
      `Handle '${handle}' already in use. Please provide a new handle.`,
      ["input", "handle"],
      "HANDLE_NOT_UNIQUE",
    );
  }
}

/** Null empties a text field. */
function draftOf(input: Input): ProductDraft {
  const copied = given(input, COPIED) as Record<string, unknown>;
  for (const name of ["descriptionHtml", "vendor", "productType"]) if (copied[name] === null) copied[name] = "";
  for (const name of ["tags", "seo", "status"]) if (copied[name] === null) delete copied[name];
  return copied;
}

function create(shop: SimulatedShop, input: Input): SimulatedProduct {
  check(shop, input, undefined);
  const variants = input["variants"];
  const drafts = Array.isArray(variants) ? variants.map((variant) => variantDraftOf(variant)) : undefined;
  return addProduct(shop, { ...draftOf(input), ...(drafts === undefined ? {} : { variants: drafts }) });
}

function update(shop: SimulatedShop, id: string, input: Input): SimulatedProduct {
  const product = shop.products.get(id);
  if (product === undefined) throw new Refused("Product does not exist", ["id"], "PRODUCT_DOES_NOT_EXIST");
  check(shop, input, product);
  return editProduct(shop, id, draftOf(input));
}

function set(shop: SimulatedShop, args: Input): SimulatedProduct {
  const input = inputOf(args["input"], "ProductSetInput", FIELDS);
  const { id, handle } = (args["identifier"] ?? {}) as Input;
  if (typeof id === "string") return update(shop, id, input);
  const found = typeof handle === "string" ? productByHandle(shop, handleOf(handle)) : undefined;
  if (found !== undefined) return update(shop, found.id, input);
  return create(shop, typeof handle === "string" ? { ...input, handle } : input);
}

function variantDraftOf(value: unknown): VariantDraft {
  const input = inputOf(value, "ProductVariantsBulkInput", VARIANT_FIELDS);
  const { price, compareAtPrice, optionValues, inventoryItem, sku } = input;
  const options = Array.isArray(optionValues)
    ? Object.fromEntries(
        (optionValues as readonly Input[]).map(({ optionName, name }) => [String(optionName), String(name)]),
      )
    : undefined;
  const itemSku = (inventoryItem as Input | null | undefined)?.["sku"];
  const wantedSku = itemSku === undefined ? sku : itemSku;
  return {
    ...given(input, ["barcode", "taxable", "inventoryPolicy"]),
    ...(wantedSku === undefined ? {} : { sku: wantedSku as string | null }),
    ...(price === undefined || price === null ? {} : { price: amountOfInput(price, ["variants", "price"]) }),
    ...(compareAtPrice === undefined
      ? {}
      : {
          compareAtPrice:
            compareAtPrice === null ? null : amountOfInput(compareAtPrice, ["variants", "compareAtPrice"]),
        }),
    ...(options === undefined ? {} : { options }),
  };
}

function productFor(shop: SimulatedShop, args: Input): SimulatedProduct {
  const product = shop.products.get(String(args["productId"]));
  if (product === undefined) throw new Refused("Product does not exist", ["productId"], "PRODUCT_DOES_NOT_EXIST");
  return product;
}

function variantsOf(shop: SimulatedShop, product: SimulatedProduct): readonly SimulatedVariant[] {
  return product.variants.flatMap(({ id }) => shop.variants.get(id) ?? []);
}

function sameOptions(variant: SimulatedVariant, options: Readonly<Record<string, string>>): boolean {
  return variant.selectedOptions.every(({ name, value }) => options[name]?.toLowerCase() === value.toLowerCase());
}

function createVariants(shop: SimulatedShop, args: Input): object {
  const product = productFor(shop, args);
  const drafts = (args["variants"] as readonly unknown[]).map(variantDraftOf);
  for (const [index, { options = DEFAULT_OPTION }] of drafts.entries()) {
    const twin = variantsOf(shop, product).find((variant) => sameOptions(variant, options));
    if (twin !== undefined) {
      const message = `The variant '${twin.title}' already exists. Please change at least one option value.`;
      throw new Refused(message, ["variants", String(index)], "VARIANT_ALREADY_EXISTS");
    }
  }
  const made = drafts.map((draft) => addVariant(shop, product.id, draft));
  // The default variant gives way to the first real one.
  const standalone = variantsOf(shop, product).find((variant) => variant.title === "Default Title");
  if (standalone !== undefined && made.length > 0) deleteVariant(shop, standalone.id);
  return { product, productVariants: made };
}

function updateVariants(shop: SimulatedShop, args: Input): object {
  const product = productFor(shop, args);
  const inputs = args["variants"] as readonly Input[];
  for (const [index, { id }] of inputs.entries()) {
    if (!product.variants.some((variant) => variant.id === id)) {
      throw new Refused(
        "Product variant does not exist",
        ["variants", String(index), "id"],
        "PRODUCT_VARIANT_DOES_NOT_EXIST",
      );
    }
  }
  const made = inputs.map((input) => editVariant(shop, String(input["id"]), variantDraftOf(input)));
  return { product, productVariants: made };
}

function deleteVariants(shop: SimulatedShop, args: Input): object {
  const product = productFor(shop, args);
  const ids = args["variantsIds"] as readonly string[];
  if (!ids.every((id) => product.variants.some((variant) => variant.id === id))) {
    const message = "At least one variant does not belong to the product";
    throw new Refused(message, ["variantsIds"], "AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT");
  }
  if (ids.length >= product.variants.length) {
    throw new Refused("Cannot delete the last variant of a product", ["variantsIds"], "CANNOT_DELETE_LAST_VARIANT");
  }
  for (const id of ids) deleteVariant(shop, id);
  return { product };
}

function remove(shop: SimulatedShop, id: string): object {
  if (!deleteProduct(shop, id)) throw new Refused("Product does not exist", ["id"]);
  return { deletedProductId: id };
}

const VARIANTS = { product: "Product", productVariants: "[ProductVariant]" };

export const productMutations: Readonly<Record<string, Mutation>> = {
  productSet: { returns: { product: "Product" }, run: (shop, args) => ({ product: set(shop, args) }) },
  productCreate: {
    returns: { product: "Product" },
    run: (shop, args) => ({
      product: create(shop, inputOf(args["product"] ?? args["input"], "ProductCreateInput", FIELDS)),
    }),
  },
  productUpdate: {
    returns: { product: "Product" },
    run: (shop, args) => {
      const input = inputOf(args["product"] ?? args["input"], "ProductUpdateInput", FIELDS);
      return { product: update(shop, String(input["id"]), input) };
    },
  },
  productDelete: {
    returns: { deletedProductId: "" },
    run: (shop, { input }) => remove(shop, String((input as Input)["id"])),
  },
  productVariantsBulkCreate: { returns: VARIANTS, run: createVariants },
  productVariantsBulkUpdate: { returns: VARIANTS, run: updateVariants },
  productVariantsBulkDelete: { returns: { product: "Product" }, run: deleteVariants },
};
