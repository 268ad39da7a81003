// Compares what a provider sends now with what it was known to send to us: a pure function. What was never made through the
// API is no fault when it is not there; what was, is.
import type { Subscription } from "../define/subscriptions.ts";

export interface SubscriptionFault {
  readonly topic: string;
  /**
   * - `removed`: it was there and is not any more.
   * - `disabled`: it is there, switched off.
   * - `elsewhere`: it is sent to another address now.
   * - `missing`: other topics are sent to us, this one never was.
   */
  readonly why: "removed" | "disabled" | "elsewhere" | "missing";
  /** Where it is sent now. */
  readonly url?: string;
}

export interface JudgedSubscriptions {
  readonly faults: readonly SubscriptionFault[];
  /** What is known from now on: sent to us now, or sent to us before and at fault. */
  readonly known: readonly Subscription[];
}

export interface SubscriptionFacts {
  readonly listed: readonly Subscription[];
  /** What was known to be sent to us. */
  readonly known: readonly Subscription[];
  /** Our address. */
  readonly url: string;
  /** What the project needs. */
  readonly topics: readonly string[];
}

export function judgeSubscriptions({ listed, known, url, topics }: SubscriptionFacts): JudgedSubscriptions {
  const here = listed.filter((one) => isSame(one.url, url));
  const coming = here.filter(({ active }) => active);
  const isOurs = here.length > 0 || known.length > 0;
  const faults = topics.flatMap((topic): readonly SubscriptionFault[] => {
    if (!isOurs || coming.some((one) => tells(one, topic))) return [];
    if (here.some((one) => tells(one, topic))) return [{ topic, why: "disabled" }];
    const before = known.filter((one) => tells(one, topic));
    if (before.length === 0) return [{ topic, why: "missing" }];
    const moved = listed.find((one) => before.some(({ id }) => id === one.id) && !isSame(one.url, url));
    return [moved === undefined ? { topic, why: "removed" } : { topic, why: "elsewhere", url: moved.url }];
  });
  const ids = new Set(here.map(({ id }) => id));
  const lost = known.filter((one) => !ids.has(one.id) && faults.some(({ topic }) => tells(one, topic)));
  return { faults, known: [...here, ...lost] };
}

const tells = ({ topics }: Subscription, topic: string): boolean => topics.includes(topic) || topics.includes("*");

/** A trailing slash leads to the same place. */
const isSame = (one: string, other: string): boolean => one.replace(/\/$/, "") === other.replace(/\/$/, "");

/** "17 topics were removed: ORDERS_CREATE, …", one part for each way. */
export function faultsText(faults: readonly SubscriptionFault[]): string {
  const ways = [...new Set(faults.map(({ why }) => why))];
  return ways
    .map((why) => {
      const topics = faults.filter((fault) => fault.why === why).map(({ topic }) => topic);
      const named =
        topics.length > 3 ? `${topics.slice(0, 3).join(", ")} and ${topics.length - 3} more` : topics.join(", ");
      return `${WORDS[why]}: ${named}`;
    })
    .join("; ");
}

const WORDS: Readonly<Record<SubscriptionFault["why"], string>> = {
  removed: "no longer subscribed",
  disabled: "switched off",
  elsewhere: "sent to another address",
  missing: "never subscribed",
};
