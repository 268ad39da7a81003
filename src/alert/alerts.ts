// Looks every half minute at what somebody has to know, tells it, and remembers what was told: an alert that could not be
// delivered is tried again, after a restart too. It may arrive twice, with the same id; it is never lost.
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { Clock, Network } from "../world/world.ts";
import type { AlertView, KeptAlert, Telling } from "./alert.ts";
import { causesOf, type AlertFacts } from "./causes.ts";
import type { Destination, Destinations } from "./destinations.ts";
import { afterFailure, afterLook, afterTold, dueTelling } from "./judge-alerts.ts";
import { messageId, messageOf, requestOf } from "./message.ts";

/** How often is looked, in milliseconds. */
const LOOK_EVERY_MS = 30_000;
/** How many are told at one look: the rest has its turn at the next. */
const TOLD_MAX = 20;
/** Of the attempts at one alert, the first and each so many-th that fails is logged. */
const LOGGED_EVERY = 10;
const KEPT_AS = "all";

export interface AlertsParts {
  readonly project: string;
  readonly store: Store;
  readonly clock: Clock;
  /** Kept to the addresses that the project may call. */
  readonly network: Network;
  readonly log: Log;
  readonly destinations: Destinations;
  readonly remindEveryMs: number;
  /** The address of the page, where people see what they were told of. */
  readonly pageUrl: () => string | undefined;
  /** How everything stands, without secrets. */
  readonly facts: () => Promise<AlertFacts>;
}

/** How an attempt to reach one address ended. */
export interface Delivered {
  readonly to: string;
  /** Absent: it was taken. */
  readonly fault?: string;
}

export class Alerts {
  readonly #parts: AlertsParts;
  /** What each delivery under way waits for besides its answer. */
  readonly #stopping = new Set<PromiseWithResolvers<"stopped">>();
  #kept: readonly KeptAlert[] = [];
  #written = "";
  #takeBackTimer: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #isStopped = false;

  constructor(parts: AlertsParts) {
    this.#parts = parts;
  }

  async load(): Promise<void> {
    const [row] = await this.#parts.store.watched("alerts");
    if (row === undefined) return;
    try {
      const kept: unknown = JSON.parse(row.state);
      if (!Array.isArray(kept)) throw new Error("expected a list");
      this.#kept = kept as readonly KeptAlert[];
      this.#written = row.state;
    } catch (error) {
      // What there is to tell is found anew: at worst somebody is told twice.
      this.#parts.log("error", `could not read what was told before, beginning anew: ${String(error)}`);
    }
  }

  start(): void {
    this.#takeBackTimer = this.#parts.clock.timer(LOOK_EVERY_MS, () => {
      this.#looking = this.#look()
        .catch((error: unknown) => this.#parts.log("warn", `could not look for alerts, trying again: ${String(error)}`))
        .finally(() => {
          this.#looking = undefined;
          if (!this.#isStopped) this.start();
        });
    });
  }

  /** Resolves when no look is under way. */
  async idle(): Promise<void> {
    await this.#looking;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#takeBackTimer?.();
    for (const { resolve } of this.#stopping) resolve("stopped");
    await this.#looking;
  }

  /** Those that have been told or are to be told, the oldest first; what is over and only not delivered yet comes along. */
  views(): readonly AlertView[] {
    const { clock, destinations } = this.#parts;
    return this.#kept
      .filter(({ told, failure, openedAt, graceMs = 0 }) => told ?? failure ?? clock.now() - openedAt >= graceMs)
      .toSorted((one, other) => one.since - other.since)
      .map(({ graceMs: _grace, ...alert }) => ({
        ...alert,
        unaddressed: destinations.of(alert.owners).length === 0,
      }));
  }

  /** Sends a test to every address there is. */
  async test(): Promise<readonly Delivered[]> {
    const { clock, project, destinations } = this.#parts;
    const now = clock.now();
    return Promise.all(
      destinations.all.map(async (destination) => {
        const owners = destination.name === "everybody" ? [] : [destination.name];
        const facts = { syncs: [], owners, since: now, count: 0, reason: "somebody asked for it" };
        const test = {
          ...facts,
          id: "test",
          what: "late",
          title: "alerts arrive here",
          todo: "nothing",
          path: "/",
        } as const;
        const body = messageOf(test, { project, telling: "test", now, ...this.#page() });
        const fault = await this.#send(destination, `msg_test_${now}`, body);
        return { to: destination.name, ...(fault === undefined ? {} : { fault }) };
      }),
    );
  }

  async #look(): Promise<void> {
    const { clock, facts, remindEveryMs } = this.#parts;
    this.#kept = afterLook(this.#kept, causesOf(await facts()), clock.now());
    await this.#keep();
    // One that fails at an address need not be followed by others there at once.
    const failing = new Set<string>();
    let told = 0;
    for (const alert of this.#kept) {
      const telling = dueTelling(alert, clock.now(), remindEveryMs);
      if (telling === undefined || told >= TOLD_MAX || this.#isStopped) continue;
      told += 1;
      await this.#tell(alert, telling, failing);
    }
  }

  async #tell(alert: KeptAlert, telling: Telling, failing: Set<string>): Promise<void> {
    const { clock, destinations, project } = this.#parts;
    if (alert.failure === undefined) this.#say(alert, telling);
    const body = messageOf(alert, { project, telling, now: clock.now(), ...this.#page() });
    const reached = new Set(alert.failure?.reached);
    const left = destinations.of(alert.owners).filter(({ name }) => !reached.has(name));
    const open = left.filter(({ name }) => !failing.has(name));
    if (left.length > 0 && open.length === 0) return;
    let fault = open.length < left.length ? "an address that failed a moment ago was not tried" : undefined;
    for (const destination of open) {
      const failed = await this.#send(destination, messageId(alert, telling), body);
      if (this.#isStopped && failed !== undefined) return;
      if (failed === undefined) reached.add(destination.name);
      else failing.add(destination.name);
      fault ??= failed;
    }
    const now = clock.now();
    const after =
      fault === undefined
        ? afterTold(alert, telling, now)
        : afterFailure(alert, { reason: fault, reached: [...reached], now });
    if (after?.failure !== undefined) this.#sayUndelivered(after);
    this.#kept = this.#kept.flatMap((one) => (one.id === alert.id ? (after ?? []) : [one]));
    await this.#keep();
  }

  /** Undefined: it was taken. */
  async #send({ name, url }: Destination, id: string, body: string): Promise<string | undefined> {
    const { clock, network, destinations } = this.#parts;
    const secret = destinations.secret?.reveal();
    const signed = secret === undefined ? {} : { secret };
    const request = requestOf({ url: url.reveal(), id, body, now: clock.now(), ...signed });
    try {
      const answer = await this.#unlessStopped(() => network.send(request));
      if (answer === "stopped") return "Bowline was stopped";
      return answer.status >= 200 && answer.status < 300 ? undefined : `${name}: the address answered ${answer.status}`;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `${name}: ${reason.replaceAll(url.reveal(), "the address")}`;
    }
  }

  /** A promise that lives as long as the process would keep something of everything that was raced against it. */
  async #unlessStopped<Answer>(send: () => Promise<Answer>): Promise<Answer | "stopped"> {
    if (this.#isStopped) return "stopped";
    const stopping = Promise.withResolvers<"stopped">();
    this.#stopping.add(stopping);
    try {
      return await Promise.race([send(), stopping.promise]);
    } finally {
      this.#stopping.delete(stopping);
    }
  }

  #say({ id, title, reason, owners, syncs }: KeptAlert, telling: Telling): void {
    const facts = { alert: id, telling, syncs: syncs.join(", "), owner: owners.join(", ") };
    if (telling === "resolved") this.#parts.log("info", `over: ${title}`, facts);
    else this.#parts.log("warn", `${title}: ${reason}`, facts);
  }

  #sayUndelivered({ id, failure }: KeptAlert): void {
    if (failure === undefined || (failure.attempts !== 1 && failure.attempts % LOGGED_EVERY !== 0)) return;
    const words = `could not deliver an alert, trying again: ${failure.reason}`;
    this.#parts.log("warn", words, { alert: id, attempts: failure.attempts });
  }

  #page(): { readonly pageUrl?: string } {
    const pageUrl = this.#parts.pageUrl();
    return pageUrl === undefined ? {} : { pageUrl };
  }

  async #keep(): Promise<void> {
    const state = JSON.stringify(this.#kept);
    if (state === this.#written) return;
    await this.#parts.store.keepWatched([{ what: "alerts", name: KEPT_AS, state }]);
    this.#written = state;
  }
}
