// What the connector has to know of one of Xero's kinds of record, and what all their records have in common.

export interface Entity {
  /** As paths and answers name it, such as "Invoices". */
  readonly name: string;
  /** The field of its id, such as "InvoiceID". */
  readonly idField: string;
  /** False: every listing comes whole in one answer. */
  readonly paged: boolean;
  /** Does `IDs=` read several at once? Otherwise they are asked for by a filter. */
  readonly readsByIds: boolean;
  /** Asked for with every listing and every write: prices with four digits, archived ones too. */
  readonly query: Readonly<Record<string, string>>;
  /** Xero keeps what was deleted or merged and marks it; to whoever syncs it is gone. */
  isGone(record: EntityRecord): boolean;
}

export interface EntityRecord {
  /** In ISO 8601, to the millisecond. */
  readonly UpdatedDateUTC?: string | undefined;
  readonly Status?: string | undefined;
  readonly MergedToContactID?: string | undefined;
}

export const PRICE_DIGITS = { unitdp: "4" } as const;

export const isDeleted = ({ Status }: EntityRecord): boolean => Status === "DELETED";

export function keyOf(entity: Entity, record: EntityRecord): string {
  const key = (record as Readonly<Record<string, unknown>>)[entity.idField];
  return typeof key === "string" ? key : "";
}
