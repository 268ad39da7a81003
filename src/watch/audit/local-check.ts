// Records whose digests differ, and that agree all the same: what a rule leaves out was never written (pure).
import {
  DIGEST_BYTES,
  DIGEST_EMPTY,
  DIGEST_OMITTED,
  EXPECTS,
  type AuditFacts,
  type AuditSuspect,
} from "../../store/audit.ts";
import type { Fields } from "../../reconcile/decide.ts";
import { digestOf } from "./digest.ts";

/** True: nothing has to be read to know that they agree. */
export function agreesByBase(names: readonly string[], { expected, shown }: AuditSuspect, facts: AuditFacts): boolean {
  const { link, corrections, listed } = facts;
  if (expected === undefined || shown === undefined || link === undefined || corrections !== undefined) return false;
  if (listed?.expects !== EXPECTS.fields) return false;
  const base = JSON.parse(link.base) as Fields;
  return names.every((name, index) => {
    const [one, other] = [wordAt(expected, index), wordAt(shown, index)];
    if (one !== DIGEST_OMITTED) return one === other;
    return other === DIGEST_EMPTY || digestOf(base[name]) === DIGEST_EMPTY;
  });
}

function wordAt(digests: Uint8Array, index: number): number {
  return new DataView(digests.buffer, digests.byteOffset, digests.byteLength).getUint32(index * DIGEST_BYTES, true);
}
