// One run of the trial: rotation after rotation under load, most of them cut off by a kill and ended by a new process.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SeededRandom } from "../../src/world/virtual.ts";
import { look } from "./file.ts";
import { DATA_POINTS, KILL_POINTS, type KillPoint } from "./kill-points.ts";
import { Life, type Of } from "./life.ts";
import type { Command, Line } from "./lines.ts";
import type { Options } from "./options.ts";
import { Truth } from "./truth.ts";
import type { Figures } from "./verdict.ts";

const CONNECTIONS = Array.from({ length: 24 }, (_, index) => `account-${index}`);
/** The share of rotations that are cut off, and of these the share that is cut off at a named point. */
const CUT_SHARE = 0.8;
const POINT_SHARE = 0.75;
const RANDOM_KILL_MS_MAX = 150;
/** No rotation is cut off more often: some must be ended. */
const CUTS_MAX = 3;
const WITH_DATA_SHARE = 0.7;
const PROBLEMS_MAX = 12;
const POINT_WAIT_MS = 5_000;
const SAVES_EACH = 15;
const LOAD_WAIT_MS = 3_000;
const ASK_EVERY_MS = 10;

export interface Outcome {
  readonly figures: Figures;
  readonly problems: readonly string[];
}

export async function runRotate(options: Options, say: (words: string) => void): Promise<Outcome> {
  const run = new RotateRun(options, say);
  try {
    return await run.run();
  } finally {
    await run.close();
  }
}

class RotateRun {
  readonly #options: Options;
  readonly #say: (words: string) => void;
  readonly #random: SeededRandom;
  readonly #folder: string;
  readonly #dataPath: string;
  readonly #truth = new Truth();
  readonly #beganAt = Date.now();
  readonly #problems: string[] = [];
  readonly #atPoints = Object.fromEntries(KILL_POINTS.map((point) => [point, 0])) as Record<KillPoint, number>;
  readonly #destroyed = new Set<string>();
  readonly #counts = { rotations: 0, kills: 0, atRandom: 0, resealed: 0, unreadable: 0, onOldKey: 0, lives: 0 };
  #points: KillPoint[] = [];
  #life: Life | undefined;

  constructor(options: Options, say: (words: string) => void) {
    this.#options = options;
    this.#say = say;
    this.#random = new SeededRandom(options.seed);
    this.#folder = join(import.meta.dirname, "..", "..", ".data", "trials", `rotate-${options.seed}-${process.pid}`);
    mkdirSync(this.#folder, { recursive: true });
    this.#dataPath = join(this.#folder, "bowline.db");
  }

  async run(): Promise<Outcome> {
    await this.#begin();
    while (this.#counts.rotations < this.#options.rotations && this.#problems.length < PROBLEMS_MAX) {
      await this.#rotation();
      if (this.#counts.rotations % 10 === 0) this.#progress();
    }
    // The last one opens everything with what the last rotation left.
    await this.#stop();
    if (this.#problems.length < PROBLEMS_MAX) {
      await this.#begin();
      await this.#stop();
    }
    return { figures: this.#figures(), problems: this.#problems };
  }

  async close(): Promise<void> {
    this.#life?.kill();
    await this.#life?.ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  // ------------------------------------------------------------ one rotation

  async #rotation(): Promise<void> {
    const before = look(this.#dataPath).keysInFile;
    const data = this.#random.next() < WITH_DATA_SHARE;
    const cuts = this.#random.next() < CUT_SHARE ? 1 + Math.floor(this.#random.next() * CUTS_MAX) : 0;
    for (let cut = 0; cut < cuts; cut += 1) {
      await this.#cutOff(data);
      await this.#begin();
    }
    const rotated = await this.#life!.rotate({ data });
    if (rotated === undefined) {
      this.#problem("it ended by itself while it rotated");
      return this.#begin();
    }
    this.#counts.rotations += 1;
    this.#counts.resealed += rotated.resealed;
    this.#judge(rotated, before);
    await this.#underLoad();
  }

  /** A rotation is quick: without this few tokens would be saved in between. */
  async #underLoad(): Promise<void> {
    const giveUpAt = Date.now() + LOAD_WAIT_MS;
    while (this.#truth.saves < SAVES_EACH * this.#counts.rotations && Date.now() < giveUpAt) {
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
  }

  async #cutOff(data: boolean): Promise<void> {
    const life = this.#life!;
    const isAtPoint = this.#random.next() < POINT_SHARE;
    const point = isAtPoint ? this.#nextPoint(data) : undefined;
    const command: Command = point === undefined ? { data } : { data, kill: { point, time: this.#timeOf(point) } };
    void life.rotate(command);
    const waitMs = point === undefined ? this.#random.next() * RANDOM_KILL_MS_MAX : POINT_WAIT_MS;
    const timer = setTimeout(() => life.kill(), waitMs);
    const { point: reached, signal, code } = await life.ended;
    clearTimeout(timer);
    if (signal !== "SIGKILL") this.#problem(`it ended by itself with ${code ?? signal}`);
    this.#counts.kills += 1;
    if (reached === undefined) this.#counts.atRandom += 1;
    else this.#atPoints[reached] += 1;
  }

  /** Each in turn, in an order that the seed decides. */
  #nextPoint(data: boolean): KillPoint {
    if (this.#points.length === 0) {
      const thrown = KILL_POINTS.map((point) => ({ point, dice: this.#random.next() }));
      this.#points = thrown.toSorted((one, other) => one.dice - other.dice).map(({ point }) => point);
    }
    const index = this.#points.findLastIndex((point) => data || !DATA_POINTS.has(point));
    return index === -1 ? "rewrap:before" : this.#points.splice(index, 1)[0]!;
  }

  #timeOf(point: KillPoint): number {
    return /^(reseal|save):/.test(point) ? 1 + Math.floor(this.#random.next() * CONNECTIONS.length) : 1;
  }

  // ------------------------------------------------------------ lives

  async #begin(): Promise<void> {
    this.#counts.lives += 1;
    const { plant, seed } = this.#options;
    const orders = {
      dataPath: this.#dataPath,
      connections: CONNECTIONS,
      seed: seed + this.#counts.lives,
      ...(plant === undefined ? {} : { plant }),
    };
    const life = new Life(orders, (line) => this.#hear(line), join(this.#folder, "..", "compiled"));
    this.#life = life;
    if ((await life.ready) === undefined) {
      throw new Error("could not go on: the process under load did not start; see above");
    }
  }

  async #stop(): Promise<void> {
    this.#life?.stop();
    const ending = await this.#life?.ended;
    if (ending !== undefined && ending.code !== 0)
      this.#problem(`it did not stop in an orderly way, but with ${ending.code}`);
    this.#life = undefined;
  }

  /** In the order in which it was said: what it found, then what it saves. */
  #hear(line: Line): void {
    if (line.is === "ready") this.#check(line);
    if (line.is === "saving" || line.is === "saved") this.#truth[line.is](line);
    if (line.is === "wrong") this.#problem(`${line.connection}: ${line.reason}`);
  }

  // ------------------------------------------------------------ judging

  #check({ kept, unreadable }: Of<"ready">): void {
    this.#counts.unreadable += unreadable.length;
    for (const { connection, why } of unreadable) this.#problem(`the token of ${connection} does not open: ${why}`);
    const closed = new Set(unreadable.map(({ connection }) => connection));
    for (const words of this.#truth.compare(kept)) if (!closed.has(words.connection)) this.#problem(words.reason);
  }

  #judge(rotated: Of<"rotated">, before: readonly string[]): void {
    const { onOldKey, keysInFile } = look(this.#dataPath);
    this.#counts.unreadable += rotated.unreadable.length;
    this.#counts.onOldKey += onOldKey;
    for (const key of before) this.#destroyed.add(key);
    if (onOldKey > 0) this.#problem(`${onOldKey} secrets are on an old key after rotation ${this.#counts.rotations}`);
    if (keysInFile.length !== 1) this.#problem(`expected one key in the key file, got ${keysInFile.length}`);
    if (keysInFile.some((key) => this.#destroyed.has(key))) this.#problem("an old key is still in the key file");
  }

  #problem(words: string): void {
    this.#problems.push(words);
  }

  #progress(): void {
    const { rotations, kills } = this.#counts;
    const seconds = Math.round((Date.now() - this.#beganAt) / 1_000);
    this.#say(`${rotations} rotations, ${kills} kills, ${this.#truth.saves} tokens saved in ${seconds} s`);
  }

  #figures(): Figures {
    const { rotations, kills, atRandom, resealed, unreadable, onOldKey, lives } = this.#counts;
    const seconds = Math.round((Date.now() - this.#beganAt) / 10) / 100;
    return {
      rotations,
      unreadable,
      onOldKey,
      kills,
      kills_at_points: this.#atPoints,
      kills_at_random: atRandom,
      lives,
      saved: this.#truth.saves,
      resealed,
      keysDestroyed: this.#destroyed.size,
      seed: this.#options.seed,
      plant: this.#options.plant ?? null,
      seconds,
    };
  }
}
