// What a connection to a shop needs to be told, checked when the project is loaded.
import { z } from "zod";

export const API_VERSION = "2026-07";
/** Each version is served for twelve months at least; calls to one that has ended are answered by the oldest that is served. */
export const API_VERSION_ENDS = "2027-07-01";

/** Points restored each second, by the shop's plan. The bucket holds twenty seconds of it. */
export const POINTS_PER_SECOND = { standard: 100, advanced: 200, plus: 1000, enterprise: 2000 } as const;
export const BUCKET_SECONDS = 20;

const shape = z.object({
  /** "demo" or "demo.myshopify.com". */
  shop: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]*(\.myshopify\.com)?$/i,
      'the shop\'s name is wanted as in "demo" or "demo.myshopify.com": look at the address of its admin page',
    ),
  /** Of a custom app that was made in the shop's admin, which has been possible until 2025. */
  accessToken: z
    .string()
    .min(1, "the access token of the app is wanted, such as shpat_…: see Apps in the shop's admin")
    .optional(),
  /** Of an app of the Dev Dashboard, instead of an access token. */
  clientId: z.string().min(1, "the app's client id is wanted: see its settings in the Dev Dashboard").optional(),
  /** Signs the app's webhooks too, whichever way the calls are signed in. */
  clientSecret: z.string().min(1, "the app's secret is wanted: see its settings in the Dev Dashboard").optional(),
  /** The app's client secret, which signs its webhooks, where it is not given above, or the one before while it is replaced. */
  webhookSecret: z.string().min(1).optional(),
  /** Another place than myshopify.com, for a simulator: "http://127.0.0.1:1234". */
  baseUrl: z.url().optional(),
  /** Decides how many points a second we spend until the first answer tells it. Default: standard. */
  plan: z.enum(["standard", "advanced", "plus", "enterprise"]).optional(),
});

export type ShopifySettings = z.infer<typeof shape>;

export const shopifySettings = shape.superRefine((given, context) => {
  const { accessToken, clientId, clientSecret } = given;
  const isApp = clientId !== undefined && clientSecret !== undefined;
  if (accessToken === undefined ? isApp : clientId === undefined) return;
  const got = Object.entries({ accessToken, clientId, clientSecret }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  context.addIssue(
    `Could not tell how to sign in: expected either accessToken, or clientId and clientSecret, and got ${got.join(", ") || "neither"}`,
  );
});

/** "https://demo.myshopify.com" */
export function shopUrl(settings: ShopifySettings): string {
  const host = settings.shop.toLowerCase().replace(/\.myshopify\.com$/, "");
  return settings.baseUrl?.replace(/\/+$/, "") ?? `https://${host}.myshopify.com`;
}

/** "https://demo.myshopify.com/admin/api/2026-07" */
export function adminUrl(settings: ShopifySettings): string {
  return `${shopUrl(settings)}/admin/api/${API_VERSION}`;
}
