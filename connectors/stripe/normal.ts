// Brings what Stripe shows into the form in which it is written, so that equal content compares equal: nothing instead of
// null, ids instead of whole objects, no stamp among the metadata; and back.
import type { Form } from "./form.ts";
import type { Address } from "./shapes.ts";
import { unstamped, type Stamped } from "./stamp.ts";

/** The named fields of a record, where it has them. */
export function pick<Record extends object, const Name extends keyof Record & string>(
  record: Record,
  names: readonly Name[],
): { [N in Name]?: NonNullable<Record[N]> } {
  const kept: { [N in Name]?: NonNullable<Record[N]> } = {};
  for (const name of names) {
    const value = record[name];
    if (value !== undefined && value !== null) kept[name] = value;
  }
  return kept;
}

/** Drops what is undefined: an absent field is a field that is not there. */
export function present<Fields extends object>(
  fields: Fields,
): { [N in keyof Fields]?: Exclude<Fields[N], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

export function idOf(reference: string | { readonly id: string } | null | undefined): string | undefined {
  return typeof reference === "object" && reference !== null ? reference.id : (reference ?? undefined);
}

/** Undefined when there are no keys but our own: metadata is then as good as absent. */
export function metadataOf(record: Stamped): Record<string, string> | undefined {
  const metadata = unstamped(record.metadata);
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}

type AddressParts = { readonly [Name in keyof Address]?: string | null | undefined };

export function addressOf(address: AddressParts | null | undefined): Address | undefined {
  return address === null || address === undefined
    ? undefined
    : pick(address, ["line1", "line2", "city", "state", "postal_code", "country"]);
}

/** All six parts, the empty ones too: then it does not matter whether Stripe merges or replaces. */
function wholeAddress(address: Address): Form {
  const { line1 = null, line2 = null, city = null, state = null, postal_code = null, country = null } = address;
  return { line1, line2, city, state, postal_code, country };
}

interface Shipping {
  readonly name?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly address?: AddressParts | null | undefined;
}

export function shippingOf(shipping: Shipping | null | undefined) {
  if (shipping === null || shipping === undefined) return undefined;
  return { name: shipping.name ?? "", ...pick(shipping, ["phone"]), address: addressOf(shipping.address) ?? {} };
}

/** With the addresses in it whole. */
export function withAddresses(fields: object): Form {
  const { address, shipping, ...rest } = fields as Form & {
    readonly address?: Address | null;
    readonly shipping?: { readonly address: Address; readonly name: string; readonly phone?: string } | null;
  };
  return {
    ...rest,
    ...(address === undefined ? {} : { address: address && wholeAddress(address) }),
    ...(shipping === undefined
      ? {}
      : { shipping: shipping && { ...shipping, address: wholeAddress(shipping.address) } }),
  };
}
