// Builds the parts from a project, starts and stops them. Everything below takes time, randomness, network and storage as
// arguments; here they are chosen.
import { rm, writeFile } from "node:fs/promises";
import type { Alerts } from "./alert/alerts.ts";
import { addressFaults } from "./call/address-faults.ts";
import { LiveSecrets } from "./call/live-secrets.ts";
import { readSettings } from "./call/settings.ts";
import type { Caller } from "./call/caller.ts";
import { openKeptQuotas, type KeptQuotas } from "./call/kept-quotas.ts";
import type { Connecting } from "./auth/connecting.ts";
import { createCredentials, type KeptCredentials } from "./auth/credentials.ts";
import type { KeptVault } from "./auth/vault.ts";
import type { ConnectionBase } from "./define/connector.ts";
import type { ConnectedResource } from "./define/connection.ts";
import { allSyncs, resourcesOf, sourcesOf as sourcesOfSync, type Project } from "./define/config.ts";
import { checkProject, type Fault } from "./define/check.ts";
import { counted } from "./define/counted.ts";
import { networksOfAll } from "./define/private-addresses.ts";
import type { SecretReader } from "./define/secret.ts";
import type { Sync } from "./define/sync.ts";
import type { TwoWaySync } from "./define/two-way.ts";
import type { Control } from "./control.ts";
import { engineAlerts } from "./engine-alerts.ts";
import { addCallers } from "./engine-callers.ts";
import { engineConnections } from "./engine-connections.ts";
import { engineControl } from "./engine-control.ts";
import { declarationOf, renamedWords, restoredWords, sourcesOf } from "./engine-declaration.ts";
import { Pruning } from "./engine-prune.ts";
import { engineServer } from "./engine-server.ts";
import { engineWatch, type EngineWatch } from "./engine-watch.ts";
import { calm, silent, type Log } from "./log.ts";
import { Arrivals } from "./observe/arrivals.ts";
import { Listing } from "./observe/listing.ts";
import { OneWriter } from "./reconcile/one-writer.ts";
import { Reconciler } from "./reconcile/reconciler.ts";
import { TwoWayReconciler } from "./reconcile/two-way-reconciler.ts";
import { pageUrl } from "./server/page-url.ts";
import type { BowlineServer } from "./server/server.ts";
import { openProjectVault } from "./project-vault.ts";
import { dueRows, isDueBesidesLinks } from "./health.ts";
import { redactingControl } from "./redacting-control.ts";
import { redactingLog } from "./redacting-log.ts";
import { redactingStore } from "./redacting-store.ts";
import { auditedOneWay, auditedTwoWay, Audits, type Audited } from "./watch/audit/audits.ts";
import { ClockWatch } from "./watch/clock-watch.ts";
import { openSqliteStore } from "./store/sqlite/open.ts";
import type { Store } from "./store/store.ts";
import { NO_PLANTS, type Plants } from "./world/plant.ts";
import { realWorld } from "./world/real.ts";
import type { World } from "./world/world.ts";
import { collectYoung } from "./world/young-garbage.ts";

/** As long as a timer can be. */
const KEEP_ALIVE_EVERY_MS = 2 ** 31 - 1;

export interface EngineOptions {
  readonly project: Project;
  /** Where secrets are read from. Default: this process's environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The file of state. Default: the project's. */
  readonly dataPath?: string;
  /** Serve webhooks, the JSON API and the page on the project's host and port. Default true. */
  readonly listen?: boolean;
  /** The port to serve on; 0: any that is free. Default: the project's. */
  readonly port?: number;
  /** Run SQLite in a thread of its own. Default: the store's. */
  readonly thread?: boolean;
  /** Time, randomness and network. Default: the real ones. */
  readonly world?: World;
  readonly log?: Log;
  readonly plants?: Plants;
  /** Puts something between the engine and its store: a trial's kill points. */
  readonly throughStore?: (store: Store) => Store;
}

export interface Engine {
  readonly control: Control;
  /** Takes browsers to providers' pages and back. */
  readonly connecting: Connecting;
  /** Where webhooks, the API and the page are served, once started. */
  readonly url: string | undefined;
  /** What a browser opens to see the page. */
  readonly pageUrl: string | undefined;
  /** The check's warnings. */
  readonly warnings: readonly Fault[];
  start(): Promise<void>;
  /** Ends what is under way, closes the file of state. */
  stop(): Promise<void>;
  /** Resolves when nothing is due or under way any more, or it was stopped; parked rows and the next poll do not count. */
  quiet(options?: QuietOptions): Promise<void>;
}

export interface QuietOptions {
  /**
   * What waits for a connection that is given up or paused, or for a link that nothing under way makes, does not count either: only a
   * person can set it going. Default false.
   */
  readonly besidesHeld?: boolean;
}

/** The project does not check; `faults` lists everything that is wrong with it. */
export class ProjectError extends Error {
  override readonly name = "ProjectError";
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    const list = faults.map(({ place, message }) => `  ${place}: ${message}`).join("\n");
    super(`could not load the project: ${counted(faults.length, "fault")}\n${list}`);
    this.faults = faults;
  }
}

/** Checks the project and opens its file of state; nothing runs before `start`. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  collectYoung();
  const { project, environment = process.env, plants = NO_PLANTS } = options;
  const { errors, warnings } = checkProject(project, { env: environment });
  const isGuarded = options.world === undefined || options.world.network.within !== undefined;
  const faults = isGuarded ? addressFaults(project, ({ variable }) => environment[variable]) : [];
  if (errors.length + faults.length > 0) throw new ProjectError([...errors, ...faults]);
  const dataPath = options.dataPath ?? project.data;
  const live = new LiveSecrets();
  const log = plants.has("leak-log") ? (options.log ?? silent) : redactingLog(options.log ?? silent, live);
  const own = options.world === undefined ? realWorld() : undefined;
  const world = keptWithin(options.world ?? (own as World), project);
  const opened = await openSqliteStore({
    path: dataPath,
    plants,
    clock: world.clock,
    ...(options.thread === undefined ? {} : { thread: options.thread }),
  });
  const through = options.throughStore?.(opened) ?? opened;
  const redacted = plants.has("leak-store") ? through : redactingStore(through, live);
  const secrets: SecretReader = ({ variable }) => environment[variable];
  const callers = new Map<string, Caller>();
  const sources = sourcesOf(project);
  const watch = engineWatch({ project, store: redacted, clock: world.clock, log, secrets, callers, sources });
  const { store } = watch;
  try {
    const { renamed } = await store.declare(declarationOf(project, world.clock.now()));
    for (const names of renamed) log("warn", renamedWords(names));
    const vault = await openProjectVault({ project, dataPath, environment, store, clock: world.clock, log, live });
    await watch.load();
    const { clock, random, network } = world;
    const credentials = createCredentials({ store, vault, clock, random, network });
    const onFailure = (error: unknown): void =>
      log("error", `could not keep what is left of a quota: ${String(error)}`);
    const quotas = await openKeptQuotas({ store, clock, onFailure });
    addCallers(callers, { project, store, world, credentials, quotas, watch, live, secrets, log });
    const engine = new RunningEngine({
      ...options,
      dataPath,
      world,
      plants,
      log,
      environment,
      store,
      callers,
      quotas,
      credentials,
      vault,
      live,
      warnings,
      secrets,
      watch,
      closeWorld: async () => own?.close(),
    });
    await engine.load();
    return engine;
  } catch (error) {
    await store.close();
    await own?.close();
    throw live.error(error);
  }
}

/** The world, with its network kept to the addresses that the project may call. */
function keptWithin({ clock, random, network }: World, project: Project): World {
  const allowed = networksOfAll(project.network.privateAddresses);
  return { clock, random, network: network.within?.(allowed) ?? network };
}

interface RunningParts extends EngineOptions {
  readonly dataPath: string;
  readonly world: World;
  readonly plants: Plants;
  readonly log: Log;
  readonly store: Store;
  readonly vault: KeptVault;
  readonly live: LiveSecrets;
  readonly callers: ReadonlyMap<string, Caller>;
  readonly quotas: KeptQuotas;
  readonly credentials: KeptCredentials;
  readonly secrets: SecretReader;
  readonly watch: EngineWatch;
  readonly warnings: readonly Fault[];
  /** Lets go of the world, where the engine made it itself. */
  readonly closeWorld: () => Promise<void>;
}

class RunningEngine implements Engine {
  readonly control: Control;
  readonly connecting: Connecting;
  readonly warnings: readonly Fault[];
  readonly #parts: RunningParts;
  readonly #writers = new OneWriter();
  readonly #reconcilers = new Map<string, Reconciler>();
  readonly #pairs = new Map<string, TwoWayReconciler>();
  readonly #listings = new Map<string, Listing>();
  readonly #arrivals: Arrivals;
  readonly #audits: Audits;
  readonly #alerts: Alerts;
  readonly #pruning: Pruning;
  readonly #clockWatch: ClockWatch;
  readonly #token: string;
  readonly #calmly: ReturnType<typeof calm>;
  #server: BowlineServer | undefined;
  #url: string | undefined;
  #stopped = false;
  #quietWaiters: (() => void)[] = [];

  constructor(parts: RunningParts) {
    this.#parts = parts;
    this.warnings = parts.warnings;
    const { project, store, world, log } = parts;
    this.#calmly = calm(log, world.clock);
    this.#token = Buffer.from(world.random.bytes(24)).toString("base64url");
    const wakeSyncs = (syncs: readonly string[]): void => {
      for (const name of syncs) (this.#reconcilers.get(name) ?? this.#pairs.get(name))?.wake();
    };
    const onIdle = (): void => this.#tellIfQuiet();
    for (const sync of project.syncs) this.#reconcilers.set(sync.name, this.#reconciler(sync, wakeSyncs, onIdle));
    for (const sync of project.twoWaySyncs) this.#pairs.set(sync.name, this.#pairsOf(sync, wakeSyncs, onIdle));
    for (const [id, from] of sourcesOf(project)) this.#listings.set(id, this.#listing(from, wakeSyncs, onIdle));
    parts.watch.fillWith((resource, since) => this.#listings.get(resource)?.askSince(since));
    this.#arrivals = new Arrivals({
      store,
      clock: world.clock,
      connectors: new Map(project.connections.map((connection) => [connection.connectionName, connection.connector])),
      accounts: new Map(
        project.connections.map((connection) => [connection.connectionName, accountOf(connection, parts.secrets)]),
      ),
      observed: new Set(sourcesOf(project).keys()),
      readers: new Map(
        [...sourcesOf(project).keys()].flatMap((id) => {
          const reader = this.#onlyReader(id);
          return reader === undefined ? [] : [[id, reader] as const];
        }),
      ),
      wakeSyncs,
      onIdle,
      report: (reason) => log("error", reason),
    });
    const connections = engineConnections({
      ...parts,
      wakeSyncs,
      base: () => (this.#url === undefined ? undefined : (project.publicUrl ?? this.#url)),
    });
    this.connecting = connections.connecting;
    this.#audits = new Audits({
      store,
      world,
      wakeSyncs,
      log,
      onIdle,
      audited: new Map(allSyncs(project).map((sync) => [sync.name, this.#audited(sync)])),
    });
    this.#alerts = engineAlerts({
      ...parts,
      pageUrl: () => project.publicUrl ?? this.#url,
      control: () => this.control,
    });
    this.#pruning = new Pruning({
      store,
      clock: world.clock,
      limits: project.limits,
      isIdle: () => this.#isIdle(),
      log,
    });
    this.#clockWatch = new ClockWatch({ store, clock: world.clock, wakeSyncs, log });
    const control = engineControl({
      watch: parts.watch,
      connections,
      project,
      store,
      vault: parts.vault,
      clock: world.clock,
      callers: parts.callers,
      listings: this.#listings,
      audits: this.#audits,
      alerts: this.#alerts,
      wakeSyncs,
      wakeArrivals: () => this.#arrivals.wake(),
      isStopping: () => this.#stopped,
    });
    this.control = redactingControl(control, parts.live);
  }

  get url(): string | undefined {
    return this.#url;
  }

  get pageUrl(): string | undefined {
    return this.#url === undefined ? undefined : pageUrl(this.#url, this.#token);
  }

  /** Reads what was told before, and which connections a person disconnected: they are called by no command either. */
  async load(): Promise<void> {
    const { store, project, callers } = this.#parts;
    await this.#alerts.load();
    for (const { connectionName } of project.connections) {
      const state = await store.connectionState(connectionName);
      if (state.state === "paused") callers.get(connectionName)?.setConnectionState(state);
    }
  }

  async start(): Promise<void> {
    const { store, world, project, listen = true, log, plants } = this.#parts;
    // Whoever starts Bowline again may have put new credentials in place: each connection gets another chance.
    // Only what a person disconnected stays so until a person connects it.
    for (const { connectionName } of project.connections) {
      const state = await store.connectionState(connectionName);
      if (state.state !== "paused") await store.setConnectionState(connectionName, { state: "active" });
    }
    const restored = plants.has("no-doubt") ? undefined : await store.beginRestored(world.clock.now());
    if (restored !== undefined) log("warn", restoredWords(restored));
    await store.shortenWaits(world.clock.now());
    const unresolved = await store.recover(world.clock.now());
    if (unresolved > 0) log("warn", `${unresolved} writes were under way when Bowline stopped; each is resolved first`);
    if (listen) await this.#listen();
    this.#arrivals.start();
    for (const reconciler of [...this.#reconcilers.values(), ...this.#pairs.values()]) reconciler.start();
    for (const listing of this.#listings.values()) listing.start();
    await this.#audits.start();
    this.#parts.watch.start();
    this.#alerts.start();
    this.#pruning.start();
    this.#clockWatch.start();
  }

  stop(): Promise<void> {
    return keptAlive(() => this.#stop());
  }

  async #stop(): Promise<void> {
    this.#stopped = true;
    this.#pruning.stop();
    await Promise.all([this.#server?.stop(), this.#alerts.stop()]);
    const working = [...this.#listings.values(), ...this.#reconcilers.values(), ...this.#pairs.values()];
    const ending = [this.#audits, this.#arrivals, ...working].map((part) => part.stop());
    // Calls under way end by themselves; those that only wait for their turn are given back.
    for (const caller of this.#parts.callers.values()) caller.close();
    await Promise.all(ending);
    await Promise.all([this.#parts.watch.stop(), this.#clockWatch.stop()]);
    // A full disk is no reason not to end: what was written before counts rather too much than too little.
    await this.#parts.quotas.close().catch(() => undefined);
    if (this.#server !== undefined) await rm(controlPath(this.#parts.dataPath), { force: true });
    await this.#parts.store.close();
    await this.#parts.closeWorld();
    this.#tellIfQuiet();
  }

  async quiet({ besidesHeld = false }: QuietOptions = {}): Promise<void> {
    try {
      await keptAlive(() => this.#untilQuiet(besidesHeld));
    } catch (error) {
      if (!this.#stopped) throw error;
    }
  }

  async #untilQuiet(besidesHeld: boolean): Promise<void> {
    for (;;) {
      // Before looking: what changes while we look must not be missed.
      const changed = new Promise<void>((tell) => this.#quietWaiters.push(tell));
      if (this.#stopped || (await this.#isQuiet(besidesHeld))) return;
      await changed;
    }
  }

  #tellIfQuiet(): void {
    for (const tell of this.#quietWaiters.splice(0)) tell();
  }

  async #isQuiet(besidesHeld: boolean): Promise<boolean> {
    const { store, project } = this.#parts;
    const held = besidesHeld ? this.#heldForPerson() : NOTHING_HELD;
    if (!this.#isIdle(held)) return false;
    const { syncs, arrivalsWaiting } = await store.status();
    if (arrivalsWaiting > 0 && allSyncs(project).length > 0) return false;
    const counted = syncs.filter(({ sync }) => !held.syncs.has(sync));
    if (counted.some(besidesHeld ? isDueBesidesLinks : (sync) => dueRows(sync) > 0)) return false;
    for (const [id, { resource }] of sourcesOf(project)) {
      if (held.resources.has(id)) continue;
      for (const kind of ["everything", "changes"] as const) {
        const scan = resource[kind] === undefined ? undefined : await store.scan(id, kind);
        if (scan?.beganAt !== undefined) return false;
        const isFirst = kind === "everything" ? resource[kind] : resource.everything === undefined && resource[kind];
        if (isFirst && scan?.completeAt === undefined) return false;
      }
    }
    return this.#isIdle(held);
  }

  /** What waits for a connection that is given up or paused. */
  #heldForPerson(): HeldForPerson {
    const { project, callers } = this.#parts;
    const isHeld = ({ connectionName }: ConnectedResource): boolean => callers.get(connectionName)?.isActive === false;
    return {
      syncs: new Set(allSyncs(project).flatMap((sync) => (resourcesOf(sync).some(isHeld) ? [sync.name] : []))),
      resources: new Set([...sourcesOf(project)].flatMap(([id, from]) => (isHeld(from) ? [id] : []))),
    };
  }

  #reconciler(sync: Sync, wakeSyncs: (syncs: readonly string[]) => void, onIdle: () => void): Reconciler {
    const { store, world, plants, watch } = this.#parts;
    return new Reconciler({
      onMisfit: (key, misfits) => watch.drift.misfit(sync.from.id, key, misfits),
      sync,
      store,
      world,
      plants,
      wakeSyncs,
      onIdle,
      source: this.#caller(sync.from.connectionName),
      target: this.#caller(sync.to.connectionName),
      report: this.#reportOf(),
    });
  }

  #pairsOf(sync: TwoWaySync, wakeSyncs: (syncs: readonly string[]) => void, onIdle: () => void): TwoWayReconciler {
    const { store, world, plants } = this.#parts;
    const [first, second] = resourcesOf(sync);
    const callers = [this.#caller(first.connectionName), this.#caller(second.connectionName)] as const;
    const report = this.#reportOf();
    const askChanges = (resource: string): void => this.#listings.get(resource)?.askSince(world.clock.now());
    const writers = this.#writers;
    return new TwoWayReconciler({
      sync,
      store,
      world,
      plants,
      writers,
      wakeSyncs,
      askChanges,
      onIdle,
      callers,
      report,
    });
  }

  #reportOf(): (what: "parked" | "bug", sync: string, key: string, reason: string) => void {
    return (what, name, key, reason) => {
      const [level, words] = what === "bug" ? (["error", "a fault"] as const) : (["warn", "parked"] as const);
      this.#calmly(`${what} ${name}`, level, `${words}: ${reason}`, { sync: name, key });
    };
  }

  #listing(from: ConnectedResource, wakeSyncs: (syncs: readonly string[]) => void, onIdle: () => void): Listing {
    const { store, world, plants, project, log } = this.#parts;
    const readers = allSyncs(project).filter((sync) => sourcesOfSync(sync).some(({ id }) => id === from.id));
    const reader = this.#onlyReader(from.id);
    return new Listing({
      ...(reader === undefined ? {} : { reader }),
      from: this.#parts.watch.drift.watching(from),
      store,
      world,
      plants,
      wakeSyncs,
      onIdle,
      intervals: {
        pollEveryMs: Math.min(...readers.map(({ pollEveryMs }) => pollEveryMs)),
        everythingEveryMs: Math.min(...readers.map(({ everythingEveryMs }) => everythingEveryMs)),
      },
      source: this.#caller(from.connectionName),
      report: (reason) => log("warn", reason, { resource: from.id }),
    });
  }

  #audited(sync: Sync | TwoWaySync): Audited {
    const [first, second] = resourcesOf(sync).map(({ connectionName }) => this.#caller(connectionName)) as [
      Caller,
      Caller,
    ];
    return sync.kind === "sync" ? auditedOneWay(sync, first, second) : auditedTwoWay(sync, [first, second]);
  }

  #onlyReader(resource: string): Reconciler | undefined {
    const [only, ...others] = allSyncs(this.#parts.project).filter((sync) =>
      sourcesOfSync(sync).some(({ id }) => id === resource),
    );
    return others.length === 0 ? this.#reconcilers.get(only?.name ?? "") : undefined;
  }

  #caller(connection: string): Caller {
    const caller = this.#parts.callers.get(connection);
    if (caller === undefined) throw new Error(`no connection ${connection} in the project`);
    return caller;
  }

  async #listen(): Promise<void> {
    const { project, world, dataPath } = this.#parts;
    this.#server = engineServer({
      ...this.#parts,
      clock: world.clock,
      control: this.control,
      connecting: this.connecting,
      token: this.#token,
      port: this.#parts.port ?? project.port,
      residentBytes: () => process.memoryUsage.rss(),
      onArrival: () => this.#arrivals.wake(),
      onRefused: (connection, reason) =>
        this.#calmly("refused", "warn", `refused a webhook: ${reason}`, { connection }),
    });
    this.#url = (await this.#server.start()).url;
    const reach = JSON.stringify({ url: this.#url, token: this.#token });
    await writeFile(controlPath(dataPath), reach, { mode: 0o600 });
  }

  #isIdle(held: HeldForPerson = NOTHING_HELD): boolean {
    return (
      this.#arrivals.idle &&
      [...this.#listings].every(([resource, { idle }]) => idle || held.resources.has(resource)) &&
      [...this.#reconcilers, ...this.#pairs].every(([sync, { idle }]) => idle || held.syncs.has(sync))
    );
  }
}

interface HeldForPerson {
  readonly syncs: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
}

const NOTHING_HELD: HeldForPerson = { syncs: new Set(), resources: new Set() };

/** Where a running engine says how it is reached; read by the command line. */
export const controlPath = (dataPath: string): string => `${dataPath}.control`;

function accountOf(connection: ConnectionBase, secrets: SecretReader): string | undefined {
  return connection.connector.account?.(readSettings(connection, secrets).settings);
}

/** Timers and an idle store let the process end: whoever waits for this wants it to come. */
async function keptAlive(work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => undefined, KEEP_ALIVE_EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}
