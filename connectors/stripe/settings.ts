// What a connection to Stripe needs to know: a key, which account it acts for, and what that account is allowed.
import { z } from "zod";

const HOST = "https://api.stripe.com";

export const stripeSettings = z.strictObject({
  /** A secret key or, better, a restricted one: "rk_live_…". The key decides between live mode and a sandbox. */
  apiKey: z
    .string()
    .regex(/^(sk|rk)_(live|test)_\w+$/, "a secret or restricted key begins with sk_ or rk_ and its mode"),
  /** The connected account to act for, where `apiKey` is the platform's: "acct_…". */
  stripeAccount: z
    .string()
    .regex(/^acct_\w+$/, "an account's id begins with acct_")
    .optional(),
  /** Of the webhook endpoint: "whsec_…". Without it no webhook is taken. */
  webhookSecret: z.string().min(1).optional(),
  /** The other secret, while the first is being rolled, or of a second endpoint such as one for connected accounts. */
  webhookSecretToo: z.string().min(1).optional(),
  /** Default: what the key says. */
  environment: z.enum(["live", "sandbox"]).optional(),
  /** Where the API is instead, such as a simulator: "http://127.0.0.1:4321". */
  baseUrl: z.url().optional(),
  /** Calls in any second, where Stripe granted the account others. Default: 100 in live mode, 25 in a sandbox. */
  callsPerSecond: z.number().int().positive().optional(),
  /** Calls in any second to one endpoint. Default: 25. */
  callsPerSecondPerEndpoint: z.number().int().positive().optional(),
  /** Calls at once. Stripe limits them and does not say to how many. Default: 25. */
  callsAtOnce: z.number().int().positive().optional(),
});

export type StripeSettings = z.output<typeof stripeSettings>;

export function apiUrl({ baseUrl = HOST }: StripeSettings): string {
  return `${baseUrl.replace(/\/$/, "")}/v1`;
}

export function isSandbox({ apiKey, environment }: Pick<StripeSettings, "apiKey" | "environment">): boolean {
  return environment === undefined ? apiKey.includes("_test_") : environment === "sandbox";
}
