// The public names of the Stripe connector.
export { stripe } from "./connector.ts";
export type { StripeSettings } from "./settings.ts";
export { currencyDigits, majorUnits, minorUnits } from "./money.ts";
export { instantOf, unixSeconds } from "./seconds.ts";
export type { StripeCharge, StripeChargeFields } from "./charges.ts";
export type { StripeCustomer, StripeCustomerFields } from "./customers.ts";
export type { StripeInvoiceItem, StripeInvoiceItemFields } from "./invoice-items.ts";
export type { StripeInvoice, StripeInvoiceFields } from "./invoices.ts";
export type { InvoiceLine, StripeInvoiceLine } from "./lines.ts";
export type { StripePaymentIntent, StripePaymentIntentFields } from "./payment-intents.ts";
export type { StripePrice, StripePriceFields } from "./prices.ts";
export type { StripeProduct, StripeProductFields } from "./products.ts";
export type { StripeRefund, StripeRefundFields } from "./refunds.ts";
export type { StripeSubscription, StripeSubscriptionFields } from "./subscriptions.ts";
