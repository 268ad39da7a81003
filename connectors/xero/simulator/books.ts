// One write to the books, whoever makes it: the rules of its kind are kept, and the record is put down.
import { isBody, textOf, type Body } from "./body.ts";
import { contactFor, settleContact } from "./contacts.ts";
import { settleInvoice } from "./invoices.ts";
import { settleItem } from "./items.ts";
import { settleLines, sumsOf } from "./lines.ts";
import type { XeroSimulatorSettings } from "./options.ts";
import { ID_FIELDS, type Kind, type Organisation, type Row } from "./organisation.ts";
import { deletePayment, pay } from "./payments.ts";
import { refuse } from "./refusal.ts";

export type WritableKind = "Contacts" | "Invoices" | "Payments" | "Items";

export class Books {
  readonly created: Record<Kind, number> = {
    Contacts: 0,
    Invoices: 0,
    CreditNotes: 0,
    Payments: 0,
    Items: 0,
    Accounts: 0,
  };
  readonly #organisation: Organisation;
  readonly #settings: XeroSimulatorSettings;

  constructor(organisation: Organisation, settings: XeroSimulatorSettings) {
    this.#organisation = organisation;
    this.#settings = settings;
  }

  create(kind: WritableKind, given: Body, priceDigits = 2): Row {
    const organisation = this.#organisation;
    const id = organisation.nextId();
    const row =
      kind === "Payments"
        ? pay(organisation, id, given)
        : organisation.put(kind, id, this.#settle(kind, id, given, undefined, priceDigits));
    this.created[kind] += 1;
    return row;
  }

  update(kind: WritableKind, row: Row, given: Body, priceDigits = 2): Row {
    if (kind === "Payments") return deletePayment(this.#organisation, row, given);
    return this.#organisation.put(kind, row.id, this.#settle(kind, row.id, given, row.body, priceDigits));
  }

  /** The one that a record sent without a path means: by its id, its number or its name. */
  meant(kind: WritableKind, given: Body): Row | undefined {
    const id = textOf(given, ID_FIELDS[kind]);
    if (id !== undefined)
      return this.#organisation.find(kind, id) ?? refuse(`${ID_FIELDS[kind]} ${id} could not be found`);
    const names = { Contacts: ["ContactNumber", "Name"], Invoices: ["InvoiceNumber"], Payments: [], Items: ["Code"] }[
      kind
    ];
    for (const name of names) {
      const text = textOf(given, name);
      const holder = text === undefined ? undefined : this.#organisation.holder(kind, name, text.trim());
      if (holder !== undefined) return this.#organisation.find(kind, holder);
    }
    return undefined;
  }

  /** Made by people only, here. */
  createCreditNote(given: Body): Row {
    const organisation = this.#organisation;
    const id = organisation.nextId();
    const Type = textOf(given, "Type") ?? "ACCRECCREDIT";
    const isSale = Type === "ACCRECCREDIT";
    const contact = contactFor(organisation, given);
    const lineAmountTypes = "Exclusive";
    const LineItems = settleLines(organisation, {
      document: given,
      before: [],
      lineAmountTypes,
      isSale,
      isFinal: true,
      priceDigits: 4,
    });
    const sums = sumsOf(LineItems, lineAmountTypes);
    this.created.CreditNotes += 1;
    return organisation.put("CreditNotes", id, {
      Type,
      Status: textOf(given, "Status") ?? "AUTHORISED",
      CreditNoteNumber: textOf(given, "CreditNoteNumber") ?? `CN-${this.created.CreditNotes}`,
      Contact: { ContactID: contact["ContactID"], Name: contact["Name"] },
      Date: textOf(given, "Date") ?? organisation.today(),
      LineAmountTypes: lineAmountTypes,
      CurrencyCode: this.#settings.baseCurrency,
      CurrencyRate: "1",
      LineItems,
      ...sums,
      RemainingCredit: sums["Total"],
    });
  }

  /** Two contacts become one: documents move over, and the one that goes is archived with a pointer to the other. */
  merge(loserId: string, winnerId: string): void {
    const organisation = this.#organisation;
    const loser = organisation.find("Contacts", loserId) ?? refuse("Contact could not be found");
    const winner = organisation.find("Contacts", winnerId) ?? refuse("Contact could not be found");
    for (const kind of ["Invoices", "CreditNotes"] as const) {
      for (const { id, body } of organisation.rows[kind].values()) {
        if (!isBody(body["Contact"]) || body["Contact"]["ContactID"] !== loser.id) continue;
        organisation.put(kind, id, { ...body, Contact: { ContactID: winner.id, Name: winner.body["Name"] } });
      }
    }
    organisation.put("Contacts", loser.id, { ...loser.body, ContactStatus: "ARCHIVED", MergedToContactID: winner.id });
    organisation.put("Contacts", winner.id, winner.body);
  }

  #settle(
    kind: Exclude<WritableKind, "Payments">,
    id: string,
    given: Body,
    before: Body | undefined,
    priceDigits: number,
  ): Body {
    const { baseCurrency, periodLockDate } = this.#settings;
    if (kind === "Contacts") return settleContact(this.#organisation, id, given, before);
    if (kind === "Items") return settleItem(this.#organisation, id, given, before, priceDigits);
    return settleInvoice(this.#organisation, id, given, before, { baseCurrency, periodLockDate, priceDigits });
  }
}
