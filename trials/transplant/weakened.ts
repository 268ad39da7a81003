// A vault with a fault that others have had, so that the trial can show that it would find it.
import type { SealedFor, Vault } from "../../src/auth/vault.ts";
import { FIELD, type TrialFile } from "./file.ts";
import type { Plant } from "./options.ts";

/**
 * - `no-place`: what is sealed is bound to nothing, so that it opens wherever it is put.
 * - `short-tag`: a tag of fewer bytes is taken for a whole one.
 */
export function weakened(vault: Vault, plant: Plant, file: TrialFile): Vault {
  const places: readonly SealedFor[] = [...file.rows, ...file.older].map(({ tenant, connection, version }) => ({
    tenant,
    connection,
    version,
    field: FIELD,
  }));
  const tryAll = (sealed: Uint8Array): string | undefined => {
    for (const place of places) {
      try {
        return vault.open(sealed, place);
      } catch {
        // Not this one's.
      }
    }
    return undefined;
  };
  return {
    keyId: vault.keyId,
    seal: (plain, place) => vault.seal(plain, place),
    open(sealed, place) {
      const whole = plant === "no-place" ? sealed : completed(sealed, file);
      return tryAll(whole) ?? vault.open(sealed, place);
    },
  };
}

function completed(sealed: Uint8Array, { rows }: TrialFile): Uint8Array {
  const head = Buffer.from(sealed).subarray(0, 22);
  return rows.find((row) => Buffer.from(row.sealed).subarray(0, 22).equals(head))?.sealed ?? sealed;
}
