// What somebody has to know, as plain values: the cause as it is now, and what is remembered of it from one look to the next.

/**
 * - `parked`: records of a sync wait for a person, for one cause.
 * - `unreadable`: listed records cannot be read by the connector, and are put aside.
 * - `conflicts`: edits on both sides of a two-way sync wait for a person's word.
 * - `deletions`: more records were deleted at once than are believed.
 * - `late`: a sync is behind, or what it reads cannot be listed.
 * - `connection`: an account has to be authorised again.
 * - `webhooks`: they are lost, or have gone quiet.
 * - `arrivals`: webhooks that came are not taken up.
 * - `drift`: what a sync depends on is no longer as it was known.
 * - `audit`: the last audit of a sync found differences, or failed.
 */
export type AlertKind =
  | "parked"
  | "unreadable"
  | "conflicts"
  | "deletions"
  | "late"
  | "connection"
  | "webhooks"
  | "arrivals"
  | "drift"
  | "audit";

export interface AlertCause {
  /** The same for the same cause of the same sync or connection, such as "parked orders-to-invoices mapping". */
  readonly id: string;
  readonly what: AlertKind;
  readonly syncs: readonly string[];
  /** Who answers for those; empty: nobody. */
  readonly owners: readonly string[];
  readonly connection?: string;
  readonly since: number;
  readonly count: number;
  /** In a few words: "41 records of orders-to-invoices are parked (mapping)". */
  readonly title: string;
  /** Of the first record, or of the thing itself. */
  readonly reason: string;
  readonly todo: string;
  /** Where it is seen, below the address of the page. */
  readonly path: string;
  /** It is told when it has lasted for so long, in milliseconds. Default: at once. */
  readonly graceMs?: number;
}

/** What is told: that it began, that it is much more than before, that it lasts, that it is over. */
export type Telling = "opened" | "worse" | "reminder" | "resolved";

export interface KeptAlert extends AlertCause {
  /** When it was noticed. */
  readonly openedAt: number;
  /** The last time that everybody was told, what it counted then, and how often that was. */
  readonly told?: { readonly at: number; readonly count: number; readonly times: number };
  /** Since when it is not there any more. */
  readonly overAt?: number;
  /** It could not be delivered to everybody: when it is tried again, and who has it already. */
  readonly failure?: DeliveryFailure;
}

export interface DeliveryFailure {
  readonly attempts: number;
  readonly nextAt: number;
  readonly reason: string;
  readonly reached: readonly string[];
}

/** An alert as people see it. */
export interface AlertView extends Omit<KeptAlert, "graceMs"> {
  /** Nobody is told but the log and the page, since no address is known for its owners. */
  readonly unaddressed: boolean;
}
