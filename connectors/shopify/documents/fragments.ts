// The parts of GraphQL documents that several documents select.

export const ADDRESS = `fragment Address on MailingAddress {
  firstName lastName company address1 address2 city province provinceCode zip country countryCodeV2 phone
}`;

export const SHOP_MONEY = `fragment ShopMoney on MoneyBag {
  shopMoney { amount currencyCode }
}`;

export const BOTH_MONEYS = `fragment BothMoneys on MoneyBag {
  shopMoney { amount currencyCode }
  presentmentMoney { amount currencyCode }
}`;

export const TAX = `fragment Tax on TaxLine {
  title rate priceSet { ...ShopMoney }
}`;

/** A document as we send it, by its operation's name. */
export interface NamedDocument {
  readonly name: string;
  readonly text: string;
  /** Does it change anything? */
  readonly writes: boolean;
  /** It names all that it sets: made again it changes nothing more. */
  readonly safe?: true;
}

/** Puts an operation and the fragments it uses together. */
export function document(name: string, operation: string, ...fragments: readonly string[]): NamedDocument {
  const head = operation.trimStart();
  return { name, text: [head, ...fragments].join("\n"), writes: head.startsWith("mutation") };
}

/** A mutation that sets what it names, or takes away by id: made again it changes nothing more, or is refused. */
export function repeatable(name: string, operation: string, ...fragments: readonly string[]): NamedDocument {
  return { ...document(name, operation, ...fragments), safe: true };
}
