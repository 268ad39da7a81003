// What a connection to a shop needs to be told, checked when the project is loaded.
import { z } from "zod";

export const API_VERSION = "2026-07";
/** Each version is served for twelve months at least; calls to one that has ended are answered by the oldest that is served. */
export const API_VERSION_ENDS = "2027-07-01";

/** Points restored each second, by the shop's plan. The bucket holds twenty seconds of it. */
export const POINTS_PER_SECOND = { standard: 100, advanced: 200, plus: 1000, enterprise: 2000 } as const;
export const BUCKET_SECONDS = 20;

export const shopifySettings = z.object({
  /** "demo" or "demo.myshopify.com". */
  shop: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]*(\.myshopify\.com)?$/i,
      'the shop\'s name is wanted as in "demo" or "demo.myshopify.com": look at the address of its admin page',
    ),
  accessToken: z
    .string()
    .min(1, "the access token of the app is wanted, such as shpat_…: see Apps in the shop's admin"),
  /** The app's client secret, which signs its webhooks. Without it no webhook is accepted. */
  webhookSecret: z.string().min(1).optional(),
  /** Another place than myshopify.com, for a simulator: "http://127.0.0.1:1234". */
  baseUrl: z.url().optional(),
  /** Decides how many points a second we spend until the first answer tells it. Default: standard. */
  plan: z.enum(["standard", "advanced", "plus", "enterprise"]).optional(),
});

export type ShopifySettings = z.infer<typeof shopifySettings>;

/** "https://demo.myshopify.com/admin/api/2026-07" */
export function adminUrl(settings: ShopifySettings): string {
  const host = settings.shop.toLowerCase().replace(/\.myshopify\.com$/, "");
  const origin = settings.baseUrl?.replace(/\/+$/, "") ?? `https://${host}.myshopify.com`;
  return `${origin}/admin/api/${API_VERSION}`;
}
