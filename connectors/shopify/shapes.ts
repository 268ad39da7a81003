// The shapes that several Shopify records share: money, addresses, times. Amounts stay the decimal text that Shopify sent.
import { z } from "zod";

/** "gid://shopify/Order/1" */
export const gid = z.string().startsWith("gid://shopify/");
export const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
/** An ISO time in UTC, to the second: "2026-08-20T10:00:00Z". */
export const dateTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);

/** One of Shopify's currency codes; text, because they add some over the years. */
export const currencyCode = z.string().regex(/^[A-Z]{3,4}$/);

export const money = z.object({ amount: decimal, currencyCode });
export type Money = z.infer<typeof money>;

/** In the shop's currency. */
export const shopMoneyBag = z.object({ shopMoney: money });
/** In the shop's currency and in the one that the customer saw. */
export const moneyBag = z.object({ shopMoney: money, presentmentMoney: money });

export const address = z.object({
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  company: z.string().nullable(),
  address1: z.string().nullable(),
  address2: z.string().nullable(),
  city: z.string().nullable(),
  province: z.string().nullable(),
  provinceCode: z.string().nullable(),
  zip: z.string().nullable(),
  country: z.string().nullable(),
  countryCodeV2: z.string().nullable(),
  phone: z.string().nullable(),
});
export type Address = z.infer<typeof address>;

export const taxLine = z.object({ title: z.string(), rate: z.number().nullable(), priceSet: shopMoneyBag });
export type TaxLine = z.infer<typeof taxLine>;

/** An address as it is written. */
export const addressInput = z.object({
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  company: z.string().nullish(),
  address1: z.string().nullish(),
  address2: z.string().nullish(),
  city: z.string().nullish(),
  provinceCode: z.string().nullish(),
  zip: z.string().nullish(),
  countryCode: z.string().nullish(),
  phone: z.string().nullish(),
});
export type AddressInput = z.infer<typeof addressInput>;

/** An address as it would be written, from one that was read. */
export function addressInputOf(read: Address): AddressInput {
  const { firstName, lastName, company, address1, address2, city, provinceCode, zip, countryCodeV2, phone } = read;
  return {
    firstName,
    lastName,
    company,
    address1,
    address2,
    city,
    provinceCode,
    zip,
    countryCode: countryCodeV2,
    phone,
  };
}

/** A time of Shopify's in one spelling, so that versions from webhooks (shop's own offset) and from GraphQL (UTC) compare as text. */
export function utcSeconds(time: string): string {
  const at = Date.parse(time);
  if (Number.isNaN(at)) throw new Error(`Cannot read a time: wanted ISO 8601, got ${JSON.stringify(time)}`);
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
