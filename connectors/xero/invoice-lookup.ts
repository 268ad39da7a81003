// Finds the invoice that a create may have left: by its number; without one, by contact and day among those with the same
// reference and the same amounts. With neither nobody can tell, and that is said.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { WriteOrder, Written } from "../../src/define/resource.ts";
import type { Entity, EntityRecord } from "./entity.ts";
import { fieldLines, type LineFields, type LineRecord } from "./line-items.ts";
import { all, whereDay, whereId, whereText } from "./where.ts";
import { found, written } from "./writing.ts";

interface InvoiceFields {
  readonly Type: string;
  readonly Contact: { readonly ContactID: string };
  readonly LineItems: readonly LineFields[];
  readonly InvoiceNumber?: string | undefined;
  readonly Reference?: string | undefined;
  readonly Date?: string | undefined;
}

interface InvoiceRecord extends EntityRecord {
  readonly Type: string;
  readonly Contact: { readonly ContactID: string };
  readonly LineItems?: readonly LineRecord[] | undefined;
  readonly InvoiceNumber?: string | undefined;
  readonly Reference?: string | undefined;
}

export async function lookupInvoice<Record extends InvoiceRecord>(
  api: Api,
  entity: Entity,
  { fields }: WriteOrder<InvoiceFields>,
): Promise<readonly Written<Record>[]> {
  const query = queryFor(fields);
  const candidates = await found<Record>(api, entity, query);
  return candidates.filter((invoice) => isLike(invoice, fields)).map((invoice) => written(entity, invoice));
}

function queryFor({ InvoiceNumber, Date, Contact }: InvoiceFields): Readonly<Record<string, string>> {
  if (InvoiceNumber !== undefined) {
    const where = whereText("InvoiceNumber", InvoiceNumber);
    return where === undefined ? { searchTerm: InvoiceNumber } : { where };
  }
  if (Date !== undefined)
    return { where: all(whereId("Contact.ContactID", Contact.ContactID), whereDay("Date", Date)) };
  const message = "Could not look up an invoice: it has neither InvoiceNumber nor Date; give it an InvoiceNumber";
  throw new CallFailed({ kind: "unknown", reason: message }, message);
}

/** A bill's number is the supplier's: others may have the same. A voided one holds its number no longer. */
function isLike(invoice: InvoiceRecord, fields: InvoiceFields): boolean {
  if (invoice.Status === "VOIDED" || invoice.Type !== fields.Type) return false;
  const isTheirs = invoice.Contact.ContactID === fields.Contact.ContactID;
  if (fields.InvoiceNumber !== undefined) {
    return invoice.InvoiceNumber === fields.InvoiceNumber && (isTheirs || fields.Type === "ACCREC");
  }
  const hasReference = (invoice.Reference ?? "") === (fields.Reference ?? "");
  return isTheirs && hasReference && amounts(fieldLines(invoice.LineItems ?? [])) === amounts(fields.LineItems);
}

function amounts(lines: readonly LineFields[]): string {
  return JSON.stringify(
    lines.map(({ Quantity = "1", UnitAmount, LineAmount }) => [Quantity, UnitAmount ?? LineAmount]),
  );
}
