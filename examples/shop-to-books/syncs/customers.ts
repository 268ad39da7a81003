// Customers who can have an account's name in the books.
import { defineSync } from "../../../src/index.ts";
import { books, finance, shop } from "../connections.ts";
import { displayName } from "../names.ts";

export default defineSync({
  name: "customers-to-customers",
  purpose: "Whoever buys in the shop is a customer in the books, under one name.",
  owner: finance,
  from: shop.customers,
  to: books.customers,
  freshWithin: "1m",
  pollEvery: "5s",
  map: ({ field, object }) => ({
    DisplayName: field((customer) => displayName(customer.displayName, customer.legacyResourceId)),
    GivenName: field((customer) => customer.firstName).orOmit(),
    FamilyName: field((customer) => customer.lastName).orOmit(),
    PrimaryEmailAddr: field(
      (customer) => customer.defaultEmailAddress,
      ({ emailAddress }) => ({
        Address: emailAddress,
      }),
    ).orOmit(),
    PrimaryPhone: field(
      (customer) => customer.defaultPhoneNumber,
      ({ phoneNumber }) => ({
        FreeFormNumber: phoneNumber,
      }),
    ).orOmit(),
    BillAddr: object({
      Line1: field((customer) => customer.defaultAddress?.address1).orOmit(),
      City: field((customer) => customer.defaultAddress?.city).orOmit(),
      PostalCode: field((customer) => customer.defaultAddress?.zip).orOmit(),
      Country: field((customer) => customer.defaultAddress?.countryCodeV2).orOmit(),
    }),
  }),
  onDelete: "deactivate",
});
