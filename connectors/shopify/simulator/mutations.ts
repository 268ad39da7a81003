// Makes fields of the graph from mutations: each answers with what it made, or with user errors and nulls.
import { customerMutations } from "./customer-mutations.ts";
import { type Input, Refused } from "./inputs.ts";
import { orderMutations } from "./order-mutations.ts";
import { productMutations } from "./product-mutations.ts";
import type { SimulatedShop } from "./shop.ts";
import { subscriptionMutations } from "./subscription-mutations.ts";
import { fields, type Fields, type FieldType, list, object } from "./types.ts";

export interface Mutation {
  /** The fields of its answer besides the user errors: the type of each, "[Type]" for a list, "" for a leaf. */
  readonly returns: Readonly<Record<string, string>>;
  /** Default: userErrors. */
  readonly errors?: string;
  run(shop: SimulatedShop, args: Input): object;
}

const ALL: Readonly<Record<string, Mutation>> = {
  ...customerMutations,
  ...productMutations,
  ...orderMutations,
  ...subscriptionMutations,
};

function typeName(mutation: string): string {
  return `${mutation[0]?.toUpperCase() ?? ""}${mutation.slice(1)}Payload`;
}

function answer(mutation: Mutation, shop: SimulatedShop, args: Input): object {
  const { errors = "userErrors" } = mutation;
  try {
    return { ...mutation.run(shop, args), userErrors: [], [errors]: [] };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { userErrors: error.errors, [errors]: error.errors };
  }
}

function fieldOf(type: string): FieldType {
  if (type === "") return { shape: "leaf" };
  return type.startsWith("[") ? list(type.slice(1, -1)) : object(type);
}

/** The fields of `Mutation`, and the types of their answers. */
export function mutationTypes(): Readonly<Record<string, Fields>> {
  const types: Record<string, Fields> = {};
  const root: Record<string, FieldType> = {};
  for (const [name, mutation] of Object.entries(ALL)) {
    root[name] = object(typeName(name), (_, args, { shop }) => answer(mutation, shop, args));
    const results = Object.entries(mutation.returns).map(([field, type]) => [field, fieldOf(type)] as const);
    types[typeName(name)] = fields("", {
      ...Object.fromEntries(results),
      userErrors: list("UserError"),
      ...(mutation.errors === undefined ? {} : { [mutation.errors]: list("UserError") }),
    });
  }
  return { ...types, Mutation: root };
}
