// The account itself, its balance, and its webhook endpoints.
import { type Body } from "./body.ts";
import { idOf, type Call, type Endpoint } from "./call.ts";
import { missingParameter } from "./errors.ts";
import { hiddenOf, withHidden } from "./hidden.ts";
import type { Ledger } from "./ledger.ts";

export const accountEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/v1/account", permission: "accounts_kyc_basic_read", run: showAccount },
  { method: "GET", path: "/v1/balance", permission: "balance_read", run: showBalance },
  { method: "POST", path: "/v1/webhook_endpoints", permission: "webhook_write", run: createEndpoint },
  { method: "POST", path: "/v1/webhook_endpoints/{id}", permission: "webhook_write", run: updateEndpoint },
  { method: "DELETE", path: "/v1/webhook_endpoints/{id}", permission: "webhook_write", run: removeEndpoint },
];

function showAccount({ ledger, params }: Call): Body {
  params.finish();
  return accountBody(ledger);
}

function accountBody(ledger: Ledger): Body {
  return {
    id: ledger.accountId,
    object: "account",
    business_profile: {
      annual_revenue: null,
      estimated_worker_count: null,
      mcc: null,
      minority_owned_business_designation: null,
      name: "Simulated Company",
      product_description: null,
      support_address: null,
      support_email: null,
      support_phone: null,
      support_url: null,
      url: null,
    },
    business_type: "company",
    capabilities: { card_payments: "active", transfers: "active" },
    charges_enabled: true,
    controller: { type: "account" },
    country: "US",
    created: ledger.now,
    default_currency: ledger.currency,
    details_submitted: true,
    email: "owner@example.com",
    payouts_enabled: true,
    settings: {
      dashboard: { display_name: "Simulated Company", timezone: "Etc/UTC" },
      payments: { statement_descriptor: "SIMULATED" },
    },
    type: "standard",
  };
}

function showBalance({ ledger, params }: Call): Body {
  params.finish();
  const amount = { amount: 0, currency: ledger.currency, source_types: { card: 0 } };
  return { object: "balance", available: [amount], connect_reserved: [], livemode: ledger.livemode, pending: [amount] };
}

function createEndpoint({ ledger, params }: Call): Body {
  const url = params.requiredText("url");
  const events = params.texts("enabled_events");
  const version = params.text("api_version") ?? null;
  const isConnect = params.flag("connect") ?? false;
  const description = params.text("description") ?? null;
  const metadata = params.metadata({});
  params.finish();
  if (events.length === 0) throw missingParameter("enabled_events");
  const endpoint = endpointBody(ledger, { url, events, version, isConnect, secret: ledger.newId("whsec", 32) });
  Object.assign(endpoint, { description, metadata });
  ledger.add("webhook_endpoint", endpoint);
  // The secret is shown this once.
  return { ...endpoint, secret: hiddenOf(endpoint).secret };
}

export interface EndpointOptions {
  readonly url: string;
  readonly events: readonly string[];
  readonly version: string | null;
  readonly isConnect: boolean;
  readonly secret: string;
}

export function endpointBody(ledger: Ledger, { url, events, version, isConnect, secret }: EndpointOptions): Body {
  const body = {
    id: ledger.newId("we"),
    object: "webhook_endpoint",
    api_version: version,
    application: null,
    created: ledger.now,
    description: null,
    enabled_events: [...events],
    livemode: ledger.livemode,
    metadata: {},
    status: "enabled",
    url,
  };
  return withHidden(body, { secret, isConnect });
}

function updateEndpoint(call: Call): Body {
  const { ledger, params } = call;
  const changes: Body = {};
  const url = params.text("url");
  if (url) changes["url"] = url;
  const events = params.texts("enabled_events");
  if (events.length > 0) changes["enabled_events"] = [...events];
  const disabled = params.flag("disabled");
  if (disabled !== undefined) changes["status"] = disabled ? "disabled" : "enabled";
  const description = params.text("description");
  if (description !== undefined) changes["description"] = description;
  if (params.has("metadata")) {
    changes["metadata"] = params.metadata(ledger.get("webhook_endpoint", idOf(call))["metadata"] as Body);
  }
  params.finish();
  return ledger.change("webhook_endpoint", idOf(call), changes);
}

function removeEndpoint(call: Call): Body {
  call.params.finish();
  return call.ledger.remove("webhook_endpoint", idOf(call));
}
