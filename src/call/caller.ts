// One outgoing call of one connection, from the connector's request to an outcome: held back where it must be, signed in,
// sent, understood, learnt from and logged. The parts decide; here they are put together, once.
import type { Credentials } from "../auth/credentials.ts";
import { certificateOf } from "../auth/oauth-account.ts";
import { signInOf, type SignedIn, type SignIn } from "../auth/sign-in.ts";
import type { Answer, Api, ApiRequest, ConnectionBase, Connector, Limit, LimitReading } from "../define/connector.ts";
import { CallFailed, type Outcome, type OutcomeKind } from "../define/outcome.ts";
import type { SecretReader } from "../define/secret.ts";
import type { ConnectionState, Priority, RequestEntry } from "../store/store.ts";
import { WireFailure, type WireCertificate, type WireRequest, type WireTimeouts, type World } from "../world/world.ts";
import { address, baseAddress, type BaseAddress } from "./address.ts";
import { answerOf } from "./answer.ts";
import { askedAt } from "./asked-at.ts";
import { backoffMs } from "./backoff.ts";
import { admit, BREAKER_CLOSED, ended, holdsUntil, type BreakerState } from "./breaker.ts";
import { encodeBody, isReadOnce, type EncodedBody } from "./encode-body.ts";
import type { KeptQuotas } from "./kept-quotas.ts";
import { costOf, limitsOf, limitState, quotaState, type Budget, type Limits } from "./limit.ts";
import type { CallEnd, LimitState } from "./limit-state.ts";
import type { Held, Limiter, Permit } from "./limiter.ts";
import { outcomeOfAnswer, outcomeOfFailure, type JudgedAnswer } from "./outcome.ts";
import { loggedHeaders, repeatOf } from "./repeat.ts";
import { redirected, REDIRECTS_MAX } from "./redirect.ts";
import { requestLog, type LogLimits, type RequestLog } from "./request-log.ts";
import { RetryBudget } from "./retry-budget.ts";
import { headerFault, outgoingHeaders, type HeaderMaker } from "./headers.ts";
import { readSettings } from "./settings.ts";
import { makeApp, type SharedLimits } from "./shared-limits.ts";
import type { Travel } from "./travel.ts";

/** One piece of work that calls are made for. */
export interface CallerWork {
  readonly priority: Priority;
  readonly sync?: string;
  readonly key?: string;
  /** Each request that was sent is added here; the engine commits it with the work. */
  readonly entries: RequestEntry[];
  /** The logged request that a person has made again. */
  readonly repeats?: number;
  /** Set once a call that changes something ended `done`: whatever fails after it, the work is not undone. */
  wrote?: boolean;
  /** When the first of its calls was asked, by the provider's own clock; set where the answers tell. */
  askedAt?: number;
}

export interface Caller {
  /** The provider for one piece of work. */
  api(work: CallerWork): Api;
  /** When calls may go out again; undefined: now. While the connection is not active: when to look again. */
  heldUntil(): number | undefined;
  /** The smallest declared limit of calls at the same time, or 16. */
  readonly concurrencyMax: number;
  counts(): CallerCounts;
  /** What is left of each limit of the provider, as far as we know. */
  budget(): readonly Budget[];
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

export const CALL_TIMEOUTS: WireTimeouts = { connectMs: 5_000, headersMs: 30_000, bodyIdleMs: 15_000, totalMs: 60_000 };
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
const CONCURRENCY_DEFAULT = 16;
/** How soon to look again whether a connection that is not active is. */
const INACTIVE_MS = 60_000;
/** A pause of this length at least follows each `throttled` whose answer does not say how long. */
const PAUSE_MS_MIN = 1_000;
/** A provider's wish is lengthened by up to this share, so that not everybody comes back at once. */
const WISH_JITTER = 0.1;

export function createCaller(options: CallerOptions): Caller {
  return new ConnectionCaller(options);
}

/** How one sending ended. */
interface Ended {
  readonly outcome: Outcome;
  readonly answer?: JudgedAnswer;
  readonly failure?: WireFailure;
}

class ConnectionCaller implements Caller {
  readonly concurrencyMax: number;
  readonly #name: string;
  readonly #world: World;
  readonly #connector: Connector;
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #settingSecrets: readonly string[];
  readonly #base: BaseAddress;
  readonly #limits: Limits;
  readonly #limiter: Limiter;
  readonly #signIn: SignIn;
  readonly #certificate: WireCertificate | undefined;
  readonly #headers: HeaderMaker;
  readonly #timeouts: WireTimeouts;
  readonly #answerBytesMax: number;
  readonly #logLimits: LogLimits;
  readonly #onReauthorize: (reason: string) => void;
  readonly #budget = new RetryBudget();
  #log: RequestLog;
  #logFor: SignedIn | undefined;
  #breaker: BreakerState = BREAKER_CLOSED;
  #state: ConnectionState = { state: "active" };
  #throttledInRow = 0;
  #sent = 0;
  #repeated = 0;
  #held = 0;
  readonly #outcomes: Record<OutcomeKind, number> = {
    done: 0,
    missing: 0,
    invalid: 0,
    conflict: 0,
    denied: 0,
    reauthorize: 0,
    throttled: 0,
    unavailable: 0,
    unknown: 0,
  };

  constructor(options: CallerOptions) {
    const { connection, world, credentials, onReauthorize, timeouts = CALL_TIMEOUTS, limits = {} } = options;
    const connector = connection.connector as Connector;
    const { settings, secrets, missing } = readSettings(connection, options.secrets);
    this.#name = connection.connectionName;
    this.#world = world;
    this.#connector = connector;
    this.#settings = settings;
    this.#settingSecrets = secrets;
    this.#base = baseAddress(connector.baseUrl(settings), this.#name);
    const declared = typeof connector.limits === "function" ? connector.limits(settings) : connector.limits;
    this.concurrencyMax = declared.reduce(
      (least, limit) => (limit.kind === "concurrency" ? Math.min(least, limit.count) : least),
      declared.some((limit) => limit.kind === "concurrency") ? Number.POSITIVE_INFINITY : CONCURRENCY_DEFAULT,
    );
    const { waitMsMax, waitersMax } = limits;
    const alone = makeApp(world.clock, {
      ...(waitMsMax === undefined ? {} : { waitMsMax }),
      ...(waitersMax === undefined ? {} : { waitersMax }),
      ...(options.travel === undefined ? {} : { travel: options.travel }),
    });
    const shares = declared.some((limit) => limit.shared === true);
    const app = (shares ? options.sharedLimits?.app(connector.name) : undefined) ?? alone;
    const { quotas } = options;
    const stateFor =
      (owner: string) =>
      (limit: Limit): LimitState =>
        limit.kind === "quota" && quotas !== undefined
          ? quotas.follow(owner, limit.name, quotaState(limit, app.travel))
          : limitState(limit, app.travel);
    const ofApp = stateFor(`app ${connector.name}`);
    const own = stateFor(this.#name);
    this.#limits = limitsOf(declared, (limit) => (limit.shared ? app.stateOf(limit, ofApp) : own(limit)));
    this.#limiter = app.line.member({ tenant: this.#name, travel: app.travel });
    const auth = typeof connector.auth === "function" ? connector.auth(settings) : connector.auth;
    this.#certificate = certificateOf(connector.certificate, settings);
    this.#signIn = signInOf(auth, {
      connection: this.#name,
      settings,
      credentials,
      makers: world,
      ...(this.#certificate === undefined ? {} : { certificate: this.#certificate }),
    });
    this.#headers = outgoingHeaders(connector.headers);
    this.#timeouts = timeouts;
    this.#answerBytesMax = limits.answerBytesMax ?? ANSWER_BYTES_MAX;
    this.#logLimits = limits.log ?? {};
    this.#onReauthorize = onReauthorize;
    this.#log = this.#logWithout(secrets);
    if (missing.length > 0) this.#deactivate(`the environment has no ${missing.join(", ")}: set it, and start again`);
  }

  api(work: CallerWork): Api {
    return { settings: this.#settings, request: (request) => this.#request(work, request) };
  }

  heldUntil(): number | undefined {
    const now = this.#world.clock.now();
    if (this.#state.state !== "active") return now + INACTIVE_MS;
    const until = Math.max(this.#limiter.pausedUntil, holdsUntil(this.#breaker, now) ?? 0);
    return until > now ? until : undefined;
  }

  counts(): CallerCounts {
    return {
      sent: this.#sent,
      outcomes: { ...this.#outcomes },
      repeated: this.#repeated,
      held: this.#held,
      waiting: this.#limiter.waiting,
      underWay: this.#limiter.underWay,
      breaker: this.#breaker.kind,
    };
  }

  budget(): readonly Budget[] {
    return this.#limits.budget(this.#world.clock.now());
  }

  setConnectionState(state: ConnectionState): void {
    this.#state = state;
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

  /** From redirect to redirect, for as many as the request allows; each is a call like every other. */
  async #followed(work: CallerWork, request: ApiRequest, url: string, first: Ended): Promise<Answer> {
    let asked = { request, url };
    let ended = first;
    const most = Math.min(request.redirectsMax ?? 0, REDIRECTS_MAX);
    for (let followed = 0; followed < most && ended.outcome.kind !== "done"; followed += 1) {
      const { answer } = ended;
      const next = answer && redirected(this.#base, asked.request, { url: asked.url, answer });
      if (next === undefined) break;
      asked = next;
      ended = await this.#twice(work, next.request, next.url);
    }
    if (ended.outcome.kind === "done") return ended.answer!;
    throw this.#failed(asked.request, ended.outcome, ended.failure);
  }

  /** Once, and once more where that is safe. */
  async #twice(work: CallerWork, request: ApiRequest, url: string): Promise<Ended> {
    const first = await this.#once(work, request, url);
    if (first.outcome.kind === "done" || !this.#mayRepeat(first, request)) return first;
    this.#repeated += 1;
    const second = await this.#once(work, request, url);
    if (second.outcome.kind === "reauthorize")
      this.#deactivate(second.outcome.reason ?? "the credentials were refused");
    return second;
  }

  /** Once more at once: with another token after a refusal, else only where nothing can happen twice and few others do it. */
  #mayRepeat({ outcome, failure }: Ended, request: ApiRequest): boolean {
    if (outcome.kind === "done" || isReadOnce(request.body)) return false;
    if (outcome.kind === "reauthorize") return true;
    if (failure === undefined) return false;
    const isSafe = failure.sent === "no" || !writes(request);
    return isSafe && REPEATABLE.has(failure.kind) && this.#budget.take(this.#world.clock.now());
  }

  async #once(work: CallerWork, request: ApiRequest, url: string): Promise<Ended> {
    const probe = this.#admit(request);
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
      if (!("end" in granted)) throw this.#heldBack(request, granted);
      permit = granted;
      if (asked instanceof Promise && !probe) this.#stillAdmitted(request);
      const result = await this.#send(work, request, url, signed);
      told = FAILED.has(result.outcome.kind) ? "failed" : "answered";
      end = told === "failed" || result.outcome.kind === "throttled" ? "lost" : "answered";
      readings = result.answer === undefined ? NO_READINGS : this.#readingsOf(result.answer);
      return result;
    } finally {
      this.#breaker = ended(this.#breaker, { probe, ended: told }, this.#world.clock.now());
      permit?.end(readings, end);
    }
  }

  /** May a call go at all? True: it goes to see whether the provider is back. */
  #admit(request: ApiRequest): boolean {
    const now = this.#world.clock.now();
    this.#checkActive(request);
    const admission = admit(this.#breaker, now);
    this.#breaker = admission.state;
    if (admission.admitted === "no") throw this.#openBreaker(request, admission.until - now);
    return admission.admitted === "probe";
  }

  /** Whoever stood in line may find the connection given up or the breaker open meanwhile. */
  #stillAdmitted(request: ApiRequest): void {
    this.#checkActive(request);
    const now = this.#world.clock.now();
    if (this.#breaker.kind === "open" && this.#breaker.until > now) {
      throw this.#openBreaker(request, this.#breaker.until - now);
    }
  }

  #checkActive(request: ApiRequest): void {
    if (this.#state.state === "active") return;
    this.#held += 1;
    const reason = `the connection is held: ${this.#state.reason}`;
    throw this.#failed(request, { kind: "reauthorize", held: true, retryAfterMs: INACTIVE_MS, reason });
  }

  #openBreaker(request: ApiRequest, waitMs: number): CallFailed {
    this.#held += 1;
    const reason = "the provider was failing most calls: waiting until it is asked again";
    return this.#failed(request, { kind: "unavailable", held: true, retryAfterMs: Math.max(1, waitMs), reason });
  }

  #heldBack(request: ApiRequest, { until }: Held): CallFailed {
    this.#held += 1;
    const waitMs = Math.max(1, Math.ceil(until - this.#world.clock.now()));
    const reason = "the provider's limits leave no room for the call just now";
    return this.#failed(request, { kind: "throttled", held: true, retryAfterMs: waitMs, reason });
  }

  async #signedIn(signing: Promise<SignedIn>): Promise<SignedIn> {
    try {
      return await signing;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      this.#held += 1;
      const { outcome } = error;
      if (outcome.kind === "reauthorize") this.#deactivate(outcome.reason ?? error.message);
      else this.#limiter.pauseUntil(this.#world.clock.now() + (outcome.retryAfterMs ?? PAUSE_MS_MIN));
      throw new CallFailed({ ...outcome, held: true }, error.message, { cause: error });
    }
  }

  async #send(work: CallerWork, request: ApiRequest, url: string, signed: SignedIn): Promise<Ended> {
    const { clock, network } = this.#world;
    const body = encodeBody(request.body);
    const wire: WireRequest = {
      method: request.method,
      url,
      headers: this.#headers(signed.headers, request.headers, body.type),
      timeouts: this.#timeouts,
      bodyBytesMax: this.#answerBytesMax,
      ...(this.#certificate === undefined ? {} : { certificate: this.#certificate }),
      ...(body.wire === undefined ? {} : { body: body.wire }),
    };
    const at = clock.now();
    this.#sent += 1;
    this.#budget.called(at);
    let result: Ended;
    try {
      const response = await network.send(signed.finish?.(wire, at) ?? wire);
      const answer = answerOf(response);
      const asked = askedAt(response, { beganAt: at, endedAt: clock.now() });
      if (asked !== undefined) work.askedAt = Math.min(work.askedAt ?? asked, asked);
      result = { answer, outcome: this.#judge(answer, request) };
    } catch (error) {
      if (!(error instanceof WireFailure)) throw error;
      result = { failure: error, outcome: outcomeOfFailure(error, writes(request)) };
    }
    result = this.#learn(result, signed);
    this.#outcomes[result.outcome.kind] += 1;
    if (result.outcome.kind === "done" && writes(request)) work.wrote = true;
    work.entries.push(this.#entry(work, request, url, body, at, result));
    return result;
  }

  /** The connector's word first, then the table by status. */
  #judge(answer: JudgedAnswer, request: ApiRequest): Outcome {
    const now = this.#world.clock.now();
    let own: Outcome | undefined;
    try {
      own = this.#connector.outcome?.(answer, request);
    } catch (error) {
      // The call was answered, but nobody can say how: a write may have been done.
      const reason = `the connector could not tell what the answer (${answer.status}) means: ${String(error)}`;
      return { kind: writes(request) ? "unknown" : "invalid", reason };
    }
    return own ?? outcomeOfAnswer(answer, writes(request), now);
  }

  /** Keeps the log clean of the credential in use, and the connection quiet for as long as the provider asks. */
  #learn(result: Ended, signed: SignedIn): Ended {
    if (this.#logFor !== signed) {
      this.#log = this.#logWithout([...this.#settingSecrets, ...signed.secrets]);
      this.#logFor = signed;
    }
    const { outcome } = result;
    if (outcome.kind === "done") {
      this.#throttledInRow = 0;
      return result;
    }
    if (outcome.kind === "reauthorize") this.#signIn.refused(signed);
    const waitMs = this.#pauseAfter(outcome, result.answer);
    if (waitMs !== undefined) this.#limiter.pauseUntil(this.#world.clock.now() + waitMs);
    const reason = outcome.reason === undefined ? {} : { reason: this.#log.words(outcome.reason) };
    return { ...result, outcome: { ...outcome, ...reason, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) } };
  }

  #pauseAfter(outcome: Outcome, answer: JudgedAnswer | undefined): number | undefined {
    if (outcome.kind !== "throttled" && outcome.kind !== "unavailable") return undefined;
    const { random, clock } = this.#world;
    const wish = outcome.retryAfterMs ?? (answer && outcomeOfAnswer(answer, false, clock.now()).retryAfterMs);
    // Several calls under way may all be told of one throttling: it counts once, and so does its pause.
    if (outcome.kind === "throttled" && clock.now() >= this.#limiter.pausedUntil) this.#throttledInRow += 1;
    if (wish !== undefined) return Math.ceil(wish * (1 + random.next() * WISH_JITTER));
    if (outcome.kind === "unavailable") return undefined;
    return PAUSE_MS_MIN + backoffMs(Math.max(0, this.#throttledInRow - 1), random.next());
  }

  #readingsOf(answer: Answer): readonly LimitReading[] {
    try {
      return this.#connector.readLimits?.(answer) ?? NO_READINGS;
    } catch {
      // What cannot be read teaches nothing; the call itself was answered.
      return NO_READINGS;
    }
  }

  #logWithout(secrets: readonly string[]): RequestLog {
    const { secretFields: fields } = this.#connector;
    return requestLog(this.#name, secrets, this.#logLimits, fields === undefined ? {} : { fields });
  }

  #entry(
    work: CallerWork,
    request: ApiRequest,
    url: string,
    body: EncodedBody,
    at: number,
    { outcome, answer }: Ended,
  ): RequestEntry {
    const repeat = repeatOf(request, body, writes(request));
    const headers = loggedHeaders(request, body);
    return this.#log.entry({
      at,
      method: request.method,
      url,
      outcome: outcome.kind,
      durationMs: this.#world.clock.now() - at,
      ...(answer === undefined ? {} : { status: answer.status, responseBody: answer.text }),
      ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
      ...(work.sync === undefined ? {} : { sync: work.sync }),
      ...(work.key === undefined ? {} : { key: work.key }),
      ...(body.logged === undefined ? {} : { requestBody: body.logged }),
      ...(headers === undefined ? {} : { requestHeaders: headers }),
      ...(repeat === undefined ? {} : { repeat }),
      ...(work.repeats === undefined ? {} : { repeats: work.repeats }),
    });
  }

  #deactivate(reason: string): void {
    if (this.#state.state !== "active") return;
    const words = this.#log.words(reason);
    this.#state = { state: "reauthorize", reason: words, since: this.#world.clock.now() };
    this.#onReauthorize(words);
  }

  #failed(request: ApiRequest, outcome: Outcome, cause?: Error): CallFailed {
    const path = this.#log.words(request.path.split("?", 1)[0]!);
    const words = `${request.method} ${path} of ${this.#name} ended ${outcome.kind}: ${outcome.reason ?? "no reason given"}`;
    return new CallFailed(outcome, words, { cause });
  }
}

const NO_READINGS: readonly LimitReading[] = [];
const FAILED: ReadonlySet<OutcomeKind> = new Set(["unavailable", "unknown"]);
/** Failures that the next connection may not have. */
const REPEATABLE: ReadonlySet<WireFailure["kind"]> = new Set(["resolve", "connect", "reset", "truncated"]);

function writes(request: ApiRequest): boolean {
  return request.writes ?? request.method !== "GET";
}
