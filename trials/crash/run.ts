// One run of the trial: kills Bowline as often as asked, starts it again at once, and in between lets everything come to
// rest and compares. It stops as soon as a loss or a duplicate is proven.
import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { SeededRandom } from "../../src/world/virtual.ts";
import { Acknowledged } from "./acknowledged.ts";
import type { ChildLine, ChildStatus, Orders } from "./child-lines.ts";
import { compare, type Compared } from "./compare.ts";
import { KILL_POINTS, type KillPoint } from "./kill-points.ts";
import type { Options } from "./options.ts";
import { LifePlanner, type LifePlan } from "./plan-life.ts";
import { Life } from "./process.ts";
import { openProviders, type Providers } from "./providers.ts";
import { SEARCH_LAG_MS_MAX, Traffic } from "./traffic.ts";
import type { Figures } from "./verdict.ts";

/** After so many kills everything comes to rest and is compared; then after each so many more. */
const FIRST_REST_AFTER = 20;
const SECOND_REST_AFTER = 60;
const REST_EVERY = 70;
/** A life that has not recovered by then is given up; so is a rest. */
const RECOVERY_WAIT_MS = 20_000;
const REST_WAIT_MS = 90_000;
/** How long a named point may keep us waiting once Bowline is at work. */
const POINT_WAIT_MS = 5_000;
const ASK_EVERY_MS = 100;

export interface Outcome {
  readonly figures: Figures;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** What Bowline itself called an error. */
  readonly errors: readonly string[];
  readonly folder: string;
}

export async function runCrash(options: Options, say: (words: string) => void): Promise<Outcome> {
  const run = await CrashRun.open(options, say);
  try {
    return await run.run();
  } finally {
    await run.close();
  }
}

class CrashRun {
  readonly #options: Options;
  readonly #say: (words: string) => void;
  readonly #providers: Providers;
  readonly #traffic: Traffic;
  readonly #planner: LifePlanner;
  readonly #acknowledged: Acknowledged;
  readonly #folder: string;
  readonly #port: number;
  readonly #beganAt = Date.now();
  readonly #counts = { kills: 0, atRandom: 0, cutOff: 0, resolved: 0, refreshes: 0 };
  readonly #atPoints = Object.fromEntries(KILL_POINTS.map((point) => [point, 0])) as Record<KillPoint, number>;
  readonly #recoveriesMs: number[] = [];
  readonly #errors: string[] = [];
  #compared: Compared = { missed: [], doubled: [] };
  #diedAt: number | undefined;
  #life: Life | undefined;

  static async open(options: Options, say: (words: string) => void): Promise<CrashRun> {
    const port = await freePort();
    const random = new SeededRandom(options.seed);
    const acknowledged = new Acknowledged();
    const providers = await openProviders({ random, acknowledged, hookUrl: `http://127.0.0.1:${port}/hooks/shop` });
    return new CrashRun({ options, say, port, random, acknowledged, providers });
  }

  constructor(parts: {
    readonly options: Options;
    readonly say: (words: string) => void;
    readonly port: number;
    readonly random: SeededRandom;
    readonly acknowledged: Acknowledged;
    readonly providers: Providers;
  }) {
    this.#options = parts.options;
    this.#say = parts.say;
    this.#port = parts.port;
    this.#acknowledged = parts.acknowledged;
    this.#providers = parts.providers;
    this.#traffic = new Traffic(parts.providers.shop, parts.random);
    this.#planner = new LifePlanner(parts.random);
    this.#folder = join(
      import.meta.dirname,
      "..",
      "..",
      ".data",
      "trials",
      `crash-${parts.options.seed}-${process.pid}`,
    );
    mkdirSync(this.#folder, { recursive: true });
  }

  async run(): Promise<Outcome> {
    const { kills } = this.#options;
    let restAfter = FIRST_REST_AFTER;
    this.#traffic.start();
    while (this.#counts.kills < kills && !this.#isProven()) {
      if (this.#counts.kills === restAfter) {
        await this.#rest();
        restAfter = restAfter === FIRST_REST_AFTER ? SECOND_REST_AFTER : restAfter + REST_EVERY;
        if (!this.#isProven()) await this.#end({ kind: "at-work", afterMs: 0 });
      } else {
        const plan = this.#planner.next();
        this.#begin(plan);
        await this.#end(plan);
      }
      if (this.#counts.kills % 10 === 0) this.#progress();
    }
    if (!this.#isProven()) await this.#rest();
    await this.#stop();
    return { ...this.#judged(), folder: this.#folder };
  }

  async close(): Promise<void> {
    this.#traffic.stop();
    this.#life?.kill();
    await this.#life?.ended;
    await this.#providers.close();
    if (!this.#options.keep) rmSync(this.#folder, { recursive: true, force: true });
  }

  // ------------------------------------------------------------ one life

  #begin(plan: LifePlan): Life {
    const { plant } = this.#options;
    const orders: Orders = {
      dataPath: join(this.#folder, "bowline.db"),
      port: this.#port,
      ...(plan.kind === "point" ? { kill: plan.kill } : {}),
      ...(plant === undefined ? {} : { plant }),
    };
    const compileCache = join(this.#folder, "..", "compiled");
    const life: Life = new Life({
      orders,
      environment: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...this.#providers.environment },
      heard: (line) => this.#hear(line),
      onRecovered: (at) => {
        if (this.#diedAt !== undefined) this.#recoveriesMs.push(at - this.#diedAt);
      },
    });
    this.#life = life;
    return life;
  }

  /** Waits for the end that was planned, or brings it. */
  async #end(plan: LifePlan): Promise<void> {
    const life = this.#life!;
    const killAt = setInterval(() => {
      if (isTime(plan, life, Date.now())) life.kill();
    }, 5);
    const ending = await life.ended;
    clearInterval(killAt);
    if (ending.signal !== "SIGKILL") {
      this.#life = undefined;
      const how = `it ended by itself with ${ending.code ?? ending.signal}`;
      this.#compared = { missed: [...this.#compared.missed, how], doubled: this.#compare().doubled };
      return;
    }
    this.#life = undefined;
    if (life.recoveredAt === undefined && ending.at - life.startedAt >= RECOVERY_WAIT_MS) {
      this.#recoveriesMs.push(ending.at - (this.#diedAt ?? life.startedAt));
    }
    this.#diedAt = ending.at;
    this.#acknowledged.died();
    this.#counts.kills += 1;
    if (ending.point !== undefined) this.#atPoints[ending.point] += 1;
    else {
      this.#counts.atRandom += 1;
      if (plan.kind === "point") this.#planner.missed(plan.kill);
    }
    this.#compared = { missed: [], doubled: this.#compare().doubled };
  }

  #hear(line: ChildLine): void {
    switch (line.is) {
      case "ready":
        return this.#acknowledged.prove(join(this.#folder, "bowline.db"));
      case "recovered":
        this.#counts.cutOff += line.writes;
        return;
      case "resolved":
        this.#counts.resolved += line.writes;
        return;
      case "refreshed":
        this.#counts.refreshes += 1;
        return;
      case "log":
        if (line.level === "error") this.#errors.push(line.message);
        if (line.level === "error" || this.#options.keep) this.#say(`${line.level}: ${line.message}`);
        return;
      case "at":
      case "cleared":
      case "status":
        return;
    }
  }

  // ------------------------------------------------------------ rest

  /** Starts a life, ends traffic and troubles, waits until nothing is left to do, and compares. The life goes on. */
  async #rest(): Promise<void> {
    const life = this.#begin({ kind: "spared" });
    await waitUntil(() => life.recoveredAt !== undefined, RECOVERY_WAIT_MS);
    this.#traffic.stop();
    this.#providers.troubled = false;
    this.#providers.shop.webhooks.stop();
    const quietSince = Date.now();
    const restless = await this.#restless(life, quietSince + SEARCH_LAG_MS_MAX);
    const { missed, doubled } = this.#compare();
    this.#compared = { missed: [...restless, ...missed], doubled };
    this.#say(
      `after ${this.#counts.kills} kills at rest in ${seconds(Date.now() - quietSince)} s: ` +
        `${this.#compared.missed.length} missed, ${doubled.length} doubled`,
    );
    this.#providers.troubled = true;
    this.#traffic.start();
  }

  /** What keeps it from coming to rest; empty: nothing any more. */
  async #restless(life: Life, listedUntil: number): Promise<readonly string[]> {
    const giveUpAt = Date.now() + REST_WAIT_MS;
    let dead = false;
    void life.ended.then(() => (dead = true));
    for (;;) {
      if (dead) return ["Bowline ended while it came to rest"];
      const status = await life.status();
      const lasting = [...status.parked, ...status.lostConnections.map((name) => `connection ${name} was lost`)];
      if (status.lostConnections.length > 0) return lasting;
      if (status.pending === 0 && status.listedUntil > listedUntil) return lasting;
      if (Date.now() > giveUpAt) return [...lasting, notAtRest(status, listedUntil)];
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
  }

  async #stop(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    life.stop();
    const { code, signal } = await life.ended;
    this.#life = undefined;
    if (code === 0) return;
    const how = `it did not stop in an orderly way, but with ${code ?? signal}`;
    this.#compared = { ...this.#compared, missed: [...this.#compared.missed, how] };
  }

  // ------------------------------------------------------------ judging

  #compare(): Compared {
    const { shop, books } = this.#providers;
    return compare({
      orders: shop.orders.values(),
      customers: shop.customers.values(),
      bookedInvoices: books.truth.invoices.values(),
      bookedCustomers: books.truth.customers.values(),
    });
  }

  #isProven(): boolean {
    return this.#acknowledged.lost.length + this.#compared.missed.length + this.#compared.doubled.length > 0;
  }

  #progress(): void {
    const { kills, resolved, refreshes } = this.#counts;
    this.#say(
      `${kills} kills in ${seconds(Date.now() - this.#beganAt)} s: ${this.#acknowledged.count} webhooks acknowledged, ` +
        `${this.#providers.books.truth.invoices.size} invoices, ${resolved} unknown outcomes resolved, ${refreshes} refreshes`,
    );
  }

  #judged(): Omit<Outcome, "folder"> {
    const { shop, books, troubles } = this.#providers;
    const { kills, atRandom, cutOff, resolved, refreshes } = this.#counts;
    const sorted = this.#recoveriesMs.toSorted((one, other) => one - other);
    const lost = [...this.#acknowledged.lost, ...this.#compared.missed];
    const { doubled } = this.#compared;
    const figures: Figures = {
      kills,
      acknowledged: this.#acknowledged.count,
      lost: lost.length,
      duplicates: doubled.length,
      recovery_s_max: seconds(sorted.at(-1) ?? 0),
      errors: this.#errors.length,
      recovery_s_median: seconds(sorted[sorted.length >> 1] ?? 0),
      recoveries: sorted.length,
      kills_at_points: this.#atPoints,
      kills_at_random: atRandom,
      writes_cut_off: cutOff,
      unknown_resolved: resolved,
      refreshes,
      refresh_tokens_again: books.truth.refreshTokensPresentedTwice,
      webhooks: { ...shop.webhooks.counts },
      troubles,
      orders: shop.orders.size,
      invoices: books.truth.invoices.size,
      customers: books.truth.customers.size,
      seed: this.#options.seed,
      plant: this.#options.plant ?? null,
      seconds: seconds(Date.now() - this.#beganAt),
    };
    return { figures, lost, doubled, errors: this.#errors };
  }
}

function isTime(plan: LifePlan, { startedAt, recoveredAt }: Life, now: number): boolean {
  if (plan.kind === "soon") return now >= startedAt + plan.afterMs;
  if (recoveredAt === undefined) return now >= startedAt + RECOVERY_WAIT_MS;
  if (plan.kind === "at-work") return now >= recoveredAt + plan.afterMs;
  return plan.kind === "point" && now >= recoveredAt + POINT_WAIT_MS;
}

function notAtRest({ pending, listedUntil }: ChildStatus, wanted: number): string {
  const behind = listedUntil > wanted ? "all listed" : `listed until ${seconds(wanted - listedUntil)} s too early`;
  return `it did not come to rest within ${seconds(REST_WAIT_MS)} s: ${pending} rows pending, ${behind}`;
}

async function waitUntil(isSo: () => boolean, waitMs: number): Promise<void> {
  const giveUpAt = Date.now() + waitMs;
  while (!isSo() && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
}

const seconds = (ms: number): number => Math.round(ms / 10) / 100;

/** A port that nobody has now; Bowline comes back to it each time. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("could not find a free port");
  return address.port;
}
