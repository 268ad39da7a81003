// The simulated organisation's books: every record, who has which name and number, and each change told on.
import type { Clock, Random } from "../../../src/world/world.ts";
import type { Body } from "./body.ts";
import { openingAccounts } from "./opening.ts";
import { uuid } from "./uuid.ts";

export const KINDS = ["Contacts", "Invoices", "CreditNotes", "Payments", "Items", "Accounts"] as const;
export type Kind = (typeof KINDS)[number];

export const ID_FIELDS: Readonly<Record<Kind, string>> = {
  Contacts: "ContactID",
  Invoices: "InvoiceID",
  CreditNotes: "CreditNoteID",
  Payments: "PaymentID",
  Items: "ItemID",
  Accounts: "AccountID",
};

export interface Row {
  readonly id: string;
  readonly body: Body;
  readonly updatedAt: number;
}

export interface Change {
  readonly kind: Kind;
  readonly id: string;
  readonly type: "CREATE" | "UPDATE";
  readonly at: number;
  readonly body: Body;
}

export class Organisation {
  readonly rows = Object.fromEntries(KINDS.map((kind) => [kind, new Map()])) as unknown as Readonly<
    Record<Kind, Map<string, Row>>
  >;
  /** Told of every change, in order; the webhooks listen. */
  onChange: (change: Change) => void = () => {};
  readonly #clock: Clock;
  readonly #random: Random;
  /** Who has a name or number that only one may have. */
  readonly #holders = new Map<string, string>();
  readonly #payments = new Map<string, Set<string>>();
  #lastNumber = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    for (const account of openingAccounts()) this.put("Accounts", uuid(random), account);
  }

  nextId(): string {
    return uuid(this.#random);
  }

  find(kind: Kind, id: string): Row | undefined {
    return this.rows[kind].get(id.toLowerCase());
  }

  holder(kind: Kind, field: string, text: string): string | undefined {
    return this.#holders.get(holderKey(kind, field, text));
  }

  /** The next number that nobody has: INV-0001. */
  nextInvoiceNumber(): string {
    for (;;) {
      this.#lastNumber += 1;
      const number = `INV-${String(this.#lastNumber).padStart(4, "0")}`;
      if (this.holder("Invoices", "InvoiceNumber", number) === undefined) return number;
    }
  }

  put(kind: Kind, id: string, body: Body): Row {
    const before = this.find(kind, id);
    const row: Row = { id, body: { ...body, [ID_FIELDS[kind]]: id }, updatedAt: this.#clock.now() };
    if (before !== undefined) this.#release(kind, before);
    this.rows[kind].set(id, row);
    for (const [field, text] of uniqueTexts(kind, row.body)) this.#holders.set(holderKey(kind, field, text), id);
    if (kind === "Payments" && before === undefined) this.#notePayment(id, row.body);
    this.onChange({ kind, id, type: before === undefined ? "CREATE" : "UPDATE", at: row.updatedAt, body: row.body });
    return row;
  }

  /** Changes what Xero does not count as a change: the time stays, and nobody is told. */
  amend(kind: Kind, id: string, fields: Body): void {
    const row = this.find(kind, id);
    if (row !== undefined) this.rows[kind].set(id, { ...row, body: { ...row.body, ...fields } });
  }

  remove(kind: Kind, row: Row): void {
    this.#release(kind, row);
    this.rows[kind].delete(row.id);
  }

  today(): string {
    return new Date(this.#clock.now()).toISOString().slice(0, 10);
  }

  account(code: string): Row | undefined {
    const id = this.holder("Accounts", "Code", code);
    return id === undefined ? undefined : this.find("Accounts", id);
  }

  /** Those that count. */
  paymentsOf(invoiceId: string): readonly Row[] {
    const rows = [...(this.#payments.get(invoiceId) ?? [])].map((id) => this.find("Payments", id));
    return rows.filter((row): row is Row => row?.body["Status"] === "AUTHORISED");
  }

  #notePayment(id: string, body: Body): void {
    const invoiceId = String((body["Invoice"] as Body)["InvoiceID"]);
    this.#payments.set(invoiceId, (this.#payments.get(invoiceId) ?? new Set()).add(id));
  }

  #release(kind: Kind, { id, body }: Row): void {
    for (const [field, text] of uniqueTexts(kind, body)) {
      const key = holderKey(kind, field, text);
      if (this.#holders.get(key) === id) this.#holders.delete(key);
    }
  }
}

function holderKey(kind: Kind, field: string, text: string): string {
  return `${kind}/${field}/${text.toLowerCase()}`;
}

/** Which of a record's texts only one may have: names of active contacts, numbers of sales that count. */
function uniqueTexts(kind: Kind, body: Body): readonly (readonly [string, string])[] {
  const names = uniqueFields(kind, body);
  return names.flatMap((name) => {
    const text = body[name];
    return typeof text === "string" && text !== "" ? [[name, text] as const] : [];
  });
}

function uniqueFields(kind: Kind, { ContactStatus, Type, Status }: Body): readonly string[] {
  if (kind === "Contacts") return ContactStatus === "ACTIVE" ? ["Name", "ContactNumber"] : [];
  if (kind === "Invoices")
    return Type === "ACCREC" && Status !== "DELETED" && Status !== "VOIDED" ? ["InvoiceNumber"] : [];
  return kind === "Items" || kind === "Accounts" ? ["Code"] : [];
}
