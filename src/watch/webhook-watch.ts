// Keeps webhooks alive: notices subscriptions that were removed, switched off or sent elsewhere and resources that have gone
// quiet, tells the owner once, subscribes again where the provider's API allows it, and has the gap listed.
import type { Caller } from "../call/caller.ts";
import { ControlError } from "../control.ts";
import type { ConnectionBase } from "../define/connector.ts";
import type { ConnectedResource } from "../define/connection.ts";
import { counted } from "../define/counted.ts";
import type { Ensured, Subscriptions } from "../define/subscriptions.ts";
import type { Log } from "../log.ts";
import type { RequestEntry, Store, Watched } from "../store/store.ts";
import type { Clock } from "../world/world.ts";
import { foundByPolling, heard, listening, newHearing, noticed, silence, type Hearing } from "./hearing.ts";
import { faultsText, judgeSubscriptions } from "./judge-subscriptions.ts";
import { subscribingText } from "./subscribing-text.ts";
import { NOTHING_KNOWN, type HeardView, type SubscriptionState, type WebhookView } from "./webhook-state.ts";
import type { Listener } from "./watched-store.ts";
import { thrownText } from "../define/thrown-text.ts";

/** How often silences are judged, and what was heard is kept. */
const BEAT_MS = 5 * 60_000;
/** How often a provider is asked what it sends, and how soon after the start. */
const LIST_EVERY_MS = 3_600_000;
const FIRST_LIST_MS = 60_000;

export interface WebhookWatchParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly connections: readonly ConnectionBase<any, any>[];
  /** How each connection's provider is told to send webhooks; only those that take webhooks. */
  readonly subscriptions: ReadonlyMap<string, Subscriptions>;
  /** The resources that syncs read, by id. */
  readonly sources: ReadonlyMap<string, ConnectedResource>;
  readonly callers: ReadonlyMap<string, Caller>;
  /** Where a connection's provider sends webhooks; undefined: nobody outside reaches us. */
  readonly addressOf: (connection: string) => string | undefined;
  /** Who answers for a resource. */
  readonly ownersOf: (resource: string) => readonly string[];
  /** Lists what changed since that time, and what a listing of changes does not tell. */
  readonly fill: (resource: string, since: number) => void;
}

export class WebhookWatch implements Listener {
  readonly #parts: WebhookWatchParts;
  readonly #hearings = new Map<string, Hearing>();
  readonly #states = new Map<string, SubscriptionState>();
  #takeBackTimer: (() => void) | undefined;
  #beating: Promise<void> | undefined;
  #listAt = 0;
  #running = false;

  constructor(parts: WebhookWatchParts) {
    this.#parts = parts;
  }

  /** Reads what is remembered; what is asked before is answered from nothing. */
  async load(): Promise<void> {
    const { store, clock } = this.#parts;
    for (const { name, state } of await store.watched("heard")) {
      this.#hearings.set(name, listening(JSON.parse(state) as Hearing, clock.now()));
    }
    for (const { name, state } of await store.watched("subscriptions")) {
      this.#states.set(name, JSON.parse(state) as SubscriptionState);
    }
  }

  start(): void {
    this.#running = true;
    this.#listAt = this.#parts.clock.now() + FIRST_LIST_MS;
    this.#later(FIRST_LIST_MS);
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#takeBackTimer?.();
    await this.#beating;
    await this.#keep().catch(() => undefined);
  }

  heard(resource: string, records: number, at: number): void {
    const before = this.#hearings.get(resource) ?? newHearing(at);
    const after = heard(before, records, at);
    this.#hearings.set(resource, after);
    if (before.quietAt === undefined || after.ended === undefined) return;
    const words = `webhooks of ${resource} come again; polling found ${counted(after.ended.found, "change")} meanwhile`;
    this.#parts.log("info", words, { resource, since: new Date(after.ended.since).toISOString() });
  }

  found(resource: string, changes: number, at: number): void {
    const hearing = this.#hearings.get(resource);
    if (hearing !== undefined) this.#hearings.set(resource, foundByPolling(hearing, changes, at));
  }

  /** Of each connection that takes webhooks and that a sync reads from. */
  views(): readonly WebhookView[] {
    return this.#parts.connections.flatMap(({ connectionName }) => {
      const subscriptions = this.#parts.subscriptions.get(connectionName);
      const isRead = this.#idsOf(connectionName).length > 0;
      return subscriptions === undefined || !isRead ? [] : [this.#view(connectionName, subscriptions)];
    });
  }

  /** The connections whose webhooks were lost or have gone quiet. */
  lost(): readonly string[] {
    return this.views()
      .filter(({ faults, resources }) => faults.length > 0 || resources.some(({ quietAt }) => quietAt !== undefined))
      .map(({ connection }) => connection);
  }

  /** Subscribes to all that the project needs, as a person asked. */
  async ensure(connection: string): Promise<WebhookView> {
    const { subscriptions, addressOf } = this.#parts;
    const how = subscriptions.get(connection);
    const url = addressOf(connection);
    const refuse = (why: string): never => {
      throw new ControlError("not-now", `could not subscribe to webhooks of ${connection}: ${why}`);
    };
    if (how === undefined) return refuse("expected a connection that takes webhooks, and its provider sends none");
    if (how.how === "by-hand") {
      return refuse(`its provider's API does not do it; ${subscribingText(this.#view(connection, how)) ?? ""}`);
    }
    if (url === undefined)
      return refuse("expected an address that the provider reaches, and the project has no publicUrl");
    const topics = how.topics(this.#resourcesOf(connection));
    const { mended, todo } = await this.#asking(connection, (api) => how.ensure(api, url, topics));
    if (mended.length > 0) this.#mended(connection, { mended, ...(todo === undefined ? {} : { todo }) });
    await this.#check(connection, how, url);
    if (todo !== undefined) this.#set(connection, { todo });
    await this.#keep();
    return this.#view(connection, how);
  }

  // ------------------------------------------------------------ beat

  #later(delayMs: number): void {
    this.#takeBackTimer = this.#parts.clock.timer(delayMs, () => {
      this.#beating = this.#beat().finally(() => {
        this.#beating = undefined;
        if (this.#running) this.#later(BEAT_MS);
      });
    });
  }

  async #beat(): Promise<void> {
    const { clock, log } = this.#parts;
    try {
      const quiet = this.#judge();
      const all = clock.now() >= this.#listAt;
      if (all) this.#listAt = clock.now() + LIST_EVERY_MS;
      for (const [connection, how] of this.#parts.subscriptions) {
        if (this.#idsOf(connection).length === 0) continue;
        const url = this.#parts.addressOf(connection);
        if (how.how !== "api" || url === undefined || !(all || quiet.has(connection))) continue;
        await this.#check(connection, how, url);
      }
      await this.#keep();
    } catch (error) {
      log("warn", `could not look after webhooks, trying again later: ${String(error)}`);
    }
  }

  /** Notices who has gone quiet, tells it once, and has the gap listed; says whose subscriptions are to be looked at. */
  #judge(): ReadonlySet<string> {
    const { clock, sources } = this.#parts;
    const now = clock.now();
    const quiet = new Set<string>();
    for (const [resource, known] of this.#hearings) {
      const source = sources.get(resource);
      const hearing = listening(known, now);
      const isNew = source !== undefined && hearing.quietAt === undefined && silence(hearing, now).isQuiet;
      this.#hearings.set(resource, isNew ? noticed(hearing, now) : hearing);
      if (source === undefined || !isNew) continue;
      quiet.add(source.connectionName);
      this.#tellQuiet(resource, hearing);
      this.#parts.fill(resource, hearing.lastAt ?? hearing.listeningSince);
    }
    return quiet;
  }

  #tellQuiet(resource: string, { lastAt, found }: Hearing): void {
    const since = new Date(lastAt ?? 0).toISOString();
    const owner = this.#parts.ownersOf(resource).join(", ");
    const words =
      `webhooks of ${resource} have gone quiet: none came since ${since}, and polling found ${counted(found, "change")} of which none ` +
      `told. Polling goes on; see what is subscribed with: bowline webhooks`;
    this.#parts.log("error", words, { resource, since, found, owner });
  }

  // ------------------------------------------------------------ subscriptions

  async #check(connection: string, how: Subscriptions & { readonly how: "api" }, url: string): Promise<void> {
    const { clock } = this.#parts;
    const caller = this.#parts.callers.get(connection);
    if (caller?.heldUntil() !== undefined) return;
    const topics = how.topics(this.#resourcesOf(connection));
    try {
      const judge = async () =>
        judgeSubscriptions({
          listed: await this.#asking(connection, (api) => how.list(api)),
          known: this.#state(connection).known,
          url,
          topics,
        });
      let judged = await judge();
      let ensured: Ensured = { mended: [] };
      if (judged.faults.length > 0) {
        const lost = judged.faults;
        ensured = await this.#asking(connection, (api) =>
          how.ensure(
            api,
            url,
            lost.map(({ topic }) => topic),
          ),
        );
        if (ensured.mended.length > 0) {
          this.#tellMended(connection, faultsText(lost.filter(({ topic }) => ensured.mended.includes(topic))));
          this.#mended(connection, ensured);
          judged = await judge();
        }
      }
      const { checkFault: _fault, since, todo: _todo, ...before } = this.#state(connection);
      const faulty = { since: since ?? clock.now(), ...(ensured.todo === undefined ? {} : { todo: ensured.todo }) };
      const state = { ...before, ...judged, checkedAt: clock.now(), ...(judged.faults.length > 0 ? faulty : {}) };
      this.#states.set(connection, state);
      this.#tell(connection, judged.faults.length === 0 ? "" : `${faultsText(judged.faults)}${todoText(ensured)}`);
    } catch (error) {
      const checkFault = thrownText(error);
      this.#set(connection, { checkFault });
      this.#tell(connection, `what is subscribed could not be seen: ${checkFault}`);
    }
  }

  async #asking<Result>(
    connection: string,
    work: (api: ReturnType<Caller["api"]>) => Promise<Result>,
  ): Promise<Result> {
    const { callers, store } = this.#parts;
    const entries: RequestEntry[] = [];
    const caller = callers.get(connection);
    if (caller === undefined) throw new Error(`there is no connection ${connection}`);
    try {
      return await work(caller.api({ priority: "scheduled", entries }));
    } finally {
      if (entries.length > 0) await store.log(entries);
    }
  }

  /** What came in between was told to nobody: it is listed. */
  #mended(connection: string, { mended }: Ensured): void {
    const { clock } = this.#parts;
    this.#set(connection, { mended: { at: clock.now(), topics: mended } });
    for (const resource of this.#idsOf(connection)) {
      const hearing = this.#hearings.get(resource);
      this.#parts.fill(resource, hearing?.lastAt ?? hearing?.listeningSince ?? clock.now());
    }
  }

  #tellMended(connection: string, lost: string): void {
    const words = `webhooks of ${connection} were lost and are subscribed again (${lost}); what changed meanwhile is listed`;
    this.#parts.log("warn", words, { connection, owner: this.#ownersOf(connection) });
  }

  /** Once, until it changes. */
  #tell(connection: string, told: string): void {
    if (this.#state(connection).told === told) return;
    this.#set(connection, { told });
    if (told === "") return;
    this.#parts.log("error", `webhooks of ${connection} do not all come: ${told}`, {
      connection,
      owner: this.#ownersOf(connection),
    });
  }

  // ------------------------------------------------------------ state

  #state(connection: string): SubscriptionState {
    return this.#states.get(connection) ?? NOTHING_KNOWN;
  }

  #set(connection: string, changes: Partial<SubscriptionState>): void {
    this.#states.set(connection, { ...this.#state(connection), ...changes });
  }

  async #keep(): Promise<void> {
    const rows: Watched[] = [];
    for (const [name, state] of this.#hearings) rows.push({ what: "heard", name, state: JSON.stringify(state) });
    for (const [name, state] of this.#states) rows.push({ what: "subscriptions", name, state: JSON.stringify(state) });
    if (rows.length > 0) await this.#parts.store.keepWatched(rows);
  }

  #view(connection: string, subscriptions: Subscriptions): WebhookView {
    const { known, faults, since, todo, checkedAt, checkFault, mended } = this.#state(connection);
    const address = this.#parts.addressOf(connection);
    const resources = this.#idsOf(connection).map((resource): HeardView => {
      const { lastAt, found = 0, quietAt, ended } = this.#hearings.get(resource) ?? {};
      return {
        resource,
        found,
        ...(lastAt === undefined ? {} : { lastAt }),
        ...(quietAt === undefined ? {} : { quietAt }),
        ...(ended === undefined ? {} : { ended }),
      };
    });
    return {
      connection,
      how: subscriptions.how,
      subscriptions: known.length,
      faults,
      resources,
      ...(subscriptions.how === "by-hand" ? { where: subscriptions.where } : {}),
      ...(address === undefined ? {} : { address }),
      ...(since === undefined || faults.length === 0 ? {} : { faultsSince: since }),
      ...(todo === undefined ? {} : { todo }),
      ...(checkedAt === undefined ? {} : { checkedAt }),
      ...(checkFault === undefined ? {} : { checkFault }),
      ...(mended === undefined ? {} : { mended }),
    };
  }

  #idsOf(connection: string): readonly string[] {
    return [...this.#parts.sources].flatMap(([id, { connectionName }]) => (connectionName === connection ? [id] : []));
  }

  #resourcesOf(connection: string): readonly string[] {
    return this.#idsOf(connection).map((id) => this.#parts.sources.get(id)?.resource.name ?? "");
  }

  #ownersOf(connection: string): string {
    return [...new Set(this.#idsOf(connection).flatMap((id) => this.#parts.ownersOf(id)))].join(", ");
  }
}

const todoText = ({ todo }: Ensured): string => (todo === undefined ? "" : `; what to do: ${todo}`);
