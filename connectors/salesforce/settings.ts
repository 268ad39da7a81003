// What a connection to an org needs to be told, checked when the project is loaded.
import { z } from "zod";

/** Summer '26. Salesforce serves each version for three years at least, and has not named an end of this one. */
export const API_VERSION = "67.0";
export const API_PATH = `/services/data/v${API_VERSION}`;

const LOGIN_URLS = { production: "https://login.salesforce.com", sandbox: "https://test.salesforce.com" } as const;

export const salesforceSettings = z
  .strictObject({
    /** The org's own address (My Domain): "https://acme.my.salesforce.com". */
    instanceUrl: z.url(),
    /** Default: production. A sandbox signs in elsewhere. */
    environment: z.enum(["production", "sandbox"]).optional(),
    /** The org's id (00D…, 15 or 18 characters): events of another org are left aside. */
    organizationId: z
      .string()
      .regex(/^00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/, "an organizationId begins with 00D and has 15 or 18 characters")
      .optional(),
    /**
     * How it signs in. Default: `jwt-bearer` where a `privateKey` is given (it needs `username` too), else
     * `authorization-code`, with a refresh token. `client-credentials` needs `clientSecret` and the app's "Run As" user.
     */
    signIn: z.enum(["authorization-code", "jwt-bearer", "client-credentials"]).optional(),
    /** The consumer key of the connected app or external client app. */
    clientId: z.string().min(1),
    clientSecret: z.string().min(1).optional(),
    /** Of an authorization made elsewhere; later ones are kept by the engine. */
    refreshToken: z.string().min(1).optional(),
    /** `jwt-bearer`: whose rights the calls have. */
    username: z.string().min(1).optional(),
    /** `jwt-bearer`: the private key (PEM, PKCS 8) whose certificate the app knows. */
    privateKey: z.string().min(1).optional(),
    /** Where people and JWTs sign in, when it is not the usual host: a My Domain address. */
    loginUrl: z.url().optional(),
    /** How long a session lasts unused, in minutes, as the org has it set. Default: 120. */
    sessionMinutes: z.number().int().min(15).max(1_440).optional(),
    /** Signs what the org's own Apex sends us. Without it no webhook is taken. */
    webhookSecret: z.string().min(16).optional(),
    /** The one before, while it is being replaced. */
    webhookSecretBefore: z.string().min(16).optional(),
    /** How changes are found: by their stamp in queries (default), or by Salesforce's own list of changed ids. */
    changesBy: z.enum(["stamp", "replication"]).optional(),
    /** How all records are listed: by queries (default), or by Bulk API 2.0, for objects of a million records and more. */
    everythingBy: z.enum(["query", "bulk"]).optional(),
    /** Fields that are not asked for, such as "Account.Fax", because the user may not see them or the org has none. */
    withoutFields: z.array(z.string().regex(/^\w+\.\w+$/, 'a field is named as in "Account.Fax"')).optional(),
    /** API requests in any 24 hours, as the org is granted; the answers correct it. Default: 100,000. */
    callsPerDay: z.number().int().positive().optional(),
    /** Calls at once: Salesforce allows 25 long ones (5 in developer and trial orgs). Default: 20. */
    callsAtOnce: z.number().int().positive().optional(),
    /** Where the API is instead, such as a simulator: "http://127.0.0.1:4321". */
    baseUrl: z.url().optional(),
    /** Where tokens are had instead. */
    tokenUrl: z.url().optional(),
  })
  .check((context) => {
    const { username, privateKey, clientSecret } = context.value;
    const signIn = signInOf(context.value);
    const needs = {
      "authorization-code": {},
      "jwt-bearer": { username, privateKey },
      "client-credentials": { clientSecret },
    }[signIn];
    for (const [name, value] of Object.entries(needs)) {
      if (value === undefined) {
        const message = `signing in by ${signIn} needs ${name}`;
        context.issues.push({ code: "custom", message, path: [name], input: context.value });
      }
    }
  });

export type SalesforceSettings = z.output<typeof salesforceSettings>;
type Settings = Readonly<Record<string, unknown>>;

export function signInOf(settings: Pick<SalesforceSettings, "signIn" | "privateKey">) {
  return settings.signIn ?? (settings.privateKey === undefined ? "authorization-code" : "jwt-bearer");
}

const text = (settings: Settings, name: string): string | undefined =>
  typeof settings[name] === "string" ? settings[name] : undefined;

/** The address without a slash at its end. */
export function instanceUrl(settings: Settings): string {
  return (text(settings, "baseUrl") ?? text(settings, "instanceUrl") ?? "").replace(/\/+$/, "");
}

export function loginUrl(settings: Settings): string {
  const usual = LOGIN_URLS[settings["environment"] === "sandbox" ? "sandbox" : "production"];
  return (text(settings, "loginUrl") ?? usual).replace(/\/+$/, "");
}

/** Client credentials are had from the org's own address only; the rest from where people sign in. */
export function tokenUrl(settings: Settings): string {
  const host = settings["signIn"] === "client-credentials" ? instanceUrl(settings) : loginUrl(settings);
  return text(settings, "tokenUrl") ?? `${host}/services/oauth2/token`;
}

export function isLeftOut(settings: Settings, object: string, field: string): boolean {
  const { withoutFields } = settings;
  return Array.isArray(withoutFields) && withoutFields.includes(`${object}.${field}`);
}
