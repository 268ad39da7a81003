// Gathers what an audit keeps of one side's records, a few thousand at a time: keys, and digests of the fields that are compared.
import { DIGEST_BYTES, EXPECTS, type AuditSide } from "../../store/audit.ts";
import type { Linked } from "../../mapping/mapping.ts";
import type { Auditable } from "./auditable.ts";
import { FieldDigests } from "./digest.ts";
import { Expectations } from "./expectations.ts";

export class SideRows {
  readonly #auditable: Auditable;
  readonly #expectations: Expectations;
  readonly #fields: FieldDigests;
  readonly #side: AuditSide["side"];
  readonly #keys: string[] = [];
  readonly #expects: number[] = [];
  #digests: Uint8Array;
  #view: DataView;

  constructor(
    auditable: Auditable,
    side: AuditSide["side"],
    rowsExpected: number,
    expectations = new Expectations(auditable),
  ) {
    this.#auditable = auditable;
    this.#expectations = expectations;
    this.#fields = new FieldDigests(auditable.fields);
    this.#side = side;
    this.#digests = new Uint8Array(Math.max(1, rowsExpected) * this.#width);
    this.#view = new DataView(this.#digests.buffer);
  }

  get count(): number {
    return this.#keys.length;
  }

  addSource(key: string, body: unknown, linked: Linked): void {
    const expected = this.#expectations.of(body, linked);
    this.#expects.push(EXPECTS[expected.kind]);
    this.#add(key, expected.kind === "fields" ? expected.fields : {}, true);
  }

  addTarget(key: string, record: unknown): void {
    this.#add(key, this.#auditable.shown(record), false);
  }

  rows(): AuditSide {
    const digests = this.#digests.slice(0, this.#keys.length * this.#width);
    const side = { side: this.#side, keys: this.#keys, digests };
    return this.#side === "target" ? side : { ...side, expects: Uint8Array.from(this.#expects) };
  }

  get #width(): number {
    return this.#auditable.fields.length * DIGEST_BYTES;
  }

  #add(key: string, fields: Readonly<Record<string, unknown>>, omits: boolean): void {
    const at = this.#keys.push(key) * this.#width - this.#width;
    if (at + this.#width > this.#digests.length) this.#grow();
    this.#fields.write(this.#view, at, fields, { omits });
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#digests.length + this.#width);
    larger.set(this.#digests);
    this.#digests = larger;
    this.#view = new DataView(larger.buffer);
  }
}
