// Gathers what an audit keeps of one side's records of a two-way sync: keys, whether each is for the sync, digests of its fields
// and of what it is found by.
import type { Side, TwoWaySync } from "../../../define/two-way.ts";
import { matchValues } from "../../../reconcile/decide-alone.ts";
import { shownBy } from "../../../reconcile/pair-facts.ts";
import { DIGEST_BYTES } from "../../../store/audit.ts";
import { SCOPE, type AuditRecords, type Scope } from "../../../store/audit-pairs.ts";
import { digestOf, FieldDigests } from "../digest.ts";

/** Where a record has nothing that it could be found by. */
export const NOT_FOUND_BY = 0;

export class PairRows {
  readonly #sync: TwoWaySync;
  readonly #side: Side;
  readonly #names: readonly string[];
  readonly #fields: FieldDigests;
  readonly #keys: string[] = [];
  readonly #scopes: number[] = [];
  readonly #digests: Uint8Array[] = [];
  readonly #former: (readonly [string, string])[] = [];

  constructor(sync: TwoWaySync, side: Side) {
    this.#sync = sync;
    this.#side = side;
    this.#names = sync.pairs.map(({ fields }) => fields[side]);
    this.#fields = new FieldDigests(this.#names);
  }

  get count(): number {
    return this.#keys.length;
  }

  add(key: string, record: unknown): void {
    const digests = new Uint8Array((this.#names.length + this.#sync.match.length) * DIGEST_BYTES);
    this.#keys.push(key);
    this.#scopes.push(this.#write(digests, record));
    this.#digests.push(digests);
    const { formerKeys } = this.#sync.sides[this.#side].resource.resource;
    for (const former of formerKeys?.(record) ?? []) this.#former.push([former, key]);
  }

  rows(): AuditRecords {
    const scopes = Uint8Array.from(this.#scopes);
    const digests = Buffer.concat(this.#digests);
    return { side: this.#side, keys: this.#keys, scopes, digests, former: this.#former };
  }

  /** What cannot be shown, or is not told by the sync's own rules, is looked at by itself. */
  #write(digests: Uint8Array, record: unknown): Scope {
    const view = new DataView(digests.buffer);
    try {
      this.#fields.write(view, 0, shownBy(this.#sync, this.#side, record), { omits: false });
      const found = matchValues(this.#sync, this.#side, record);
      if (!Array.isArray(found)) return SCOPE.unclear;
      const first = this.#names.length;
      (found as readonly (string | null)[]).forEach((value, index) =>
        view.setUint32((first + index) * DIGEST_BYTES, matchDigest(value), true),
      );
      return this.#sync.sides[this.#side].only?.(record) === false ? SCOPE.out : SCOPE.in;
    } catch {
      return SCOPE.unclear;
    }
  }
}

export const matchDigest = (value: string | null): number => (value === null ? NOT_FOUND_BY : digestOf(value));

/** What a listed record is found by, as digests. */
export function matchDigestsIn({ pairs, match }: TwoWaySync, digests: Uint8Array): readonly number[] {
  const view = new DataView(digests.buffer, digests.byteOffset, digests.byteLength);
  return match.map((_rule, index) => view.getUint32((pairs.length + index) * DIGEST_BYTES, true));
}
