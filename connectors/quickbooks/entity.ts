// What the connector has to know of one of QuickBooks' entities, and what all their records have in common.

export interface Entity {
  /** As QuickBooks writes it, such as "CreditMemo". */
  readonly name: string;
  /** In paths, such as "/creditmemo". */
  readonly path: string;
  /** List entities are hidden from queries once they are switched off, unless asked for. */
  readonly list: boolean;
}

export interface EntityRecord {
  readonly Id: string;
  readonly SyncToken: string;
}

/** Everything has behaved as this version since August 2025; named, so that the next one changes nothing by itself. */
export const MINOR_VERSION = 75;

const VERSION_DIGITS = 12;

/**
 * SyncToken, padded so that it sorts as text. It is better than LastUpdatedTime: it rises with each change, also with two
 * in one second, and it is what an update has to name.
 */
export function versionOf(record: EntityRecord): string {
  return record.SyncToken.padStart(VERSION_DIGITS, "0");
}

export function syncTokenOf(version: string): string {
  return version.replace(/^0+(?=\d)/, "");
}
