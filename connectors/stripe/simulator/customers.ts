// Customers: nothing is required of one, and one that is deleted leaves a stub behind.
import { NO_ADDRESS, type Body } from "./body.ts";
import { idOf, type Call, type Endpoint } from "./call.ts";
import { invalid, noSuch } from "./errors.ts";
import type { Params } from "./params.ts";

const EMAIL = /^\S+@\S+$/;

export const customerEndpoints: readonly Endpoint[] = [
  { method: "POST", path: "/v1/customers", permission: "customer_write", run: create },
  { method: "POST", path: "/v1/customers/{id}", permission: "customer_write", run: update },
  { method: "DELETE", path: "/v1/customers/{id}", permission: "customer_write", run: remove },
];

function create({ ledger, params }: Call): Body {
  const id = ledger.newId("cus", 14);
  const prefix = params.text("invoice_prefix") ?? id.slice(-8).toUpperCase();
  const blank: Body = {
    id,
    object: "customer",
    address: null,
    balance: 0,
    created: ledger.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: prefix,
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: ledger.livemode,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
  };
  const method = params.text("payment_method");
  const given = changesIn(params, blank);
  params.finish();
  if (method) given["invoice_settings"] = { ...(given["invoice_settings"] as Body), default_payment_method: method };
  return ledger.add("customer", { ...blank, ...given }, "customer.created");
}

function update(call: Call): Body {
  const { ledger, params } = call;
  const id = idOf(call);
  if (ledger.gone.has(id)) throw noSuch("customer", id, "id", 404);
  const before = ledger.get("customer", id);
  const changes = changesIn(params, before);
  params.finish();
  return ledger.change("customer", id, changes, "customer.updated");
}

function remove(call: Call): Body {
  const { ledger, params } = call;
  params.finish();
  const id = idOf(call);
  if (ledger.gone.has(id)) throw noSuch("customer", id, "id", 404);
  const stub = ledger.remove("customer", id, "customer.deleted");
  for (const [subscription, body] of ledger.objects.subscription) {
    if (body["customer"] !== id || body["status"] === "canceled") continue;
    const ended = { status: "canceled", canceled_at: ledger.now, ended_at: ledger.now };
    ledger.change("subscription", subscription, ended, "customer.subscription.deleted");
  }
  return stub;
}

function changesIn(params: Params, before: Body): Body {
  const changes: Body = {};
  for (const name of ["description", "name", "phone"]) {
    const value = params.text(name);
    if (value !== undefined) changes[name] = value;
  }
  const email = params.text("email");
  if (email && !EMAIL.test(email)) {
    throw invalid(`Invalid email address: ${email}`, { code: "email_invalid", param: "email", unsaved: true });
  }
  if (email !== undefined) changes["email"] = email;
  const balance = params.integer("balance");
  if (typeof balance === "number") changes["balance"] = balance;
  const exempt = params.oneOf("tax_exempt", ["none", "exempt", "reverse"]);
  if (exempt !== undefined) changes["tax_exempt"] = exempt;
  if (params.has("preferred_locales")) changes["preferred_locales"] = params.texts("preferred_locales");
  const address = params.address();
  if (address !== undefined) changes["address"] = address;
  const shipping = shippingIn(params);
  if (shipping !== undefined) changes["shipping"] = shipping;
  if (params.has("metadata")) changes["metadata"] = params.metadata(before["metadata"] as Body);
  const settings = invoiceSettingsIn(params, before["invoice_settings"] as Body);
  if (settings !== undefined) changes["invoice_settings"] = settings;
  return changes;
}

function invoiceSettingsIn(params: Params, before: Body): Body | undefined {
  const part = params.part("invoice_settings");
  if (part === undefined || part === null) return undefined;
  const after = { ...before };
  for (const name of ["default_payment_method", "footer"]) {
    const value = part.text(name);
    if (value !== undefined) after[name] = value;
  }
  part.finish();
  return after;
}

/** Where something is sent: the name is required, the address as Stripe keeps each. */
export function shippingIn(params: Params): Body | null | undefined {
  const part = params.part("shipping");
  if (part === undefined || part === null) return part;
  const shipping: Body = {
    address: part.address() ?? NO_ADDRESS,
    carrier: part.text("carrier") ?? null,
    name: part.requiredText("name"),
    phone: part.text("phone") ?? null,
    tracking_number: part.text("tracking_number") ?? null,
  };
  part.finish();
  return shipping;
}
