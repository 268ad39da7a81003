// The simulated company's books: every object, who has which name and number, what was deleted, and each change told on.
import type { Clock } from "../../../src/world/world.ts";
import { decimal, minus, plus, ZERO, type Decimal } from "./decimal.ts";
import { amountOf, money, refOf, textOf } from "./fields.ts";
import { refuse } from "./faults.ts";
import { KIND_NAMES, KINDS, type Body, type Kind } from "./kinds.ts";
import type { SalesTaxRules } from "./sales-tax.ts";
import { openingAccounts, openingTerms } from "./opening.ts";

export type Verb = "created" | "updated" | "deleted" | "voided" | "merged";

export interface Change {
  readonly kind: Kind;
  readonly id: string;
  readonly verb: Verb;
  readonly at: number;
}

export class Company {
  readonly bodies = Object.fromEntries(KIND_NAMES.map((kind) => [kind, new Map()])) as unknown as Readonly<
    Record<Kind, Map<string, Body>>
  >;
  readonly deletions: Change[] = [];
  readonly salesTax: SalesTaxRules;
  /** Told of every change, in order; the webhooks listen. */
  onChange: (change: Change) => void = () => {};
  readonly #clock: Clock;
  readonly #utcOffsetMinutes: number;
  readonly #updatedAt = new Map<string, number>();
  readonly #names = new Map<string, string>();
  readonly #numbers = new Map<string, Set<string>>();
  readonly #lastIds = new Map<string, number>();
  #lastNumber = 1000;

  constructor(clock: Clock, utcOffsetMinutes: number, salesTax: SalesTaxRules) {
    this.#clock = clock;
    this.salesTax = salesTax;
    this.#utcOffsetMinutes = utcOffsetMinutes;
    for (const body of openingAccounts()) this.put("Account", body, "created");
    for (const body of openingTerms()) this.put("Term", body, "created");
  }

  get(kind: Kind, id: string): Body {
    return (
      this.find(kind, id) ?? refuse("610", "Object Not Found : Something you're trying to use has been made inactive")
    );
  }

  find(kind: Kind, id: string): Body | undefined {
    return this.bodies[kind].get(id);
  }

  /** Transactions share one row of ids; each list has its own. */
  nextId(kind: Kind): string {
    const row = KINDS[kind].list ? kind : "transactions";
    const id = (this.#lastIds.get(row) ?? 0) + 1;
    this.#lastIds.set(row, id);
    return String(id);
  }

  nextNumber(): string {
    this.#lastNumber += 1;
    return String(this.#lastNumber);
  }

  idByName(kind: Kind, name: string): string | undefined {
    return this.#names.get(nameKey(kind, name));
  }

  idsByNumber(kind: Kind, number: string): ReadonlySet<string> {
    return this.#numbers.get(`${kind}/${number}`) ?? new Set();
  }

  updatedAt(kind: Kind, id: string): number {
    return this.#updatedAt.get(`${kind}/${id}`) ?? 0;
  }

  /** Writes an object into the books; gives it the next SyncToken and the time. */
  put(kind: Kind, body: Body, verb: Verb): Body {
    const id = textOf(body, "Id") ?? this.nextId(kind);
    const before = this.find(kind, id);
    const now = this.#clock.now();
    const time = this.time(now);
    const created = before === undefined ? time : (before["MetaData"] as Body)["CreateTime"];
    const stored: Body = {
      ...body,
      domain: "QBO",
      sparse: false,
      Id: id,
      SyncToken: before === undefined ? "0" : String(Number(before["SyncToken"]) + 1),
      MetaData: { CreateTime: created, LastUpdatedTime: time },
    };
    this.#forget(kind, id, before);
    this.bodies[kind].set(id, stored);
    this.#updatedAt.set(`${kind}/${id}`, now);
    this.#remember(kind, id, stored);
    if (before !== undefined) this.#owe(before, minus(ZERO, owedBy(kind, before)));
    this.#owe(stored, owedBy(kind, stored));
    this.onChange({ kind, id, verb, at: now });
    return stored;
  }

  remove(kind: Kind, id: string): void {
    const before = this.get(kind, id);
    const change: Change = { kind, id, verb: "deleted", at: this.#clock.now() };
    this.#forget(kind, id, before);
    this.bodies[kind].delete(id);
    this.deletions.push(change);
    this.#owe(before, minus(ZERO, owedBy(kind, before)));
    this.onChange(change);
  }

  /** ISO 8601 in the company's own zone, in whole seconds. */
  time(at: number): string {
    const local = new Date(at + this.#utcOffsetMinutes * 60_000).toISOString().slice(0, 19);
    const distance = Math.abs(this.#utcOffsetMinutes);
    const hours = String(Math.floor(distance / 60)).padStart(2, "0");
    return `${local}${this.#utcOffsetMinutes < 0 ? "-" : "+"}${hours}:${String(distance % 60).padStart(2, "0")}`;
  }

  today(daysLater = 0): string {
    return this.time(this.#clock.now() + daysLater * 86_400_000).slice(0, 10);
  }

  #remember(kind: Kind, id: string, body: Body): void {
    const { name, numbered } = KINDS[kind];
    if (name !== undefined) this.#names.set(nameKey(kind, String(body[name])), id);
    const number = numbered ? textOf(body, "DocNumber") : undefined;
    if (number === undefined) return;
    const key = `${kind}/${number}`;
    this.#numbers.set(key, (this.#numbers.get(key) ?? new Set()).add(id));
    if (/^\d{1,15}$/.test(number)) this.#lastNumber = Math.max(this.#lastNumber, Number(number));
  }

  #forget(kind: Kind, id: string, body: Body | undefined): void {
    const { name } = KINDS[kind];
    if (body === undefined) return;
    if (name !== undefined) this.#names.delete(nameKey(kind, String(body[name])));
    this.#numbers.get(`${kind}/${textOf(body, "DocNumber")}`)?.delete(id);
  }

  /** A customer's balance follows along silently: neither SyncToken nor LastUpdatedTime show it. */
  #owe(body: Body, change: Decimal): void {
    const customer = change.units === 0n ? undefined : this.find("Customer", refOf(body, "CustomerRef") ?? "");
    if (customer === undefined) return;
    customer["Balance"] = money(plus(amountOf(customer, "Balance"), change));
    customer["BalanceWithJobs"] = customer["Balance"];
  }
}

function owedBy(kind: Kind, body: Body): Decimal {
  if (kind === "Invoice") return amountOf(body, "Balance");
  if (kind === "Payment") return minus(ZERO, decimal(body["UnappliedAmt"]) ?? ZERO);
  if (kind === "CreditMemo") return minus(ZERO, decimal(body["RemainingCredit"]) ?? ZERO);
  return ZERO;
}

function nameKey(kind: Kind, name: string): string {
  return `${kind}/${name.toLowerCase()}`;
}
