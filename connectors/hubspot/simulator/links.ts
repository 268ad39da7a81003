// Which records are associated with which, by which types, both ways.
import { ASSOCIATION_TYPES, KIND_NAMES, plainType, type Kind } from "./kinds.ts";
import { invalid } from "./refusal.ts";

export interface End {
  readonly kind: Kind;
  readonly id: string;
}

export class Links {
  /** "contacts/12/companies" to the other's id to the types. */
  readonly #types = new Map<string, Map<string, Set<number>>>();

  of({ kind, id }: End, to: Kind): ReadonlyMap<string, ReadonlySet<number>> {
    return this.#types.get(`${kind}/${id}/${to}`) ?? new Map();
  }

  all(one: End): readonly { readonly other: End; readonly typeId: number }[] {
    return KIND_NAMES.flatMap((kind) =>
      [...this.of(one, kind)].flatMap(([id, types]) => [...types].map((typeId) => ({ other: { kind, id }, typeId }))),
    );
  }

  /** One with a label is one without, too. False: it was there already. */
  add(one: End, other: End, typeId: number): boolean {
    const type = ASSOCIATION_TYPES.find(
      (each) => each.from === one.kind && each.to === other.kind && each.typeId === typeId,
    );
    if (type === undefined) throw invalid(`${typeId} is no association type between ${one.kind} and ${other.kind}`);
    const types = this.#between(one, other);
    if (types.has(typeId)) return false;
    types.add(typeId);
    this.#between(other, one).add(type.inverse);
    const plain = plainType(one.kind, other.kind);
    if (plain !== undefined && plain.typeId !== typeId) this.add(one, other, plain.typeId);
    return true;
  }

  /** All types between two records; tells which there were. */
  remove(one: End, other: End): ReadonlySet<number> {
    const types = this.of(one, other.kind).get(other.id) ?? new Set<number>();
    this.#types.get(`${one.kind}/${one.id}/${other.kind}`)?.delete(other.id);
    this.#types.get(`${other.kind}/${other.id}/${one.kind}`)?.delete(one.id);
    return types;
  }

  #between(one: End, other: End): Set<number> {
    const key = `${one.kind}/${one.id}/${other.kind}`;
    const targets = this.#types.get(key) ?? new Map<string, Set<number>>();
    this.#types.set(key, targets);
    const types = targets.get(other.id) ?? new Set<number>();
    targets.set(other.id, types);
    return types;
  }
}
