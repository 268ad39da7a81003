// A world with a one-way sync each of clients and bills, and what has to be in the target at its end.
import { LATE_LANDING_MS } from "../../src/reconcile/resolve.ts";
import type { Clock, Random } from "../../src/world/world.ts";
import { lostWith, type AtTheEnd, type Judged, type KeptWorld } from "./kept.ts";
import type { Marker } from "./markers.ts";
import { oneWayProject } from "./project.ts";
import { MINUTE_MS, type Setting } from "./setting.ts";
import { Source, SOURCE, type Kind, type SourceItem, type ToldChange } from "./source.ts";
import { Target, TARGET, type TargetKind, type TargetThing } from "./target.ts";

export interface BooksParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly setting: Setting;
  readonly onChange: (change: ToldChange) => void;
}

const CUSTOMERS_FIRST = 3;
const ORDERS_FIRST = 4;
/** A call that was cut lands so much later at the most. */
const LATE_MS = MINUTE_MS;
/** From the moment that a record is shown until it is taken up. */
const TAKEN_UP_MS = MINUTE_MS;

const OF: Readonly<Record<Kind, { readonly sync: string; readonly kind: TargetKind }>> = {
  customers: { sync: "clients", kind: "clients" },
  orders: { sync: "bills", kind: "bills" },
};

export class BooksWorld implements KeptWorld {
  readonly project;
  readonly handlers;
  readonly written = TARGET;
  readonly #parts: BooksParts;
  readonly #source: Source;
  readonly #target: Target;
  #foundBefore: number | undefined;

  constructor(parts: BooksParts) {
    const { clock, random, setting } = parts;
    this.#parts = parts;
    this.#source = new Source(parts);
    this.#target = new Target(clock, random, setting);
    this.project = oneWayProject(setting);
    this.handlers = new Map([
      [SOURCE, this.#source.fetch],
      [TARGET, this.#target.fetch],
    ]);
  }

  populate(): void {
    for (let made = 0; made < CUSTOMERS_FIRST; made += 1) this.#source.create("customers");
    for (let made = 0; made < ORDERS_FIRST; made += 1) this.#createOrder();
  }

  changeOne(): void {
    const drawn = this.#parts.random.next();
    if (drawn < 0.18) return this.#source.create("customers");
    if (drawn < 0.45) return this.#createOrder();
    const item = this.#one([...this.#source.live("customers"), ...this.#source.live("orders")]);
    if (item === undefined) return;
    if (drawn < 0.72) return this.#source.edit(item);
    if (drawn < 0.84 && item.kind === "orders") return this.#source.edit(item, { paid: !item.paid });
    // Whoever has orders stays.
    const isNeeded = this.#source.live("orders").some(({ customer }) => customer === item.id);
    if (!isNeeded) this.#source.remove(item);
  }

  restored(): void {
    this.#source.shown = new Map();
    this.#foundBefore ??= this.#target.found;
  }

  judge(end: AtTheEnd): Judged {
    const problems: string[] = [];
    let [questions, orphans] = [0, 0];
    for (const item of this.#source.items.values()) {
      const judged = this.#judgeOne(item, end);
      if (judged === "question") questions += 1;
      else if (judged === "orphan") orphans += 1;
      else if (judged !== undefined) problems.push(judged);
    }
    for (const { sync, key, cause, reason } of end.parked) {
      if (!this.#isRightQuestion(cause, reason)) problems.push(`${sync} ${key} is parked (${cause}): ${reason}`);
    }
    return { problems, questions, orphans, met: this.#met(end) };
  }

  #createOrder(): void {
    const customer = this.#one(this.#source.live("customers"))?.id ?? null;
    this.#source.create("orders", { customer, paid: this.#parts.random.next() < 0.8 });
  }

  #one<Value>(values: readonly Value[]): Value | undefined {
    return values[Math.floor(this.#parts.random.next() * values.length)];
  }

  #judgeOne(item: SourceItem, end: AtTheEnd): string | undefined {
    const { setting } = this.#parts;
    const things = this.#target.of(OF[item.kind].kind, item.id);
    const [thing] = things;
    const name = `${item.kind} ${item.id}`;
    if (things.length > 1) return `${name} is there ${things.length} times: ${things.map(({ id }) => id).join(", ")}`;
    const isAsked = this.#isAsked(item, end);
    const goneAt = item.deletedAt ?? (setting.onOutOfScope === "delete" ? item.outSince : undefined);
    if (goneAt !== undefined) {
      if (thing === undefined) return undefined;
      if (isAsked) return "question";
      // Whoever is told only of what is out of scope does not look for it.
      const unseenAt = Math.min(goneAt, item.outSince ?? goneAt);
      return this.#isOrphan(thing, name, unseenAt, end)
        ? "orphan"
        : `${thing.id} is there, and ${name} is not any more`;
    }
    // What is out of scope is left as it is.
    if (item.outSince !== undefined) return undefined;
    if (isAsked) return "question";
    if (thing === undefined) return `${name} has no counterpart, and nobody is asked`;
    const client = item.customer === null ? undefined : this.#target.of("clients", item.customer)[0]?.id;
    if (thing.note === item.note && thing.client === client) return undefined;
    return `${thing.id} shows "${thing.note}" of ${thing.client}, expected "${item.note}" of ${client}`;
  }

  /** A person is asked about it, or about the customer that it needs. */
  #isAsked({ kind, id, customer }: SourceItem, { parked }: AtTheEnd): boolean {
    return parked.some(
      ({ sync, key }) => (sync === OF[kind].sync && key === id) || (sync === "clients" && key === customer),
    );
  }

  #isRightQuestion(cause: string, reason: string): boolean {
    const { safety, showsFields, onExisting, onOutOfScope, troubleShare } = this.#parts.setting;
    // Taken out of use by a Bowline that nobody remembers, and in scope again: for all that the file knows, by somebody else.
    if (cause === "missing") return onOutOfScope === "delete";
    if (/what it may have made cannot be looked up/.test(reason)) return safety === "none" || safety === "key-blind";
    if (/shows another/.test(reason)) return showsFields && onExisting === "park";
    return /sent twice, and cannot be found/.test(reason) && troubleShare > 0;
  }

  /** Made by a Bowline that nobody remembers, and its source was gone before the next one had taken it up. */
  #isOrphan({ createdAt }: TargetThing, name: string, goneAt: number, { lost }: AtTheEnd): boolean {
    if (lostWith(createdAt, lost, LATE_MS) === undefined) return false;
    const shownAt = this.#source.shown.get(name) ?? Number.POSITIVE_INFINITY;
    // An order waits for its customer, who is looked up first.
    const waitsMs = name.startsWith("orders") ? LATE_LANDING_MS + this.#parts.setting.searchLagMs : 0;
    return goneAt <= shownAt + waitsMs + TAKEN_UP_MS;
  }

  #met({ parked, lost }: AtTheEnd): readonly Marker[] {
    const { hasChanges, safety, webhookShare, lookbackMs = Number.POSITIVE_INFINITY } = this.#parts.setting;
    const met: Marker[] = [safety];
    if (!hasChanges) met.push("everything-only");
    if (webhookShare > 0) met.push("webhooks");
    const made = [...this.#target.things.values()];
    if (made.some(({ createdAt }) => lostWith(createdAt, lost, 0) !== undefined)) met.push("made-since-backup");
    if (this.#target.found > (this.#foundBefore ?? 0)) met.push("found-by-lookup");
    if (parked.some(({ reason }) => reason.startsWith("it may have been made since the backup")))
      met.push("parked-blind");
    if (parked.some(({ reason }) => /shows another/.test(reason))) met.push("parked-differing");
    const isLong = lost.some(({ backupAt, beganAt }) => beganAt - backupAt > lookbackMs);
    if (hasChanges && isLong) met.push("beyond-lookback");
    return met;
  }
}
