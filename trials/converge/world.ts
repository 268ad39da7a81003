// The whole world of one sequence: the systems, the ledger, virtual time, and the engine on a real file of state, which can be
// dropped at any moment as a crash drops a process.
import { createHash, type Hash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { inProcessNetwork } from "../../src/world/in-process.ts";
import type { Plants } from "../../src/world/plant.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import type { Network } from "../../src/world/world.ts";
import { mortalEngine, type Mortal } from "../ambiguous/mortal.ts";
import { addressOf } from "./connector.ts";
import { entered, SYSTEMS, type System } from "./fields.ts";
import { Ledger } from "./ledger.ts";
import { projectOf } from "./project.ts";
import { Provider, shown, type Contact, type Told } from "./provider.ts";
import { pairsOf, syncName, type Setting } from "./setting.ts";

export interface WorldOptions {
  readonly setting: Setting;
  readonly dataPath: string;
  readonly plants: Plants;
}

export class TrialWorld {
  readonly setting: Setting;
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly providers: readonly Provider[];
  readonly ledger: Ledger;
  /** What the engine itself called an error. */
  readonly errors: string[] = [];
  webhooksLost = 0;
  /** Crashes, outages and lost answers: each may cost a write more. */
  troubles = 0;
  /** Every request and its time: the same seed gives the same. */
  readonly trace: Hash = createHash("sha256");
  readonly #options: WorldOptions;
  #mortal: Mortal | undefined;
  #delivered = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    const { setting } = options;
    this.setting = setting;
    this.random = new SeededRandom(setting.seed);
    this.ledger = new Ledger(setting, (id) => this.contact(id));
    this.providers = SYSTEMS.slice(0, setting.systems).map(
      (system) =>
        new Provider({
          system,
          setting,
          clock: this.clock,
          random: this.random,
          witness: {
            wrote: (contact, values, how) => {
              this.ledger.wrote(contact, values, { ...how, at: this.clock.now() });
              // It was on its way when Bowline died.
              if (!this.isUp) this.ledger.unconfirmed(contact.id);
              if (this.ledger.isRunaway) this.#stopAnswering();
            },
            removed: (contact, how) => this.ledger.removed(contact, how),
            unconfirmed: (contact) => this.ledger.unconfirmed(contact.id),
            automated: (contact) => {
              const edit = this.ledger.nextEdit();
              const value = entered("city", edit, 1);
              this.ledger.edited(contact, "city", value, edit, this.clock.now());
              this.ledger.authored(edit, contact.id);
              return { city: value };
            },
          },
        }),
    );
  }

  contact(id: string): Contact | undefined {
    return this.providers.find(({ system }) => system.startsWith(id.charAt(0)))?.contacts.get(id);
  }

  provider(system: System): Provider {
    return this.providers.find((one) => one.system === system) as Provider;
  }

  get isUp(): boolean {
    return this.#mortal !== undefined;
  }

  get mortal(): Mortal {
    if (this.#mortal === undefined) throw new Error("Bowline is down: expected it to be up here");
    return this.#mortal;
  }

  async start(): Promise<void> {
    const { setting, dataPath, plants } = this.#options;
    this.#mortal = await mortalEngine({
      project: projectOf(setting),
      dataPath,
      plants,
      world: { clock: this.clock, random: this.random, network: this.#network() },
      log: (level, message) => {
        if (level === "error") this.errors.push(message);
      },
    });
    await this.#mortal.engine.start();
  }

  /** Drops it now; nothing that is under way comes back to it. */
  async crash(): Promise<void> {
    const dying = this.#mortal;
    this.#mortal = undefined;
    this.ledger.crashed(this.clock.now());
    await dying?.kill();
  }

  async end(): Promise<void> {
    await this.crash();
  }

  /** A webhook becomes durable, as behind the edge, and is taken up. */
  async deliver(system: System, hook: Told, isResent = false): Promise<boolean> {
    if (this.#mortal === undefined) return false;
    this.#delivered += 1;
    const dedupeId = isResent ? `${system}-${hook.id}-again-${this.#delivered}` : `${system}-${hook.id}`;
    const body = Buffer.from(JSON.stringify(hook));
    const { store, engine } = this.#mortal;
    await store.ingest([{ connection: system, dedupeId, at: this.clock.now(), headers: {}, body }]);
    // Nothing is that new: it only wakes whoever takes up what came in.
    await engine.control.replay({ since: Number.MAX_SAFE_INTEGER });
    return true;
  }

  /** Lists each system now, as people and schedules do. */
  async ask(full: boolean): Promise<void> {
    for (const pair of pairsOf(this.setting)) await this.mortal.engine.control.sync(syncName(pair), { full });
  }

  /** Hands over contacts as their system's export has them. */
  async importContacts(system: System, contacts: readonly Contact[]): Promise<void> {
    await this.mortal.engine.control.importRecords(
      `${system}/contacts`,
      contacts.map((contact) => shown(contact, this.setting)),
    );
  }

  /** The base of its links is wiped in the file, as a bad restore would. */
  loseBase(contact: string): void {
    const database = new DatabaseSync(this.#options.dataPath);
    try {
      database.exec("PRAGMA busy_timeout = 1000");
      database
        .prepare(
          "UPDATE link SET base = 'null' WHERE target_key = ? OR record IN (SELECT id FROM record WHERE key = ?)",
        )
        .run(contact, contact);
    } finally {
      database.close();
    }
  }

  /** What has no end would take the trial with it. */
  #stopAnswering(): void {
    for (const provider of this.providers) provider.downUntil = Number.POSITIVE_INFINITY;
  }

  #network(): Network {
    const handlers = new Map(
      this.providers.map((one) => [addressOf(one.system), (request: Request) => one.fetch(request)]),
    );
    const inside = inProcessNetwork(handlers, this.clock);
    return {
      send: (request) => {
        const body = typeof request.body === "string" ? request.body : "";
        this.trace.update(`${this.clock.now()} ${request.method} ${request.url} ${body}\n`);
        return inside.send(request);
      },
    };
  }
}
