// Customers of the simulated shop: made, changed and deleted, by scenario code and by mutations alike.
import { moneyOf } from "./cents.ts";
import type { SimulatedAddress, SimulatedCustomer } from "./records.ts";
import type { SimulatedShop } from "./shop.ts";

export interface AddressDraft {
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly company?: string | null | undefined;
  readonly address1?: string | null | undefined;
  readonly address2?: string | null | undefined;
  readonly city?: string | null | undefined;
  readonly province?: string | null | undefined;
  readonly provinceCode?: string | null | undefined;
  readonly zip?: string | null | undefined;
  readonly country?: string | null | undefined;
  readonly countryCode?: string | null | undefined;
  readonly phone?: string | null | undefined;
}

export interface CustomerDraft {
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly note?: string | null;
  readonly tags?: readonly string[];
  readonly taxExempt?: boolean;
  readonly locale?: string;
  readonly marketing?: boolean;
  readonly addresses?: readonly AddressDraft[];
  readonly createdAt?: string;
}

const COUNTRIES: Readonly<Record<string, string>> = {
  AT: "Austria", BR: "Brazil", CA: "Canada", CN: "China", DE: "Germany", EG: "Egypt", ES: "Spain", FR: "France",
  GB: "United Kingdom", GR: "Greece", IE: "Ireland", IL: "Israel", IN: "India", IT: "Italy", JP: "Japan",
  KR: "South Korea", NL: "Netherlands", PL: "Poland", SE: "Sweden", TH: "Thailand", UA: "Ukraine", US: "United States",
}; // prettier-ignore

export function makeAddress(shop: SimulatedShop, draft: AddressDraft): SimulatedAddress {
  const { firstName = null, lastName = null, countryCode = null } = draft;
  return {
    id: shop.newId("MailingAddress"),
    firstName,
    lastName,
    name: fullName(firstName, lastName) || null,
    company: draft.company ?? null,
    address1: draft.address1 ?? null,
    address2: draft.address2 ?? null,
    city: draft.city ?? null,
    province: draft.province ?? draft.provinceCode ?? null,
    provinceCode: draft.provinceCode ?? null,
    zip: draft.zip ?? null,
    country: draft.country ?? (countryCode === null ? null : (COUNTRIES[countryCode] ?? countryCode)),
    countryCodeV2: countryCode,
    phone: draft.phone ?? null,
  };
}

function fullName(firstName: string | null, lastName: string | null): string {
  return [firstName, lastName].filter(Boolean).join(" ");
}

export function addCustomer(shop: SimulatedShop, draft: CustomerDraft = {}): SimulatedCustomer {
  const createdAt = draft.createdAt ?? shop.now();
  const customer: SimulatedCustomer = {
    id: shop.newId("Customer"),
    createdAt,
    updatedAt: createdAt,
    firstName: null,
    lastName: null,
    displayName: "",
    state: "DISABLED",
    note: null,
    tags: [],
    taxExempt: false,
    locale: "en",
    verifiedEmail: true,
    numberOfOrders: "0",
    amountSpent: moneyOf(0, shop.currencyCode),
    defaultEmailAddress: null,
    defaultPhoneNumber: null,
    defaultAddress: null,
    addressesV2: [],
  };
  apply(shop, customer, draft);
  shop.customers.set(customer.id, customer);
  shop.touch(customer, createdAt);
  shop.emit("customers/create", customer);
  return customer;
}

export function editCustomer(shop: SimulatedShop, id: string, draft: CustomerDraft): SimulatedCustomer {
  const customer = shop.customers.get(id);
  if (customer === undefined) throw new Error(`Cannot edit customer ${id}: there is none`);
  apply(shop, customer, draft);
  shop.touch(customer);
  shop.emit("customers/update", customer);
  return customer;
}

function apply(shop: SimulatedShop, customer: SimulatedCustomer, draft: CustomerDraft): void {
  if (draft.firstName !== undefined) customer.firstName = trimmed(draft.firstName);
  if (draft.lastName !== undefined) customer.lastName = trimmed(draft.lastName);
  if (draft.email !== undefined) customer.defaultEmailAddress = emailOf(draft.email, draft.marketing ?? false);
  if (draft.phone !== undefined) customer.defaultPhoneNumber = draft.phone ? { phoneNumber: draft.phone } : null;
  if (draft.note !== undefined) customer.note = draft.note;
  if (draft.tags !== undefined) customer.tags = sortedTags(draft.tags);
  if (draft.taxExempt !== undefined) customer.taxExempt = draft.taxExempt;
  if (draft.locale !== undefined) customer.locale = draft.locale;
  if (draft.addresses !== undefined) {
    customer.addressesV2 = draft.addresses.map((address) => makeAddress(shop, address));
    customer.defaultAddress = customer.addressesV2[0] ?? null;
  }
  customer.displayName =
    fullName(customer.firstName, customer.lastName) ||
    customer.defaultEmailAddress?.emailAddress ||
    customer.defaultPhoneNumber?.phoneNumber ||
    "";
}

/** The shop keeps names without blanks around them, and none for an empty one. */
function trimmed(name: string | null): string | null {
  return name?.trim() || null;
}

/** E-mails are kept in lower case. */
function emailOf(email: string | null, marketing: boolean): SimulatedCustomer["defaultEmailAddress"] {
  if (!email) return null;
  return { emailAddress: email.trim().toLowerCase(), marketingState: marketing ? "SUBSCRIBED" : "NOT_SUBSCRIBED" };
}

/** Tags are kept once each, without blanks around them, in the order of the alphabet. */
export function sortedTags(tags: readonly string[]): readonly string[] {
  const kept = new Map(
    tags
      .map((tag) => tag.trim())
      .filter(Boolean)
      .map((tag) => [tag.toLowerCase(), tag]),
  );
  return [...kept.values()].toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
}

export function customerByEmail(shop: SimulatedShop, email: string): SimulatedCustomer | undefined {
  const wanted = email.trim().toLowerCase();
  return [...shop.customers.values()].find((one) => one.defaultEmailAddress?.emailAddress === wanted);
}

export function customerByPhone(shop: SimulatedShop, phone: string): SimulatedCustomer | undefined {
  return [...shop.customers.values()].find((one) => one.defaultPhoneNumber?.phoneNumber === phone);
}

/** Customers with orders stay. */
export function canDeleteCustomer(customer: SimulatedCustomer): boolean {
  return customer.numberOfOrders === "0";
}

export function deleteCustomer(shop: SimulatedShop, id: string): boolean {
  const customer = shop.customers.get(id);
  if (customer === undefined) return false;
  shop.customers.delete(id);
  for (const order of shop.orders.values()) if (order.customer?.id === id) order.customer = null;
  shop.emit("customers/delete", customer);
  return true;
}
