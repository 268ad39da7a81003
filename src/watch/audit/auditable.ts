// What an audit asks of a sync: what it expects at the other side for a record, and what the other side shows.
import type { ConnectedResource } from "../../define/connection.ts";
import { issueText } from "../../define/schema.ts";
import type { Sync } from "../../define/sync.ts";
import type { Linked, LinkKey } from "../../mapping/mapping.ts";
import type { Fields } from "../../reconcile/decide.ts";
import { thrownText } from "../../define/thrown-text.ts";

/** What should be at the target for a record as it is now. */
export type Expected =
  | { readonly kind: "fields"; readonly fields: Fields }
  /** The sync does not mind. */
  | { readonly kind: "anything" }
  | { readonly kind: "nothing" }
  /** It would wait or be parked. */
  | { readonly kind: "unclear"; readonly reason: string };

type Corrections = Readonly<Record<string, unknown>>;

export interface Auditable {
  /** The sync's name. */
  readonly name: string;
  readonly from: ConnectedResource;
  readonly to: ConnectedResource;
  readonly freshWithinMs: number;
  /** The target fields that are compared; empty: the target cannot show its fields, only that a record is there. */
  readonly fields: readonly string[];
  /** The links of other records that the expectation needs. */
  links(body: unknown): readonly LinkKey[];
  expected(body: unknown, linked: Linked, corrections?: Corrections): Expected;
  /** The same in two steps: as the mapping gives it, and as the target's schema leaves such fields. */
  mapped(body: unknown, linked: Linked, corrections?: Corrections): Expected;
  fitted(fields: Fields): Expected;
  /** What should be at the target for a record that is no longer at the source. */
  readonly afterDeletion: "anything" | "nothing";
  /** The writable fields as a target record shows them. */
  shown(target: unknown): Fields;
  /** How a target record that should not be there is taken out of use; absent: a person does it. */
  removal(why: "deleted" | "out-of-scope"): string | undefined;
  /** Can a target record be changed at all? */
  readonly updates: boolean;
}

export function oneWay(sync: Sync): Auditable {
  const { mapping, from, to, name, freshWithinMs, onDelete, onOutOfScope } = sync;
  const write = to.resource.write;
  const fieldsOf = write?.fieldsOf;
  const fitted = (fields: Fields): Expected => fittedTo(to, fields);

  function mapped(body: unknown, linked: Linked, corrections?: Corrections): Expected {
    try {
      if (sync.only?.(body) === false) return { kind: onOutOfScope === "keep" ? "anything" : "nothing" };
    } catch (error) {
      return unclear(`\`only\` threw: ${thrownText(error)}`);
    }
    const given = mapping.apply(body, linked, corrections);
    if (given.kind === "park") return unclear(given.problems.map((one) => `${one.field}: ${one.reason}`).join("; "));
    if (given.kind === "wait") {
      const [on] = given.on;
      return unclear(`${on?.key ?? "a record"} of sync ${on?.sync ?? ""}, which it refers to, is not linked`);
    }
    const fields = given.fields as Fields;
    return { kind: "fields", fields: corrections === undefined ? fields : { ...fields, ...corrections } };
  }

  return {
    name,
    from,
    to,
    freshWithinMs,
    fields: fieldsOf === undefined ? [] : Object.keys(mapping.rules ?? {}),
    links: (body) => mapping.links(body),
    expected(body, linked, corrections) {
      const expected = mapped(body, linked, corrections);
      return expected.kind === "fields" ? fitted(expected.fields) : expected;
    },
    mapped,
    fitted,
    afterDeletion: onDelete === "keep" ? "anything" : "nothing",
    shown: (target) => (fieldsOf?.(target) ?? {}) as Fields,
    removal(why) {
      const way = why === "deleted" ? onDelete : onOutOfScope;
      return way === "keep" || way === "park" ? undefined : way;
    },
    updates: write?.update !== undefined,
  };
}

/** As the target's schema leaves them, since that is what would be written. */
function fittedTo(to: ConnectedResource, fields: Fields): Expected {
  const result = to.resource.write?.fields["~standard"].validate(fields);
  if (result === undefined) return unclear(`${to.id} cannot be written`);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    return unclear(`the schema of ${to.id} is asynchronous`);
  }
  if (result.issues === undefined) return { kind: "fields", fields: result.value as Fields };
  return unclear(`${to.id} would not take the fields: ${result.issues.slice(0, 1).map(issueText).join()}`);
}

const unclear = (reason: string): Expected => ({ kind: "unclear", reason });
