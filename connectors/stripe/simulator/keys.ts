// API keys: the secret one, restricted ones with what each may do, and what became of them since.
import { expiredKey, noKey, notPermitted, publishableKey, wrongKey, type Refusal } from "./errors.ts";
import type { StripeSimulatorOptions } from "./options.ts";

interface Key {
  /** Undefined: everything. */
  readonly permissions: ReadonlySet<string> | undefined;
  state: "good" | "expired";
}

export class Keys {
  refused = 0;
  readonly #keys = new Map<string, Key>();

  constructor({ secretKey, restrictedKeys = {} }: StripeSimulatorOptions) {
    this.#keys.set(secretKey, { permissions: undefined, state: "good" });
    for (const [key, permissions] of Object.entries(restrictedKeys)) {
      this.#keys.set(key, { permissions: new Set(permissions), state: "good" });
    }
  }

  /** As when somebody deletes the key in the dashboard. */
  revoke(key: string): void {
    this.#keys.delete(key);
  }

  /** As when a rolled key's time is over. */
  expire(key: string): void {
    const known = this.#keys.get(key);
    if (known !== undefined) known.state = "expired";
  }

  add(key: string, permissions?: readonly string[]): void {
    this.#keys.set(key, { permissions: permissions && new Set(permissions), state: "good" });
  }

  /** The key of a call, from a bearer token or the user name of basic authentication. */
  of(request: Request): string {
    const header = request.headers.get("authorization") ?? "";
    const bearer = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
    if (bearer !== undefined) return bearer;
    const basic = /^Basic\s+(\S+)$/i.exec(header)?.[1];
    return basic === undefined ? "" : (Buffer.from(basic, "base64").toString().split(":", 1)[0] ?? "");
  }

  refuses(key: string): Refusal | undefined {
    const refusal = this.#refusal(key);
    if (refusal !== undefined) this.refused += 1;
    return refusal;
  }

  #refusal(key: string): Refusal | undefined {
    if (key === "") return noKey();
    if (key.startsWith("pk_")) return publishableKey();
    const known = this.#keys.get(key);
    if (known === undefined) return wrongKey(key);
    return known.state === "expired" ? expiredKey(key) : undefined;
  }

  /** A permission to write is one to read as well. */
  forbids(key: string, account: string, permission: string): Refusal | undefined {
    const permissions = this.#keys.get(key)?.permissions;
    if (permissions === undefined || permissions.has(permission)) return undefined;
    if (permission.endsWith("_read") && permissions.has(permission.replace(/_read$/, "_write"))) return undefined;
    return notPermitted(key, account, permission);
  }
}
