// The provider that is read: customers and orders, which people create, edit and delete.
import { z } from "zod";
import type { Clock, Random } from "../../src/world/world.ts";
import type { Setting } from "./setting.ts";

export const SOURCE = "https://source.example";
export const KINDS = ["customers", "orders"] as const;
export type Kind = (typeof KINDS)[number];

export const itemSchema = z.object({
  id: z.string(),
  note: z.string(),
  /** Of an order. */
  customer: z.string().nullable(),
  paid: z.boolean(),
  version: z.string(),
});
export type Item = z.infer<typeof itemSchema>;

export interface SourceItem extends Item {
  readonly kind: Kind;
  readonly createdAt: number;
  readonly changedAt: number;
  /** When listings show it as it is here. */
  readonly shownAt: number;
  readonly deletedAt?: number;
  /** Since when it is not in scope. */
  readonly outSince?: number;
}

export interface ToldChange {
  readonly kind: Kind;
  readonly id: string;
  readonly version: string;
  readonly deleted: boolean;
}

export interface SourceParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly setting: Setting;
  readonly onChange: (change: ToldChange) => void;
}

const PAGE_RECORDS = 5;

export class Source {
  readonly items = new Map<string, SourceItem>();
  /** Of each all that it was, the newest last. */
  readonly #versionsOf = new Map<string, SourceItem[]>();
  /** When each was first shown since the engine last began on another file, by its kind and id. */
  shown = new Map<string, number>();
  readonly #parts: SourceParts;
  #versions = 0;
  #made = 0;

  constructor(parts: SourceParts) {
    this.#parts = parts;
  }

  live(kind: Kind): readonly SourceItem[] {
    return [...this.items.values()].filter((item) => item.kind === kind && item.deletedAt === undefined);
  }

  create(kind: Kind, fields: Partial<Item> = {}): void {
    this.#made += 1;
    const id = `${kind === "orders" ? "o" : "c"}${String(this.#made).padStart(4, "0")}`;
    this.#put({ note: "", customer: null, paid: true, ...fields, id, kind }, undefined);
  }

  edit(item: SourceItem, fields: Partial<Item> = {}): void {
    this.#put({ ...item, ...fields }, item);
  }

  remove(item: SourceItem): void {
    this.#put({ ...item, deletedAt: this.#parts.clock.now() }, item);
  }

  readonly fetch = (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    return Promise.resolve(Response.json(this.#answer(pathname.slice(1) as Kind, searchParams)));
  };

  #put(item: Omit<SourceItem, "createdAt" | "changedAt" | "shownAt" | "version">, before?: SourceItem): void {
    const { clock, random, setting, onChange } = this.#parts;
    this.#versions += 1;
    const changedAt = clock.now();
    const version = String(this.#versions).padStart(9, "0");
    const note = item.deletedAt === undefined ? `${item.id} ${version}` : item.note;
    const shownAt = Math.max(before?.shownAt ?? 0, changedAt + random.next() * setting.listLagMs);
    const { outSince = changedAt, ...rest } = item;
    const put = { ...rest, ...(item.paid ? {} : { outSince }), note, version, changedAt, shownAt };
    const name = `${item.kind} ${item.id}`;
    const whole = { ...put, createdAt: before?.createdAt ?? changedAt };
    this.items.set(name, whole);
    this.#versionsOf.set(name, [...(this.#versionsOf.get(name) ?? []), whole]);
    onChange({ kind: item.kind, id: item.id, version, deleted: item.deletedAt !== undefined });
  }

  #answer(kind: Kind, query: URLSearchParams): unknown {
    const keys = query.get("keys")?.split(",");
    if (keys !== undefined)
      return {
        records: this.live(kind)
          .filter(({ id }) => keys.includes(id))
          .map(this.#showing),
      };
    const now = this.#parts.clock.now();
    const since = query.get("since");
    const after = query.get("after") ?? "";
    // An index that is behind shows each as it was.
    const indexed = [...this.#versionsOf.values()].flatMap(
      (all) => all.findLast(({ shownAt }) => shownAt <= now) ?? [],
    );
    const listed = indexed
      .filter((item) => item.kind === kind && item.id > after)
      .filter((item) => since === null || item.changedAt >= Number(since))
      .sort((one, other) => (one.id < other.id ? -1 : 1));
    const page = listed.slice(0, PAGE_RECORDS);
    const gone = since !== null && this.#parts.setting.tellsDeletions ? page.filter(isDeleted).map(({ id }) => id) : [];
    return {
      records: page.filter((item) => !isDeleted(item)).map(this.#showing),
      deleted: gone,
      ...(listed.length > page.length ? { next: page.at(-1)?.id } : {}),
    };
  }

  readonly #showing = ({ kind, id, note, customer, paid, version }: SourceItem): Item => {
    const name = `${kind} ${id}`;
    if (!this.shown.has(name)) this.shown.set(name, this.#parts.clock.now());
    return { id, note, customer, paid, version };
  };
}

const isDeleted = ({ deletedAt }: SourceItem): boolean => deletedAt !== undefined;
