// Credentials and the keys that seal them. The store never sees what is inside.

/** Sealed by the vault; the store never sees what is inside. */
export interface Credential {
  readonly sealed: Uint8Array;
  /** Rises with each change. */
  readonly version: number;
  /** The first refresh of this version that was begun and whose answer is not known. */
  readonly refreshBeganAt?: number;
  /** Who may refresh it now, and until when nobody else may. */
  readonly lease?: { readonly owner: string; readonly until: number };
}

/** Who wants to refresh a credential, and for how long nobody else may. */
export interface RefreshClaim {
  /** Another name for each process. */
  readonly owner: string;
  readonly at: number;
  readonly until: number;
  /** The unanswered attempt that was seen, if there was one; another one means that the credential has changed. */
  readonly seenBeganAt?: number;
  /** Nobody else can be alive who refreshes: a lease that is left over counts for nothing. */
  readonly alone?: boolean;
}

export type RefreshBegun =
  /** `epoch` rises with each refresh that is begun: whoever was given an older one can commit nothing under it. */
  | { readonly is: "begun"; readonly epoch: number }
  | { readonly is: "leased"; readonly until: number }
  /** The credential is no longer at this version, or another attempt was made meanwhile. */
  | { readonly is: "changed" };

/** What processes that share credentials need of a store. */
export interface CredentialStore {
  credential(connection: string): Promise<Credential | undefined>;
  /** Takes the lease, and records the attempt before it is made. */
  beginRefresh(connection: string, version: number, claim: RefreshClaim): Promise<RefreshBegun>;
  /** Gives the lease back without new tokens. `answered`: the provider did answer, so that this attempt leaves no doubt. */
  endRefresh(
    connection: string,
    epoch: number,
    end: { readonly at: number; readonly answered: boolean },
  ): Promise<void>;
  /**
   * Puts a credential in place of the one at `version` (0: there is none yet); false when that was not the one, or when
   * somebody began a refresh after the one of `epoch`.
   */
  saveCredential(connection: string, version: number, sealed: Uint8Array, epoch?: number): Promise<boolean>;
}

/** A data key of one tenant, wrapped by a key that is never in the store. */
export interface DataKey {
  /** 16 hexadecimal digits; what is sealed with it names it in its second to ninth byte. */
  readonly id: string;
  readonly tenant: string;
  readonly wrapped: Uint8Array;
  /** New secrets of its tenant are sealed with it. */
  readonly current: boolean;
  /** How often something sealed with it was saved. */
  readonly seals: number;
  readonly madeAt: number;
}

export type NewDataKey = Omit<DataKey, "current" | "seals">;

/** A credential as it is kept, with what it is bound to. */
export interface SealedRow {
  readonly tenant: string;
  readonly connection: string;
  readonly version: number;
  readonly sealed: Uint8Array;
}

export interface KeyStore {
  dataKeys(): Promise<readonly DataKey[]>;
  /** Makes it its tenant's current key in place of this one (undefined: there is none yet); false when that is not the one. */
  addDataKey(key: NewDataKey, instead: string | undefined): Promise<boolean>;
  /** Puts another wrapping in place of the one that was; false when it is no longer that. */
  rewrapDataKey(id: string, was: Uint8Array, wrapped: Uint8Array): Promise<boolean>;
  /** Takes away the keys that are not current and with which nothing is sealed any more; says which. */
  dropUnusedDataKeys(): Promise<readonly string[]>;
  /** Pages through all that is sealed, in order of connection. */
  sealed(after: string | undefined, limit: number): Promise<readonly SealedRow[]>;
  /** The same secret sealed anew; version and refresh stay. False when it is no longer the one that was. */
  reseal(connection: string, version: number, was: Uint8Array, sealed: Uint8Array): Promise<boolean>;
}
