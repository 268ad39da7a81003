// Why a secret could not be had or a key not be used: which place and what is wrong, and never a byte of either.

/** What a sealed secret belongs to; it opens for nothing else. */
export interface SealedFor {
  /** Default "default". */
  readonly tenant?: string;
  readonly connection: string;
  readonly field: string;
  readonly version: number;
}

/**
 * - `format`: these bytes were never sealed by us, or are cut.
 * - `no-such-key`: the data key that they name is not kept, or is another tenant's.
 * - `key-lost`: their data key is kept, and no key that we were given unwraps it.
 * - `changed`: they were sealed for another place, or a bit of them was changed.
 */
export type WhyClosed = "format" | "no-such-key" | "key-lost" | "changed";

export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly code: "key" | "sealed-otherwise";
  readonly place?: SealedFor;
  readonly why?: WhyClosed;

  constructor(
    code: VaultError["code"],
    message: string,
    { place, why, ...options }: ErrorOptions & { readonly place?: SealedFor; readonly why?: WhyClosed } = {},
  ) {
    super(message, options);
    this.code = code;
    if (place !== undefined) this.place = place;
    if (why !== undefined) this.why = why;
  }
}

const WORDS: Readonly<Record<WhyClosed, string>> = {
  format: "expected what the vault had sealed, got other bytes or a piece",
  "no-such-key": "it was sealed with another key, which is not kept here",
  "key-lost": "it was sealed with another key than those given",
  changed: "it was sealed for another place, or was changed",
};

export function cannotOpen(place: SealedFor, why: WhyClosed, cause?: unknown): VaultError {
  return new VaultError(
    "sealed-otherwise",
    `cannot open the ${place.field} of the connection "${place.connection}": ${WORDS[why]}; bring the key file back, or ` +
      "authorise the connection again",
    { place, why, cause },
  );
}
