// Seals credentials for the file of state. Whoever copies the file cannot read them, and whoever can write to it cannot
// put one in another's place or bring an old one back: each is bound to its tenant, connection, field and version.
import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { secretsIn, type LiveSecrets } from "../call/live-secrets.ts";
import type { Clock } from "../world/world.ts";
import type { DataKey, Store } from "../store/store.ts";
import { makeDataKey, unwrap } from "./data-keys.ts";
import { wrappingKeyOf, type KeyRing } from "./key-ring.ts";
import { KEY_BYTES, keyIdOf, open, seal } from "./sealed.ts";
import { cannotOpen, VaultError, type SealedFor, type WhyClosed } from "./vault-error.ts";

export { VaultError, type SealedFor, type WhyClosed } from "./vault-error.ts";

export interface Vault {
  /** Save what it gives in the same turn: a data key is taken away once nothing kept is sealed with it. */
  seal(plain: string, place: SealedFor): Uint8Array;
  /** Throws {@link VaultError}. */
  open(sealed: Uint8Array, place: SealedFor): string;
  /** The first characters of the wrapping key's hash: tells keys apart, and nothing of them. */
  readonly keyId: string;
}

/** Hears of each secret that did not open: its place and why. */
export type VaultAlert = (place: SealedFor, why: WhyClosed) => void;

export interface VaultOptions {
  readonly ring: KeyRing;
  readonly store: Store;
  readonly clock: Clock;
  readonly alert?: VaultAlert;
  /** Learns every secret that goes through. */
  readonly live?: LiveSecrets;
  /** Hears that a new data key could not be kept; it is tried again. Default: nobody. */
  readonly onFault?: (error: unknown) => void;
  /** Each has data keys of its own. Default: "default" alone. */
  readonly tenants?: readonly string[];
  /** A data key that sealed so many is replaced. Default 2 ** 30, a quarter of what random IVs allow. */
  readonly sealsMax?: number;
}

const TENANT = "default";
const SEALS_MAX = 2 ** 30;
/** Others may make a tenant's data key at the same moment. */
const TURNS_MAX = 5;

/** The vault of a file of state: its data keys are there, wrapped. A tenant that has none that can be used gets one. */
export async function openVault(options: VaultOptions): Promise<KeptVault> {
  const vault = new KeptVault(options);
  await vault.load();
  return vault;
}

export class KeptVault implements Vault {
  readonly store: Store;
  readonly #options: VaultOptions;
  readonly #tenants: readonly string[];
  readonly #keys = new Map<string, DataKey>();
  /** Seals of this process, by data key. */
  readonly #sealed = new Map<string, number>();
  #ring: KeyRing;
  readonly #renewing = new Set<string>();

  constructor(options: VaultOptions) {
    this.#options = options;
    this.store = options.store;
    this.#ring = options.ring;
    this.#tenants = options.tenants ?? [TENANT];
  }

  get keyId(): string {
    return this.#ring.current.id;
  }

  get ring(): KeyRing {
    return this.#ring;
  }

  get tenants(): readonly string[] {
    return this.#tenants;
  }

  /** Is this the data key that its tenant's new secrets are sealed with? */
  isCurrent(id: string | undefined, tenant: string): boolean {
    return id !== undefined && this.#current(tenant)?.id === id;
  }

  /** The data keys as they were last read. */
  get dataKeys(): readonly DataKey[] {
    return [...this.#keys.values()];
  }

  /** Uses these wrapping keys from now on. */
  useRing(ring: KeyRing): void {
    this.#ring = ring;
  }

  async load(): Promise<void> {
    await this.read();
    for (const tenant of this.#tenants) {
      const current = this.#current(tenant);
      if (current === undefined || unwrap(current, this.#ring) === undefined) await this.renew(tenant);
    }
  }

  /** Reads the data keys anew. */
  async read(): Promise<void> {
    const kept = await this.store.dataKeys();
    this.#keys.clear();
    for (const key of kept) this.#keys.set(key.id, key);
  }

  /** Makes the tenant a new data key; what is sealed from now on is sealed with it. */
  async renew(tenant: string): Promise<void> {
    const was = this.#current(tenant)?.id;
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const made = makeDataKey(tenant, this.#ring.current, this.#options.clock.now());
      const added = await this.store.addDataKey(made, this.#current(tenant)?.id);
      await this.read();
      const now = this.#current(tenant);
      if (added || (now !== undefined && now.id !== was && unwrap(now, this.#ring) !== undefined)) return;
    }
    throw new VaultError(
      "key",
      `could not make a data key of the tenant "${tenant}": others keep making one; try again`,
    );
  }

  seal(plain: string, place: SealedFor): Uint8Array {
    const tenant = place.tenant ?? TENANT;
    const current = this.#current(tenant);
    const key = current === undefined ? undefined : unwrap(current, this.#ring);
    if (current === undefined || key === undefined) {
      throw new VaultError(
        "key",
        `cannot seal for the tenant "${tenant}": it has no data key that the given keys unwrap`,
      );
    }
    this.#learn(plain, place);
    const sealed = sealFor(plain, key, current.id, place);
    const seals = (this.#sealed.get(current.id) ?? 0) + 1;
    this.#sealed.set(current.id, seals);
    if (current.seals + seals >= (this.#options.sealsMax ?? SEALS_MAX)) this.#renewSoon(tenant);
    return sealed;
  }

  open(sealed: Uint8Array, place: SealedFor): string {
    try {
      const plain = openFor(sealed, place, (id) => this.#keyOf(id, place));
      this.#learn(plain, place);
      return plain;
    } catch (error) {
      if (error instanceof VaultError && error.why !== undefined) this.#options.alert?.(place, error.why);
      throw error;
    }
  }

  #keyOf(id: string, { tenant = TENANT }: SealedFor): KeyObject | WhyClosed {
    const kept = this.#keys.get(id);
    if (kept === undefined || kept.tenant !== tenant) return "no-such-key";
    return unwrap(kept, this.#ring) ?? "key-lost";
  }

  #learn(plain: string, { tenant = TENANT, connection, field }: SealedFor): void {
    this.#options.live?.learn(JSON.stringify([tenant, connection, field]), secretsIn(plain));
  }

  #current(tenant: string): DataKey | undefined {
    for (const key of this.#keys.values()) if (key.current && key.tenant === tenant) return key;
    return undefined;
  }

  #renewSoon(tenant: string): void {
    if (this.#renewing.has(tenant)) return;
    this.#renewing.add(tenant);
    this.renew(tenant)
      .catch((error: unknown) => this.#options.onFault?.(error))
      .finally(() => this.#renewing.delete(tenant));
  }
}

/** A vault without a file of state: all is sealed with one data key, made from this key of 32 bytes. */
export function vaultOf(key: Uint8Array): Vault {
  const { id: keyId } = wrappingKeyOf(key, "memory");
  const dataKey = createSecretKey(Buffer.from(hkdfSync("sha256", key, "", "bowline data key", KEY_BYTES)));
  return {
    keyId,
    seal: (plain, place) => sealFor(plain, dataKey, keyId, place),
    open: (sealed, place) => openFor(sealed, place, (id) => (id === keyId ? dataKey : "no-such-key")),
  };
}

function sealFor(plain: string, key: KeyObject, keyId: string, place: SealedFor): Uint8Array {
  return seal(Buffer.from(plain), key, keyId, associated(place));
}

function openFor(sealed: Uint8Array, place: SealedFor, keyOf: (id: string) => KeyObject | WhyClosed): string {
  const id = keyIdOf(sealed);
  if (id === undefined) throw cannotOpen(place, "format");
  const key = keyOf(id);
  if (typeof key === "string") throw cannotOpen(place, key);
  try {
    return open(sealed, key, associated(place)).toString("utf8");
  } catch (error) {
    throw cannotOpen(place, "changed", error);
  }
}

/** JSON keeps the parts apart whatever they hold. */
function associated({ tenant = TENANT, connection, field, version }: SealedFor): string {
  return `bowline secret|v1|${JSON.stringify([tenant, connection, field, version])}`;
}
