// The canaries: secrets that are like no other, one for each slot, and the tokens that the provider gives out. Whatever part
// of one is seen anywhere is a leak.
import { generateKeyPairSync } from "node:crypto";
import { SeededRandom } from "../../src/world/virtual.ts";

/** How a connection of the trial signs in. */
const KINDS = [
  "header",
  "query",
  "basic",
  "basic-alone",
  "jwt-shared",
  "jwt-key",
  "signature",
  "oauth-refresh",
  "oauth-client",
  "oauth-private-key",
  "oauth-bearer",
] as const;
export type Kind = (typeof KINDS)[number];

/** The settings of each kind that hold a secret; a name that ends with Key is a private key. */
const SLOTS: Readonly<Record<Kind, readonly string[]>> = {
  header: ["apiKey"],
  query: ["apiKey"],
  basic: ["user", "password"],
  "basic-alone": ["apiKey"],
  "jwt-shared": ["shared"],
  "jwt-key": ["privateKey"],
  signature: ["signing", "account"],
  "oauth-refresh": ["clientSecret", "refreshToken"],
  "oauth-client": ["clientSecret"],
  "oauth-private-key": ["privateKey", "refreshToken"],
  "oauth-bearer": ["privateKey"],
};
const HOOK_SLOTS = ["hookSecret", "hookSecretBefore"];
const REPLICAS = 4;
/** Those of the example connectors. */
const EXAMPLE_SLOTS = [
  "SHOPIFY_ACCESS_TOKEN",
  "SHOPIFY_WEBHOOK_SECRET",
  "QUICKBOOKS_CLIENT_SECRET",
  "QUICKBOOKS_REFRESH_TOKEN",
  "QUICKBOOKS_VERIFIER_TOKEN",
] as const;

export interface Account {
  readonly name: string;
  readonly kind: Kind;
  readonly replica: number;
  readonly slots: readonly string[];
}

export const ACCOUNTS: readonly Account[] = KINDS.flatMap((kind) =>
  Array.from({ length: REPLICAS }, (_, replica) => ({
    name: `${kind}-${replica}`,
    kind,
    replica,
    slots: [...SLOTS[kind], ...HOOK_SLOTS],
  })),
);

export const variableOf = (account: string, slot: string): string =>
  `CANARY_${account.replaceAll("-", "_")}_${slot}`.toUpperCase();

export interface Canaries {
  /** By variable of the environment. */
  readonly settings: Readonly<Record<string, string>>;
  /** Tokens for the provider to give out, each new. */
  readonly tokens: readonly string[];
  readonly all: readonly string[];
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** What is written differently in JSON, in addresses and on pages. */
const AWKWARD = '"\\/+&%=<>';
const CHARS = 44;
/** Every so many characters is an awkward one. */
const AWKWARD_EVERY = 15;

export function makeCanaries(seed: number, count: number): Canaries {
  const random = new SeededRandom(seed);
  const one = (letters: string): string => letters[Math.floor(random.next() * letters.length)]!;
  const text = (): string =>
    Array.from({ length: CHARS }, (_, at) => one(at % AWKWARD_EVERY === AWKWARD_EVERY - 1 ? AWKWARD : LETTERS)).join(
      "",
    );
  const settings: Record<string, string> = {};
  for (const { name, slots } of ACCOUNTS) {
    for (const slot of slots) settings[variableOf(name, slot)] = slot === "privateKey" ? privateKey() : text();
  }
  for (const slot of EXAMPLE_SLOTS) settings[slot] = text();
  const tokens = Array.from({ length: count - Object.keys(settings).length }, text);
  return { settings, tokens, all: [...Object.values(settings), ...tokens] };
}

function privateKey(): string {
  const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return String(key.export({ type: "pkcs8", format: "pem" }));
}
