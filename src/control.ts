// What a person or a program can ask of a running Bowline: the command line, the JSON API and the web page all speak this,
// the command line over HTTP when another process owns the file of state.
import type { AlertView } from "./alert/alert.ts";
import type { Delivered } from "./alert/alerts.ts";
import type { ConnectProgress } from "./auth/connecting.ts";
import type { Budget } from "./call/limit.ts";
import type { DriftView } from "./watch/drift-view.ts";
import type { WebhookView } from "./watch/webhook-state.ts";
import type { Account } from "./define/connector.ts";
import type { AuditView } from "./watch/audit/audits.ts";
import type { AuditAsked, AuditFinding, FindingKind } from "./watch/audit/report.ts";
import type { KeysStatus, KeysVerified } from "./auth/inspect-keys.ts";
import type { KeysRotated, RotateOptions } from "./auth/rotate-keys.ts";
import type {
  ConnectionState,
  LinkNeed,
  ParkedFilter,
  ParkedGroup,
  ParkedRow,
  RequestEntry,
  RequestFilter,
  Restored,
  StoreStatus,
  StoryEntry,
  SyncStatus,
} from "./store/store.ts";
import type { ConflictFilter, ConflictRow } from "./store/two-way.ts";

export type { AlertView } from "./alert/alert.ts";
export type { DriftView } from "./watch/drift-view.ts";
export type { WebhookView } from "./watch/webhook-state.ts";

export type { ConflictFilter, ConflictRow } from "./store/two-way.ts";

/** A sync's counts, and what they mean. */
export interface SyncHealth extends Omit<SyncStatus, "oldestNotedAt"> {
  readonly from: string;
  readonly to: string;
  /** Both are read and both are written; the names of the sides, in that order. */
  readonly sides?: readonly [string, string];
  readonly purpose: string;
  readonly owner: string;
  readonly freshWithinMs: number;
  /** The age of the oldest change that is not written yet, in milliseconds; 0: none. */
  readonly behindMs: number;
  /**
   * - `fresh`: nothing is older than `freshWithin`.
   * - `behind`: something is.
   * - `held`: a connection is paused, throttled or down; the work waits.
   * - `parked`: fresh, but records wait for a person.
   */
  readonly health: "fresh" | "behind" | "held" | "parked";
  /** Why it is held, or behind, where that is known. */
  readonly heldBecause?: string;
}

export interface ConnectionHealth {
  readonly connection: string;
  readonly connector: string;
  readonly state: ConnectionState["state"];
  readonly reason?: string;
  /** Since when it is not active. */
  readonly since?: number;
  /** Until when no call goes out (throttled, breaker open), in milliseconds since 1970. */
  readonly heldUntil?: number;
}

export interface Status {
  readonly at: number;
  readonly project: string;
  readonly syncs: readonly SyncHealth[];
  readonly connections: readonly ConnectionHealth[];
  readonly resources: StoreStatus["resources"];
  readonly tallies: StoreStatus["tallies"];
  readonly arrivalsWaiting: number;
  /** When the one came that has waited longest since it came. */
  readonly arrivalsOldestAt?: number;
  readonly arrivalsUnreadable: number;
  /** Listed records that the connector cannot tell apart; `resources` says which. */
  readonly recordsUnreadable: number;
  /** Drifts that touch a sync. */
  readonly drifts: number;
  /** While what was written since the backup that was restored is not all known: of which resources. */
  readonly restored?: Restored;
  /** Connections whose webhooks were lost or have gone quiet; what they told of is polled. */
  readonly webhooksLost: readonly string[];
}

/** How far a run asked for with `sync` has come. */
export interface SyncProgress {
  /** Records read from the source so far. */
  readonly read: number;
  readonly pending: number;
  readonly cleared: number;
  readonly parked: number;
  readonly done: boolean;
  /** Why nothing goes on before a person acts: a connection is given up or paused, or a link is awaited that nothing makes. */
  readonly held?: string;
}

export interface Control {
  status(): Promise<Status>;
  /** Polls the sync's source now; `full`: reads everything and reconciles every record, changed or not. */
  sync(name: string, options: { readonly full: boolean }): Promise<{ readonly started: true }>;
  progress(name: string): Promise<SyncProgress>;
  /**
   * Reconciles these records again although nothing of them changed, as after a mapping was mended; says how many. Refused
   * where `digest` is not that of the sync as it runs. `side`: keys of a two-way sync's second side.
   */
  noteAgain(name: string, keys: readonly string[], digest: string, side?: 1): Promise<number>;
  parked(filter: ParkedFilter): Promise<readonly ParkedRow[]>;
  /** How many are parked of each sync and for which cause. */
  parkedGroups(): Promise<readonly ParkedGroup[]>;
  retryParked(filter: ParkedFilter): Promise<readonly LinkNeed[]>;
  discardParked(filter: ParkedFilter, reason: string): Promise<readonly LinkNeed[]>;
  /** Corrects target fields of one record, by field; null takes a correction back. The record is reconciled again. */
  correct(sync: string, key: string, corrections: Readonly<Record<string, unknown>>): Promise<void>;
  /** Tells that a parked record is this record of the target, which is looked up where it can be read. */
  link(sync: string, key: string, targetKey: string): Promise<Linked>;
  /** Keeps the counterparts of records whose deletion is held for a person: they are on their own from now on. */
  refuseDeletions(sync: string): Promise<readonly LinkNeed[]>;
  /** Values that lost in two-way syncs, and those that wait for a person; the newest first. */
  conflicts(filter: ConflictFilter): Promise<readonly ConflictRow[]>;
  /** Writes a value that lost into its record, as an edit by a person. `side`: whose value; default: the one that lost. */
  putBack(conflict: number, side?: string): Promise<LinkNeed>;
  story(keyOrTitle: string): Promise<readonly StoryEntry[]>;
  requests(filter: RequestFilter): Promise<readonly (RequestEntry & { readonly id: number })[]>;
  /** Makes a logged request again, when that changes nothing more; it is logged as a repetition. */
  repeatRequest(id: number): Promise<RequestEntry>;
  /** Takes up webhooks again that came since. */
  replay(query: { readonly connection?: string; readonly since: number }): Promise<number>;
  /** Takes records in the resource's own shape, as a person's import; faults name the row. */
  importRecords(
    resource: string,
    records: readonly unknown[],
  ): Promise<{ readonly taken: number; readonly faults: readonly { readonly row: number; readonly fault: string }[] }>;
  /** Begins to compare both sides of a sync, or goes on with the audit that is under way. */
  audit(sync: string, asked: AuditAsked): Promise<{ readonly id: number; readonly already: boolean }>;
  /** Audits, the newest first. */
  audits(filter: {
    readonly sync?: string;
    readonly id?: number;
    readonly limit?: number;
  }): Promise<readonly AuditView[]>;
  /** What an audit found, in the order of keys after this one. */
  auditFindings(query: AuditFindingsQuery): Promise<readonly AuditFinding[]>;
  /** Which keys there are and what is sealed with each. */
  keys(): Promise<KeysStatus>;
  /** Opens every secret that is kept. */
  verifyKeys(): Promise<KeysVerified>;
  rotateKeys(options: RotateOptions): Promise<KeysRotated>;
  /** Lets go of a connection's tokens that no key opens any more, so that it can be connected anew. */
  forgetTokens(connection: string): Promise<TokensForgotten>;
  /** What somebody has to know, and whether they were told. */
  alerts(): Promise<readonly AlertView[]>;
  /** Sends a test to every address that takes alerts. */
  testAlerts(): Promise<readonly Delivered[]>;
  /** What is no longer as it was known at the providers, and what that touches. */
  drift(): Promise<readonly DriftView[]>;
  /** What is subscribed to, and what webhooks tell; of each connection that takes webhooks. */
  webhooks(): Promise<readonly WebhookView[]>;
  /** Subscribes to all that the project needs of one connection's webhooks. */
  ensureWebhooks(name: string): Promise<WebhookView>;
  /** Every connection; asks the provider whose account it is, where that is not known. */
  connections(): Promise<readonly ConnectionView[]>;
  /** Begins to connect an account, or tries the credential in the settings. */
  connect(name: string): Promise<ConnectAnswer>;
  /** How the person at the provider's page gets on. */
  connectProgress(ticket: string): Promise<ConnectProgress>;
  /** Takes the tokens back at the provider and forgets them; the connection's work is held. */
  disconnect(name: string): Promise<Disconnected>;
}

export interface AuditFindingsQuery {
  readonly id: number;
  readonly kind?: FindingKind;
  readonly after?: string;
  readonly limit?: number;
}

/** One connection, as whoever answers for it wants to see it. */
export interface ConnectionView {
  readonly state: ConnectionState["state"];
  /** Why it is not active, and since when. */
  readonly reason?: string;
  readonly since?: number;
  readonly connection: string;
  readonly connector: string;
  /** The provider as people write it. */
  readonly title: string;
  /** `page`: a person agrees on the provider's page. `settings`: the credential is in the settings. */
  readonly signIn: "page" | "settings";
  /** Whose account it is, as the provider said last. */
  readonly account?: Account;
  readonly scopesNeeded: readonly string[];
  /** Absent: the provider does not say. */
  readonly scopesGranted?: readonly string[];
  readonly scopesMissing: readonly string[];
  readonly accessExpiresAt?: number;
  readonly refreshExpiresAt?: number;
  readonly lastUsedAt?: number;
  /** Until when no call goes out, in milliseconds since 1970. */
  readonly heldUntil?: number;
  /** What is left of each of the provider's limits. */
  readonly budget: readonly Budget[];
  readonly apiVersion?: string;
  readonly apiVersionEnds?: string;
  /** What a person should look into. */
  readonly warnings: readonly string[];
}

export type ConnectAnswer =
  /** The address opens the provider's page, in one browser, once. */
  | { readonly kind: "page"; readonly ticket: string; readonly address: string; readonly expiresAt: number }
  /** There is no page: the credential in the settings was tried. */
  | {
      readonly kind: "settings";
      readonly connection: string;
      readonly account?: Account;
      readonly warnings: readonly string[];
    };

export interface TokensForgotten {
  readonly connection: string;
  /** `connect`: a person authorises it again. `settings`: it begins anew with what is in the settings. `gone`: it is not in the project. */
  readonly next: "connect" | "settings" | "gone";
  /** Data keys that nothing is sealed with any more, and that went with them. */
  readonly dropped: number;
}

export interface Linked {
  /** Why nobody could see whether there is such a record; absent: there is. */
  readonly onTrust?: string;
}

export interface Disconnected {
  readonly connection: string;
  /** The provider took the tokens back. */
  readonly revoked: boolean;
  /** Why it did not. */
  readonly reason?: string;
}

/** An answer to a wrong question: the sync, connection or record that was named does not exist. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly code:
    | "unknown-sync"
    | "unknown-connection"
    | "unknown-resource"
    | "unknown-record"
    | "unknown-request"
    | "not-now"
    | "not-possible";

  constructor(code: ControlError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
