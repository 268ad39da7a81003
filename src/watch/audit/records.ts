// Reads one side's records for an audit: all of them page by page, or some by their keys.
import type { Caller } from "../../call/caller.ts";
import type { ConnectedResource } from "../../define/connection.ts";
import { CallFailed } from "../../define/outcome.ts";
import type { Page } from "../../define/resource.ts";
import { PagesAhead } from "../../observe/pages-ahead.ts";
import { Rounds } from "../../observe/rounds.ts";
import { followed } from "../../reconcile/followed.ts";
import type { AuditCalls } from "./calls.ts";

/** How many keys are asked for at once where a provider would take more. */
const KEYS_MAX = 200;

export class SideRecords {
  readonly resource: ConnectedResource;
  readonly #caller: Caller;
  readonly #calls: AuditCalls;
  readonly #ahead: PagesAhead<Page<unknown>>;
  #isHidden: ((key: string) => boolean) | undefined;

  constructor(resource: ConnectedResource, caller: Caller, calls: AuditCalls) {
    this.resource = resource;
    this.#caller = caller;
    this.#calls = calls;
    this.#ahead = new PagesAhead(
      ({ cursor }) => this.#read(cursor),
      ({ next, nextInMs }) => (nextInMs === undefined ? next : undefined),
    );
  }

  get isListed(): boolean {
    return this.resource.resource.everything !== undefined;
  }

  get isRead(): boolean {
    return this.resource.resource.read !== undefined;
  }

  /** The page that begins here; the pages behind it are read meanwhile. */
  async page(cursor: string | undefined): Promise<Page<unknown>> {
    const page = await this.#ahead.at({ kind: "everything", since: undefined, cursor });
    if (page.nextInMs !== undefined) await this.#calls.wait(page.nextInMs);
    return page;
  }

  /** Those of these keys that exist, by key. */
  async byKey(keys: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const { read } = this.resource.resource;
    const found = new Map<string, unknown>();
    if (keys.length === 0) return found;
    if (read === undefined) return this.#listed(new Set(keys));
    const most = Math.min(read.keysMax, KEYS_MAX);
    for (let first = 0; first < keys.length; first += most) {
      for (const record of await this.#some(keys.slice(first, first + most))) {
        found.set(this.resource.resource.key(record), record);
      }
    }
    return found;
  }

  /** Of keys that are not there: those that became part of another record, and of which. */
  async movedInto(absent: readonly string[], answered: readonly unknown[]): Promise<ReadonlyMap<string, string>> {
    const { read, formerKeys } = this.resource.resource;
    if (absent.length === 0 || read === undefined || (formerKeys ?? read.successors) === undefined) return new Map();
    const moved = await this.#calls.call(this.#caller, (api) => followed(this.resource, api, absent, answered));
    return moved.into;
  }

  /** Whose records may be there although they are not answered; asked for once. */
  async hidden(): Promise<(key: string) => boolean> {
    const { read } = this.resource.resource;
    if (read?.hidden === undefined) return () => false;
    this.#isHidden ??= await this.#calls.call(this.#caller, async (api) => (await read.hidden?.(api)) ?? (() => false));
    return this.#isHidden;
  }

  /** A batch that is refused as a whole is read again one key at a time; a key that cannot be one is no record. */
  async #some(keys: readonly string[]): Promise<readonly unknown[]> {
    try {
      return await this.#calls.call(
        this.#caller,
        async (api) => (await this.resource.resource.read?.records(api, keys)) ?? [],
      );
    } catch (error) {
      const kind = error instanceof CallFailed ? error.outcome.kind : undefined;
      if (kind !== "invalid" && kind !== "missing") throw error;
      if (keys.length === 1) return [];
      const each: unknown[] = [];
      for (const key of keys) each.push(...(await this.#some([key])));
      return each;
    }
  }

  /** Where records cannot be read by key, they are picked from a whole listing. */
  async #listed(keys: ReadonlySet<string>): Promise<ReadonlyMap<string, unknown>> {
    const found = new Map<string, unknown>();
    const rounds = new Rounds();
    for (let cursor: string | undefined; ;) {
      const page = await this.page(cursor);
      for (const record of page.records) {
        const key = this.resource.resource.key(record);
        if (keys.has(key)) found.set(key, record);
      }
      if (page.next === undefined) return found;
      if (page.nextInMs === undefined) rounds.goOn(this.resource.id, page.next);
      cursor = page.next;
    }
  }

  #read(cursor: string | undefined): Promise<Page<unknown>> {
    const { everything } = this.resource.resource;
    if (everything === undefined) throw new Error(`${this.resource.id} cannot be listed`);
    return this.#calls.call(this.#caller, (api) => everything.page(api, cursor === undefined ? {} : { cursor }));
  }
}
