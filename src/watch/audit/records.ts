// Reads one side's records for an audit: all of them page by page, or some by their keys.
import type { Caller } from "../../call/caller.ts";
import type { ConnectedResource } from "../../define/connection.ts";
import { CallFailed } from "../../define/outcome.ts";
import type { Page } from "../../define/resource.ts";
import { PagesAhead } from "../../observe/pages-ahead.ts";
import { Rounds } from "../../observe/rounds.ts";
import { followed } from "../../reconcile/followed.ts";
import type { AuditCalls, Called } from "./calls.ts";
import { keyedIn, type ReadByKey } from "./keyed.ts";

/** How many keys are asked for at once where a provider would take more. */
const KEYS_MAX = 200;

interface Found {
  readonly records: Map<string, unknown>;
  readonly faults: Map<string, string>;
}

export class SideRecords {
  readonly resource: ConnectedResource;
  readonly #called: Called;
  readonly #calls: AuditCalls;
  readonly #ahead: PagesAhead<Page<unknown>>;
  #isHidden: ((key: string) => boolean) | undefined;

  constructor(resource: ConnectedResource, caller: Caller, calls: AuditCalls) {
    this.resource = resource;
    this.#called = { connection: resource.connectionName, caller };
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

  /** Those of these keys that exist, and those of which nobody can tell whether they do. */
  async byKey(keys: readonly string[]): Promise<ReadByKey> {
    const { read } = this.resource.resource;
    const found: Found = { records: new Map(), faults: new Map() };
    if (keys.length === 0) return found;
    if (read === undefined) return this.#listed(new Set(keys));
    const most = Math.min(read.keysMax, KEYS_MAX);
    for (let first = 0; first < keys.length; first += most) await this.#batch(keys.slice(first, first + most), found);
    return found;
  }

  /** Of keys that are not there: those that became part of another record, and of which. */
  async movedInto(absent: readonly string[], answered: readonly unknown[]): Promise<ReadonlyMap<string, string>> {
    const { read, formerKeys } = this.resource.resource;
    if (absent.length === 0 || read === undefined || (formerKeys ?? read.successors) === undefined) return new Map();
    const moved = await this.#calls.call(this.#called, (api) => followed(this.resource, api, absent, answered));
    return moved.into;
  }

  /** Whose records may be there although they are not answered; asked for once. */
  async hidden(): Promise<(key: string) => boolean> {
    const { read } = this.resource.resource;
    if (read?.hidden === undefined) return () => false;
    this.#isHidden ??= await this.#calls.call(this.#called, async (api) => (await read.hidden?.(api)) ?? (() => false));
    return this.#isHidden;
  }

  /** A record that has no key is nobody's: whose it is shows where each key without a record is asked for alone. */
  async #batch(keys: readonly string[], found: Found): Promise<void> {
    const { keyed, faults } = keyedIn(this.resource.resource, await this.#some(keys));
    for (const { key, record } of keyed) found.records.set(key, record);
    const [fault] = faults;
    if (fault === undefined) return;
    for (const key of keys.filter((one) => !found.records.has(one))) {
      if (keys.length === 1) found.faults.set(key, fault);
      else await this.#batch([key], found);
    }
  }

  /** A batch that is refused as a whole is read again one key at a time; a key that cannot be one is no record. */
  async #some(keys: readonly string[]): Promise<readonly unknown[]> {
    try {
      return await this.#calls.call(
        this.#called,
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

  /** Where records cannot be read by key, they are picked from a whole listing: any may be one of which it tells no key. */
  async #listed(keys: ReadonlySet<string>): Promise<ReadByKey> {
    const found: Found = { records: new Map(), faults: new Map() };
    let fault: string | undefined;
    const rounds = new Rounds();
    for (let cursor: string | undefined; ;) {
      const page = await this.page(cursor);
      const { keyed, faults } = keyedIn(this.resource.resource, page.records);
      for (const { key, record } of keyed) if (keys.has(key)) found.records.set(key, record);
      fault ??= faults[0];
      if (page.next === undefined) break;
      if (page.nextInMs === undefined) rounds.goOn(this.resource.id, page.next);
      cursor = page.next;
    }
    if (fault === undefined) return found;
    for (const key of keys) if (!found.records.has(key)) found.faults.set(key, fault);
    return found;
  }

  #read(cursor: string | undefined): Promise<Page<unknown>> {
    const { everything } = this.resource.resource;
    if (everything === undefined) throw new Error(`${this.resource.id} cannot be listed`);
    return this.#calls.call(this.#called, (api) => everything.page(api, cursor === undefined ? {} : { cursor }));
  }
}
