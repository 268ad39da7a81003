// What is remembered of a connection's webhook subscriptions from one start to the next.
import type { Subscription } from "../define/subscriptions.ts";
import type { SubscriptionFault } from "./judge-subscriptions.ts";

export interface SubscriptionState {
  /** Sent to us, or sent to us before and at fault. */
  readonly known: readonly Subscription[];
  readonly faults: readonly SubscriptionFault[];
  /** Since when there are faults. */
  readonly since?: number;
  /** What only a person can do. */
  readonly todo?: string;
  readonly checkedAt?: number;
  /** Why the provider could not be asked the last time. */
  readonly checkFault?: string;
  /** The last time that topics were subscribed again. */
  readonly mended?: { readonly at: number; readonly topics: readonly string[] };
  /** What was told last, so that it is told once. */
  readonly told?: string;
}

export const NOTHING_KNOWN: SubscriptionState = { known: [], faults: [] };

/** A connection's webhooks, as whoever answers for it wants to see them. */
export interface WebhookView {
  readonly connection: string;
  /** `api`: Bowline subscribes to them. `by-hand`: a person does, at `where`. */
  readonly how: "api" | "by-hand";
  readonly where?: string;
  /** Where the provider has to send them; absent: nobody outside reaches us. */
  readonly address?: string;
  /** How many subscriptions of ours the provider listed last. */
  readonly subscriptions: number;
  readonly faults: readonly SubscriptionFault[];
  readonly faultsSince?: number;
  readonly todo?: string;
  readonly checkedAt?: number;
  readonly checkFault?: string;
  readonly mended?: SubscriptionState["mended"];
  readonly resources: readonly HeardView[];
}

/** What webhooks tell of one resource. */
export interface HeardView {
  readonly resource: string;
  /** When the last webhook came. */
  readonly lastAt?: number;
  /** Changes that polling found since then, of which no webhook told. */
  readonly found: number;
  /** Set when webhooks have gone quiet: when it was noticed. */
  readonly quietAt?: number;
  /** The last silence that ended. */
  readonly ended?: { readonly since: number; readonly until: number; readonly found: number };
}
