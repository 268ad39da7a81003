// Reckons what a query will take from the shop's bucket of points, before it is asked; the answer tells the true cost.
import type { NamedDocument } from "./documents/fragments.ts";

const MUTATION_POINTS = 10;
const SINGLE_QUERY_POINTS_MAX = 1000;

/** Points of one record of each page document: about what its objects come to. */
const RECORD_POINTS: Readonly<Record<string, number>> = {
  OrdersById: 144,
  OrdersPage: 144,
  OrderLines: 20,
  OrderShippingLines: 10,
  RefundLines: 6,
  CustomersById: 12,
  CustomersPage: 12,
  CustomerAddresses: 1,
  ProductsById: 9,
  ProductsPage: 9,
  VariantsById: 6,
  VariantsPage: 6,
  ProductVariants: 6,
};

/** Shopify weighs a list by less than its length; this fits the costs that were published (see README). */
function listWeight(length: number): number {
  return Math.max(1, 5 * Math.log10(length));
}

export function estimateCost(document: NamedDocument, variables: Readonly<Record<string, unknown>>): number {
  if (document.writes) return MUTATION_POINTS;
  const { ids, first } = variables;
  const length = Array.isArray(ids) ? ids.length : typeof first === "number" ? first : 1;
  const points = Math.ceil((RECORD_POINTS[document.name] ?? 2) * listWeight(length));
  return Math.min(points, SINGLE_QUERY_POINTS_MAX);
}
