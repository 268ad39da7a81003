// Who tells a provider to send webhooks: its API, where it has one for that, or a person on its pages.
import type { Api } from "./connector.ts";

/** What a provider was told to send, as it stands there now. */
export interface Subscription {
  readonly id: string;
  /** In the provider's own words, such as "ORDERS_CREATE"; "*": everything. */
  readonly topics: readonly string[];
  /** Where it is sent. */
  readonly url: string;
  /** False: the provider switched it off, or a person did. */
  readonly active: boolean;
}

/** What was done, and what is left for a person. */
export interface Ensured {
  /** Topics that are sent from now on and were not. */
  readonly mended: readonly string[];
  /** What only a person can do. */
  readonly todo?: string;
}

export type Subscriptions =
  | {
      readonly how: "api";
      /** The topics that tell of changes of these resources. */
      topics(resources: readonly string[]): readonly string[];
      /** All that the credential may see, other programs' among them. */
      list(api: Api): Promise<readonly Subscription[]>;
      /**
       * Makes sure that these topics are sent to this address: makes what is missing, switches on what was switched off.
       * What goes to other addresses stays as it is. Doing it twice changes nothing.
       */
      ensure(api: Api, url: string, topics: readonly string[]): Promise<Ensured>;
      remove(api: Api, id: string): Promise<void>;
    }
  /** The provider's API does not tell, or the settings hold nothing that may ask it. */
  | {
      readonly how: "by-hand";
      /** Where a person does it: "Webhooks, on the app's page at developer.intuit.com". */
      readonly where: string;
    };
