// What a sync expects at the target, for many records one after the other. Asking the target's schema is the greater part of it,
// and hardly any schema makes another value of what the mapping gives: so it is asked of a few, and of all once it does.
import type { Linked } from "../../mapping/mapping.ts";
import { sameValue } from "../../reconcile/merge.ts";
import type { Auditable, Expected } from "./auditable.ts";

/** The schema is asked of so many records, then of one in so many. */
const ASKED_FIRST = 200;
const ASKED_EVERY = 256;

/**
 * A target that shows just what the mapping gives agrees, whatever its schema would have made of it; one that shows anything else
 * is looked at again, and then the schema is asked.
 */
export class Expectations {
  readonly #auditable: Auditable;
  #records = 0;
  #shapes = false;

  constructor(auditable: Auditable) {
    this.#auditable = auditable;
  }

  of(body: unknown, linked: Linked): Expected {
    const mapped = this.#auditable.mapped(body, linked);
    if (mapped.kind !== "fields" || !this.#isAsked()) return mapped;
    const fitted = this.#auditable.fitted(mapped.fields);
    if (fitted.kind === "fields" && !this.#shapes) {
      this.#shapes = this.#auditable.fields.some((name) => !sameValue(mapped.fields[name], fitted.fields[name]));
    }
    return fitted;
  }

  #isAsked(): boolean {
    this.#records += 1;
    return this.#shapes || this.#records <= ASKED_FIRST || this.#records % ASKED_EVERY === 0;
  }
}
