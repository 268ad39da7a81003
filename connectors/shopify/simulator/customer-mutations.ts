// Mutations of customers.
import {
  addCustomer,
  canDeleteCustomer,
  customerByEmail,
  customerByPhone,
  type CustomerDraft,
  deleteCustomer,
  editCustomer,
} from "./customers.ts";
import { addressOf, given, type Input, inputOf, Refused } from "./inputs.ts";
import type { Mutation } from "./mutations.ts";
import type { SimulatedCustomer } from "./records.ts";
import type { SimulatedShop } from "./shop.ts";

const FIELDS = "addresses email firstName id lastName locale note phone tags taxExempt taxExemptions";
const COPIED = ["firstName", "lastName", "email", "phone", "note", "tags", "taxExempt", "locale"] as const;

function draftOf(input: Input): CustomerDraft {
  const addresses = input["addresses"];
  return {
    ...given(input, COPIED),
    ...(Array.isArray(addresses) ? { addresses: addresses.map(addressOf) } : {}),
  };
}

function check(shop: SimulatedShop, draft: CustomerDraft, self: SimulatedCustomer | undefined): void {
  const { email, phone } = draft;
  if (email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    throw new Refused("Email is invalid", ["input", "email"], "INVALID");
  if (email && (customerByEmail(shop, email) ?? self) !== self) {
    throw new Refused("Email has already been taken", ["input", "email"], "TAKEN");
  }
  if (phone && !/^\+\d{7,15}$/.test(phone)) throw new Refused("Phone is invalid", ["input", "phone"], "INVALID");
  if (phone && (customerByPhone(shop, phone) ?? self) !== self) {
    throw new Refused("Phone has already been taken", ["input", "phone"], "TAKEN");
  }
  if (self === undefined && ![draft.firstName, draft.lastName, email, phone].some(Boolean)) {
    throw new Refused("A name, phone number, or email address must be present", null, "BLANK");
  }
}

function create(shop: SimulatedShop, input: Input): SimulatedCustomer {
  const draft = draftOf(input);
  check(shop, draft, undefined);
  return addCustomer(shop, draft);
}

function update(shop: SimulatedShop, id: string, input: Input): SimulatedCustomer {
  const customer = shop.customers.get(id);
  if (customer === undefined) throw new Refused("Customer does not exist", ["id"], "NOT_FOUND");
  const draft = draftOf(input);
  check(shop, draft, customer);
  return editCustomer(shop, id, draft);
}

function set(shop: SimulatedShop, args: Input): SimulatedCustomer {
  const input = inputOf(args["input"], "CustomerSetInput", FIELDS);
  if (args["identifier"] === undefined || args["identifier"] === null) return create(shop, input);
  const { id, email, phone } = inputOf(args["identifier"], "CustomerSetIdentifiers", "customId email id phone");
  if (typeof id === "string") return update(shop, id, input);
  const [name, value] = typeof email === "string" ? (["email", email] as const) : (["phone", phone] as const);
  if (typeof value !== "string") throw new Refused("Identifier is missing", ["identifier"], "MISSING_FIELD_REQUIRED");
  if (input[name] === undefined)
    throw new Refused(`Input ${name} is required`, ["input", name], "MISSING_FIELD_REQUIRED");
  if ((input[name] as string).toLowerCase() !== value.toLowerCase()) {
    throw new Refused(`The identifier's ${name} does not match the input's`, ["input"], "INPUT_MISMATCH");
  }
  const found = name === "email" ? customerByEmail(shop, value) : customerByPhone(shop, value);
  return found === undefined ? create(shop, input) : update(shop, found.id, input);
}

function remove(shop: SimulatedShop, id: string): string {
  const customer = shop.customers.get(id);
  if (customer === undefined) throw new Refused("Customer does not exist", ["id"]);
  if (!canDeleteCustomer(customer)) {
    throw new Refused("Customer can’t be deleted because they have associated orders", ["id"]);
  }
  deleteCustomer(shop, id);
  return id;
}

const INPUT_FIELDS = `${FIELDS} emailMarketingConsent smsMarketingConsent metafields multipassIdentifier`;

export const customerMutations: Readonly<Record<string, Mutation>> = {
  customerSet: { returns: { customer: "Customer" }, run: (shop, args) => ({ customer: set(shop, args) }) },
  customerCreate: {
    returns: { customer: "Customer" },
    run: (shop, { input }) => ({ customer: create(shop, inputOf(input, "CustomerInput", INPUT_FIELDS)) }),
  },
  customerUpdate: {
    returns: { customer: "Customer" },
    run: (shop, args) => {
      const input = inputOf(args["input"], "CustomerInput", INPUT_FIELDS);
      return { customer: update(shop, String(input["id"]), input) };
    },
  },
  customerDelete: {
    returns: { deletedCustomerId: "" },
    run: (shop, { input }) => ({ deletedCustomerId: remove(shop, String((input as Input)["id"])) }),
  },
};
