// One outgoing call of one connection, from the connector's request to an outcome: held back where it must be, signed in,
// sent, understood, learnt from and logged. The parts decide; here they are put together, once.
import type { Credentials } from "../auth/credentials.ts";
import { certificateOf } from "../auth/oauth-account.ts";
import { signInOf, type SignedIn, type SignIn } from "../auth/sign-in.ts";
import type { Answer, Api, ApiRequest, ConnectionBase, Connector, LimitReading } from "../define/connector.ts";
import { CallFailed, type Outcome, type OutcomeKind } from "../define/outcome.ts";
import type { SecretReader } from "../define/secret.ts";
import type { ConnectionState, Priority } from "../store/store.ts";
import type { WireFailure, WireTimeouts, World } from "../world/world.ts";
import { address, baseAddress, type BaseAddress } from "./address.ts";
import type { BreakerState } from "./breaker.ts";
import type { CallerWork } from "./caller-work.ts";
import { CleanLog } from "./clean-log.ts";
import { connectionLimits } from "./connection-limits.ts";
import { isReadOnce } from "./encode-body.ts";
import { follow } from "./follow.ts";
import { Gate } from "./gate.ts";
import { headerFault } from "./headers.ts";
import { NO_READINGS, readingsOf } from "./judge.ts";
import type { KeptQuotas } from "./kept-quotas.ts";
import { costOf, type Budget, type Limits } from "./limit.ts";
import type { CallEnd } from "./limit-state.ts";
import type { Limiter, Permit } from "./limiter.ts";
import { PAUSE_MS_MIN } from "./pauses.ts";
import type { Redirected } from "./redirect.ts";
import type { LogLimits } from "./request-log.ts";
import { RetryBudget } from "./retry-budget.ts";
import { Sender, type Ended } from "./sender.ts";
import { readSettings } from "./settings.ts";
import type { SharedLimits } from "./shared-limits.ts";
import type { Travel } from "./travel.ts";
import { writes } from "./writes.ts";

export type { CallerWork } from "./caller-work.ts";

export interface Caller {
  /** The provider for one piece of work. */
  api(work: CallerWork): Api;
  /** When calls may go out again; undefined: now. While the connection is not active: when to look again. */
  heldUntil(): number | undefined;
  /**
   * When the limits have room again for a call, if it is too long to wait for; `heldUntil` tells nothing of that. With a priority: when
   * such a call is to be asked for again, which is sooner where it is urgent, so that it stands in line by then.
   */
  fullUntil(priority?: Priority): number | undefined;
  /** How many calls may be under way, or leave soon enough to be waited for. */
  room(): number;
  /** The smallest declared limit of calls at the same time, or 16. */
  readonly concurrencyMax: number;
  counts(): CallerCounts;
  /** What is left of each limit of the provider, as far as we know. */
  budget(): readonly Budget[];
  /** False: it is given up or paused, until a person acts. */
  readonly isActive: boolean;
  /** What the store says of the connection: whether calls go out at all. */
  setConnectionState(state: ConnectionState): void;
  /** Sends away, held, whoever waits to call. */
  close(): void;
}

/** Counted since the start. */
export interface CallerCounts {
  readonly sent: number;
  readonly outcomes: Readonly<Record<OutcomeKind, number>>;
  readonly repeated: number;
  readonly held: number;
  readonly waiting: number;
  readonly underWay: number;
  readonly breaker: BreakerState["kind"];
}

export interface CallerLimits {
  /** The largest answer that is read, in bytes. Default 32 MiB. */
  readonly answerBytesMax?: number;
  /** The longest a call waits for its turn before it is given back as held, in milliseconds. Default 10,000. */
  readonly waitMsMax?: number;
  /** The most calls that wait. Default 10,000. */
  readonly waitersMax?: number;
  readonly log?: LogLimits;
}

export interface CallerOptions {
  readonly connection: ConnectionBase<any, any>;
  readonly secrets: SecretReader;
  readonly world: World;
  readonly credentials: Credentials;
  /** The credentials no longer work. Told once, until the connection is active again. */
  readonly onReauthorize: (reason: string) => void;
  readonly timeouts?: WireTimeouts;
  readonly limits?: CallerLimits;
  /** Where connections of one app find the limits that they share. Default: nothing is shared. */
  readonly sharedLimits?: SharedLimits;
  /** Keeps what is spent of quotas that last for a day. Default: it is forgotten at the end. */
  readonly quotas?: KeptQuotas;
  /** Learns how long calls are on their way. Default: one of its own. */
  readonly travel?: Travel;
}

/** A provider may be silent as long in its answer as before it: with two different times undici makes two timers for each call. */
const CALL_TIMEOUTS: WireTimeouts = { connectMs: 5_000, headersMs: 30_000, bodyIdleMs: 30_000, totalMs: 60_000 };
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

export function createCaller(options: CallerOptions): Caller {
  return new ConnectionCaller(options);
}

class ConnectionCaller implements Caller {
  readonly concurrencyMax: number;
  readonly #name: string;
  readonly #world: World;
  readonly #connector: Connector;
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #base: BaseAddress;
  readonly #gate: Gate;
  readonly #signIn: SignIn;
  readonly #limits: Limits;
  readonly #limiter: Limiter;
  readonly #sender: Sender;
  readonly #repetitions = new RetryBudget();
  readonly #log: CleanLog;
  readonly #onReauthorize: (reason: string) => void;
  #repeated = 0;

  constructor(options: CallerOptions) {
    const { connection, world, credentials, onReauthorize, timeouts = CALL_TIMEOUTS, limits = {} } = options;
    const connector = connection.connector as Connector;
    const { settings, secrets, missing } = readSettings(connection, options.secrets);
    this.#name = connection.connectionName;
    this.#world = world;
    this.#connector = connector;
    this.#settings = settings;
    this.#base = baseAddress(connector.baseUrl(settings), this.#name);
    this.#gate = new Gate(world.clock);
    const { concurrencyMax, ...of } = connectionLimits({
      connection: this.#name,
      connector: connector.name,
      declared: typeof connector.limits === "function" ? connector.limits(settings) : connector.limits,
      clock: world.clock,
      waitMsMax: limits.waitMsMax,
      waitersMax: limits.waitersMax,
      sharedLimits: options.sharedLimits,
      quotas: options.quotas,
      travel: options.travel,
    });
    this.concurrencyMax = concurrencyMax;
    this.#limits = of.limits;
    this.#limiter = of.limiter;
    const certificate = certificateOf(connector.certificate, settings);
    this.#signIn = signInOf(typeof connector.auth === "function" ? connector.auth(settings) : connector.auth, {
      connection: this.#name,
      settings,
      credentials,
      makers: world,
      ...(certificate === undefined ? {} : { certificate }),
    });
    const { secretFields: fields } = connector;
    this.#log = new CleanLog({
      connection: this.#name,
      secrets,
      limits: limits.log ?? {},
      redact: fields === undefined ? {} : { fields },
    });
    this.#sender = new Sender({
      world,
      connector,
      certificate,
      timeouts,
      signIn: this.#signIn,
      limiter: this.#limiter,
      repetitions: this.#repetitions,
      log: this.#log,
      answerBytesMax: limits.answerBytesMax ?? ANSWER_BYTES_MAX,
    });
    this.#onReauthorize = onReauthorize;
    if (missing.length > 0) this.#giveUp(`the environment has no ${missing.join(", ")}: set it, and start again`);
  }

  api(work: CallerWork): Api {
    return { settings: this.#settings, request: (request) => this.#request(work, request) };
  }

  get isActive(): boolean {
    return this.#gate.isActive;
  }

  heldUntil(): number | undefined {
    return this.#gate.heldUntil(this.#limiter.pausedUntil);
  }

  fullUntil(priority?: Priority): number | undefined {
    return this.#limiter.fullUntil(this.#limits.of(undefined), costOf(undefined), priority);
  }

  room(): number {
    return this.#limiter.room(this.#limits.of(undefined));
  }

  counts(): CallerCounts {
    return {
      sent: this.#sender.sent,
      outcomes: this.#sender.outcomes,
      repeated: this.#repeated,
      held: this.#gate.held,
      waiting: this.#limiter.waiting,
      underWay: this.#limiter.underWay,
      breaker: this.#gate.breaker,
    };
  }

  budget(): readonly Budget[] {
    return this.#limits.budget(this.#world.clock.now());
  }

  setConnectionState(state: ConnectionState): void {
    this.#gate.setState(state);
  }

  close(): void {
    this.#limiter.close();
  }

  async #request(work: CallerWork, request: ApiRequest): Promise<Answer> {
    const url = address(this.#base, request);
    const fault = url === undefined ? "its path leads off the connection's address" : headerFault(request.headers);
    if (url === undefined || fault !== undefined) {
      throw this.#failed(request, { kind: "invalid", reason: `the call was not sent: ${fault}` });
    }
    const ended = await this.#twice(work, request, url);
    if (ended.outcome.kind === "done") return ended.answer!;
    if (request.redirectsMax !== undefined) return this.#followed(work, request, url, ended);
    throw this.#failed(request, ended.outcome, ended.failure);
  }

  async #followed(work: CallerWork, request: ApiRequest, url: string, first: Ended): Promise<Answer> {
    const call = (next: Redirected): Promise<Ended> => this.#twice(work, next.request, next.url);
    const { last, ended, wasWrite } = await follow(this.#base, { request, url }, first, call);
    if (ended.outcome.kind !== "done") throw this.#failed(last, ended.outcome, ended.failure);
    if (wasWrite) work.wrote = true;
    return ended.answer!;
  }

  /** Once, and once more where that is safe. */
  async #twice(work: CallerWork, request: ApiRequest, url: string): Promise<Ended> {
    const first = await this.#once(work, request, url);
    if (first.outcome.kind === "done" || !this.#mayRepeat(first, request)) return first;
    this.#repeated += 1;
    const second = await this.#once(work, request, url);
    if (second.outcome.kind === "reauthorize") this.#giveUp(second.outcome.reason ?? "the credentials were refused");
    return second;
  }

  /** Once more at once: with another token after a refusal, else only where nothing can happen twice and few others do it. */
  #mayRepeat({ outcome, failure }: Ended, request: ApiRequest): boolean {
    if (outcome.kind === "done" || isReadOnce(request.body)) return false;
    if (outcome.kind === "reauthorize") return true;
    if (failure === undefined) return false;
    const isSafe = failure.sent === "no" || !writes(request);
    return isSafe && REPEATABLE.has(failure.kind) && this.#repetitions.take(this.#world.clock.now());
  }

  /** Through the gate, signed in, within the limits, sent; and all of them learn how it ended. */
  async #once(work: CallerWork, request: ApiRequest, url: string): Promise<Ended> {
    const entered = this.#gate.enter();
    if (typeof entered === "object") throw this.#failed(request, entered);
    const probe = entered === "probe";
    let permit: Permit | undefined;
    let told: "answered" | "failed" | "nothing" = "nothing";
    let end: CallEnd = "nothing";
    let readings: readonly LimitReading[] = NO_READINGS;
    try {
      // First, for it may take long: a limit counts from when a call leaves.
      const signing = this.#signIn.headers();
      const signed = signing instanceof Promise ? await this.#signedIn(signing) : signing;
      const asked = this.#limiter.ask({
        limits: this.#limits.of(request.limits),
        cost: costOf(request.cost),
        priority: work.priority,
        sync: work.sync ?? "",
      });
      const granted = asked instanceof Promise ? await asked : asked;
      if (!("end" in granted)) throw this.#failed(request, this.#gate.noRoom(granted));
      permit = granted;
      const still = asked instanceof Promise && !probe ? this.#gate.stillOpen() : "open";
      if (still !== "open") throw this.#failed(request, still);
      const result = await this.#sender.send(work, request, url, signed);
      told = FAILED.has(result.outcome.kind) ? "failed" : "answered";
      end = told === "failed" || result.outcome.kind === "throttled" ? "lost" : "answered";
      if (result.answer !== undefined) readings = readingsOf(this.#connector, result.answer);
      return result;
    } finally {
      this.#gate.leave(probe, told);
      permit?.end(readings, end);
    }
  }

  async #signedIn(signing: Promise<SignedIn>): Promise<SignedIn> {
    try {
      return await signing;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const outcome = this.#gate.hold({ ...error.outcome, held: true });
      if (outcome.kind === "reauthorize") this.#giveUp(outcome.reason ?? error.message);
      else this.#limiter.pauseUntil(this.#world.clock.now() + (outcome.retryAfterMs ?? PAUSE_MS_MIN));
      throw new CallFailed(outcome, error.message, { cause: error });
    }
  }

  #giveUp(reason: string): void {
    const words = this.#log.words(reason);
    if (this.#gate.giveUp(words)) this.#onReauthorize(words);
  }

  #failed(request: ApiRequest, outcome: Outcome, cause?: WireFailure): CallFailed {
    const path = this.#log.words(request.path.split("?", 1)[0]!);
    const words = `${request.method} ${path} of ${this.#name} ended ${outcome.kind}: ${outcome.reason ?? "no reason given"}`;
    return new CallFailed(outcome, words, { cause });
  }
}

const FAILED: ReadonlySet<OutcomeKind> = new Set(["unavailable", "unknown"]);
/** Failures that the next connection may not have. */
const REPEATABLE: ReadonlySet<WireFailure["kind"]> = new Set(["resolve", "connect", "reset", "truncated"]);
