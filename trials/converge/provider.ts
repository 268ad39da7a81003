// One system on trial: contacts that people edit, delete, restore and merge, and the HTTP that Bowline reaches them by. It is the
// witness: whatever happens to a contact is told to the ledger as it happens.
import { pause } from "../../src/world/pause.ts";
import type { Clock, Random } from "../../src/world/world.ts";
import { FIELDS, fieldCalled, spelled, stored, type Field, type System, type Value, type Values } from "./fields.ts";
import type { Setting } from "./setting.ts";

export interface Contact {
  readonly id: string;
  readonly system: System;
  fields: { [Name in Field]?: Value };
  /** What each field showed before. */
  earlier: { [Name in Field]?: Value };
  /** For people's filter; no sync writes it. */
  hidden: boolean;
  /** Rises with each change, in the whole system. */
  stamp: number;
  changedAt: number;
  /** In whose name it was changed last. */
  changedBy: "person" | "bowline";
  deletedAt: number | undefined;
  /** The contact that took its place when both were merged. */
  mergedInto: string | undefined;
  former: string[];
  /** The stamp that Bowline was shown last, and when. */
  servedStamp: number;
  servedAt: number;
}

export type Actor = "person" | "bowline" | "automation";

export interface Told {
  readonly id: number;
  readonly key: string;
  readonly version?: string;
  readonly actor: Actor;
  readonly deleted: boolean;
  readonly record?: unknown;
}

export interface WrittenHow {
  readonly isNew: boolean;
  /** The stamp of what it was decided on. */
  readonly seenStamp: number;
  /** When this write was tried first, whether anything came of it or not. */
  readonly triedAt: number;
}

/** What a provider tells whoever keeps the truth; each before the contact is changed. */
export interface Witness {
  wrote(contact: Contact, values: Values, how: WrittenHow): void;
  removed(contact: Contact, how: { readonly seenStamp: number }): void;
  /** The answer to the last write of it is lost. */
  unconfirmed(contact: Contact): void;
  /** The system itself edits it, under Bowline's name. */
  automated(contact: Contact): Values;
}

export interface ProviderOptions {
  readonly system: System;
  readonly setting: Setting;
  readonly clock: Clock;
  readonly random: Random;
  readonly witness: Witness;
}

const PAGE_RECORDS = 3;
const AUTOMATION_MS = 2_000;
/** So long after somebody was added the search does not know of it. */
export const SEARCH_LAG_MS = 1_000;

export class Provider {
  readonly contacts = new Map<string, Contact>();
  /** Webhooks that were not delivered yet. */
  readonly hooks: Told[] = [];
  /** The next writes are done and answered 500. */
  failuresAfterEffect = 0;
  /** Nothing is answered but 503 until then. */
  downUntil = 0;
  /** The second pages of so many listings fail. */
  brokenPages = 0;
  /** Called once, after the next write has taken effect and before it is answered. */
  onceWritten: (() => void) | undefined;
  writes = 0;
  readonly #options: ProviderOptions;
  readonly #answers = new Map<string, string>();
  readonly #triedAt = new Map<string, number>();
  readonly #addedAt = new Map<string, number>();
  #stamps = 0;
  #lastWritten = "";
  #ids = 0;

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  get system(): System {
    return this.#options.system;
  }

  living(): readonly Contact[] {
    return [...this.contacts.values()].filter(({ deletedAt, mergedInto }) => (deletedAt ?? mergedInto) === undefined);
  }

  // ------------------------------------------------------------ what people do

  add(): Contact {
    this.#ids += 1;
    const { system } = this.#options;
    const contact: Contact = {
      id: `${system[0]}${this.#ids}`,
      system,
      fields: {},
      earlier: {},
      hidden: false,
      stamp: 0,
      changedAt: 0,
      changedBy: "person",
      deletedAt: undefined,
      mergedInto: undefined,
      former: [],
      servedStamp: 0,
      servedAt: 0,
    };
    this.contacts.set(contact.id, contact);
    this.#addedAt.set(contact.id, this.#options.clock.now());
    return contact;
  }

  /** Puts values in place, as the system stores them. */
  put(contact: Contact, values: Values, actor: Actor): void {
    for (const field of FIELDS) {
      const value = values[field];
      if (value === undefined) continue;
      contact.earlier[field] = contact.fields[field] ?? null;
      contact.fields[field] = stored(this.system, field, value);
    }
    this.touch(contact, actor);
  }

  touch(contact: Contact, actor: Actor): void {
    const { clock, setting } = this.#options;
    this.#stamps += 1;
    contact.stamp = this.#stamps;
    const skewMs = this.system === "crm" || setting.sharedClock ? 0 : setting.skewMs;
    contact.changedAt = clock.now() + skewMs;
    contact.changedBy = actor === "person" ? "person" : "bowline";
    const isGone = (contact.deletedAt ?? contact.mergedInto) !== undefined;
    const whole = setting.webhookWhole && !isGone ? { record: shown(contact, setting) } : {};
    const deleted = contact.deletedAt !== undefined;
    const version = setting.versions ? { version: versionOf(contact) } : {};
    this.hooks.push({ id: this.#stamps, key: contact.id, actor, deleted, ...version, ...whole });
  }

  // ------------------------------------------------------------ HTTP

  async fetch(request: Request): Promise<Response> {
    const key = request.headers.get("idempotency-key") ?? "";
    if (!this.#triedAt.has(key)) this.#triedAt.set(key, this.#options.clock.now());
    const url = new URL(request.url);
    const written = url.pathname.split("/")[2] ?? "";
    // What is shown while a write is on its way was not known to whoever sent it.
    const shownStamp = this.contacts.get(written)?.servedStamp ?? 0;
    await pause(this.#options.clock, 1 + Math.floor(this.#options.random.next() * this.#options.setting.answerMsMax));
    if (this.#options.clock.now() < this.downUntil) return Response.json({ error: "down" }, { status: 503 });
    if (request.method === "GET") return this.#read(url.searchParams);
    const known = this.#answers.get(key);
    const [status, body] =
      known === undefined ? await this.#write(request, written, shownStamp) : [200, JSON.parse(known) as object];
    if (this.#options.system === "crm" && status < 300) this.#answers.set(key, JSON.stringify(body));
    if (status < 300 && known === undefined) {
      const { onceWritten, failuresAfterEffect } = this;
      const last = this.contacts.get(this.#lastWritten);
      if (last !== undefined && (onceWritten !== undefined || failuresAfterEffect > 0))
        this.#options.witness.unconfirmed(last);
      this.onceWritten = undefined;
      onceWritten?.();
      if (failuresAfterEffect > 0) {
        this.failuresAfterEffect -= 1;
        return Response.json({ error: "internal" }, { status: 500 });
      }
    }
    return Response.json(body, { status });
  }

  #read(query: URLSearchParams): Response {
    const keys = query.get("keys")?.split(",");
    if (keys !== undefined) {
      const found = keys.flatMap((key) => this.#now(key) ?? []);
      return Response.json({ records: [...new Set(found)].map((contact) => this.#served(contact)) });
    }
    const merged = query.get("merged")?.split(",");
    if (merged !== undefined) {
      const known = merged.flatMap((key) => {
        const stays = this.contacts.get(key)?.mergedInto === undefined ? undefined : this.#now(key, true);
        return stays === undefined ? [] : [[key, stays.id]];
      });
      return Response.json({ merged: Object.fromEntries(known) as unknown });
    }
    const email = query.get("email");
    if (email !== null) {
      const same = this.living().filter((contact) => emailOf(contact) === email && this.#isSearched(contact));
      return Response.json({ records: same.map((contact) => this.#served(contact)) });
    }
    return this.#list(Number(query.get("since") ?? -1), query.get("after") ?? "");
  }

  #isSearched({ id }: Contact): boolean {
    return this.#options.clock.now() - (this.#addedAt.get(id) ?? 0) >= SEARCH_LAG_MS;
  }

  /** A merged contact answers as the one that took its place, where the provider follows. */
  #now(key: string, follows = this.#options.setting.mergedRead === "follows"): Contact | undefined {
    const contact = this.contacts.get(key);
    if (contact?.mergedInto !== undefined) return follows ? this.#now(contact.mergedInto, true) : undefined;
    return contact?.deletedAt === undefined ? contact : undefined;
  }

  #list(since: number, after: string): Response {
    if (after !== "" && this.brokenPages > 0) {
      this.brokenPages -= 1;
      return Response.json({ error: "internal" }, { status: 500 });
    }
    const isChanged = ({ id, changedAt }: Contact): boolean => changedAt >= since && id > after;
    const rest = this.living()
      .filter(isChanged)
      .sort((one, other) => (one.id < other.id ? -1 : 1));
    const page = rest.slice(0, PAGE_RECORDS);
    const tells = this.#options.setting.tellsDeletions && since >= 0 && after === "";
    const deleted = tells
      ? [...this.contacts.values()].filter(({ deletedAt, changedAt }) => deletedAt !== undefined && changedAt >= since)
      : [];
    return Response.json({
      records: page.map((contact) => this.#served(contact)),
      ...(deleted.length > 0 ? { deleted: deleted.map(({ id }) => id) } : {}),
      ...(rest.length > page.length ? { next: page.at(-1)?.id } : {}),
    });
  }

  #served(contact: Contact): unknown {
    contact.servedStamp = contact.stamp;
    contact.servedAt = this.#options.clock.now();
    return shown(contact, this.#options.setting);
  }

  async #write(request: Request, id: string, shownStamp: number): Promise<readonly [number, object]> {
    const { witness, setting } = this.#options;
    const triedAt = this.#triedAt.get(request.headers.get("idempotency-key") ?? "") ?? 0;
    const text = await request.text();
    const values = text === "" ? {} : valuesIn(this.system, JSON.parse(text) as Record<string, Value>);
    if (id === "") {
      const contact = this.add();
      this.#done(contact, values, { isNew: true, seenStamp: 0, triedAt });
      return [201, this.#served(contact) as object];
    }
    const contact = this.contacts.get(id);
    if (contact === undefined || (contact.deletedAt ?? contact.mergedInto) !== undefined)
      return [404, { error: "gone" }];
    const wanted = request.headers.get("if-match");
    if (setting.preconditions && wanted !== null && wanted !== versionOf(contact)) return [412, { error: "changed" }];
    // What it was decided on; a write that does not say is taken to know what it was shown last.
    const seenStamp = wanted === null ? shownStamp : Number(wanted);
    if (request.method === "DELETE") {
      witness.removed(contact, { seenStamp });
      this.writes += 1;
      contact.deletedAt = this.#options.clock.now();
      this.touch(contact, "bowline");
      return [200, {}];
    }
    this.#done(contact, values, { isNew: false, seenStamp, triedAt });
    return [200, this.#answered(contact)];
  }

  #answered(contact: Contact): object {
    const { returns } = this.#options.setting;
    if (returns === "record") return this.#served(contact) as object;
    return returns === "version" ? { id: contact.id, version: versionOf(contact) } : {};
  }

  #done(contact: Contact, values: Values, how: WrittenHow): void {
    const { witness, setting, clock } = this.#options;
    witness.wrote(contact, values, how);
    this.#lastWritten = contact.id;
    this.writes += 1;
    this.put(contact, values, "bowline");
    if (!setting.automation || this.system !== "marketing" || how.isNew || values.tags === undefined) return;
    clock.timer(AUTOMATION_MS, () => {
      if ((contact.deletedAt ?? contact.mergedInto) === undefined)
        this.put(contact, witness.automated(contact), "automation");
    });
  }
}

/** What contacts are found by. */
export const emailOf = ({ fields }: Contact): string => String(fields.email).trim().toLowerCase();

export const versionOf = ({ stamp }: Contact): string => String(stamp).padStart(9, "0");

/** A contact in the system's own words. */
export function shown(contact: Contact, { versions }: Setting): unknown {
  const { id, system, fields, hidden, changedAt, changedBy, former } = contact;
  const own = FIELDS.flatMap((field) => (fields[field] === undefined ? [] : [[spelled(system, field), fields[field]]]));
  return {
    id,
    ...(versions ? { version: versionOf(contact), changedAt, changedBy } : {}),
    hidden,
    former,
    fields: Object.fromEntries(own) as unknown,
  };
}

function valuesIn(system: System, body: Readonly<Record<string, Value>>): Values {
  const known = Object.entries(body).flatMap(([name, value]) => {
    const field = fieldCalled(system, name);
    return field === undefined ? [] : [[field, value]];
  });
  return Object.fromEntries(known) as Values;
}
