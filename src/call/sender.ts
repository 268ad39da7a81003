// Sends a call once: written as bytes, signed in, its answer judged, learnt from and logged.
import type { SignedIn, SignIn } from "../auth/sign-in.ts";
import type { ApiRequest, Connector } from "../define/connector.ts";
import type { Outcome, OutcomeKind } from "../define/outcome.ts";
import type { RequestEntry } from "../store/store.ts";
import { WireFailure, type WireCertificate, type WireRequest, type WireTimeouts, type World } from "../world/world.ts";
import { answerOf } from "./answer.ts";
import { askedAt } from "./asked-at.ts";
import type { CallerWork } from "./caller-work.ts";
import type { CleanLog } from "./clean-log.ts";
import { encodeBody, type EncodedBody } from "./encode-body.ts";
import { outgoingHeaders, type HeaderMaker } from "./headers.ts";
import { judge } from "./judge.ts";
import type { Limiter } from "./limiter.ts";
import { outcomeOfFailure, type JudgedAnswer } from "./outcome.ts";
import { Pauses } from "./pauses.ts";
import { loggedHeaders, repeatOf } from "./repeat.ts";
import type { RetryBudget } from "./retry-budget.ts";
import { writes } from "./writes.ts";

/** How one sending ended. */
export interface Ended {
  readonly outcome: Outcome;
  readonly answer?: JudgedAnswer;
  readonly failure?: WireFailure;
}

export interface SenderParts {
  readonly world: World;
  readonly connector: Connector;
  readonly signIn: SignIn;
  readonly certificate: WireCertificate | undefined;
  readonly limiter: Limiter;
  readonly repetitions: RetryBudget;
  readonly log: CleanLog;
  readonly timeouts: WireTimeouts;
  readonly answerBytesMax: number;
}

export class Sender {
  readonly #parts: SenderParts;
  readonly #headers: HeaderMaker;
  readonly #pauses: Pauses;
  #sent = 0;
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

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#headers = outgoingHeaders(parts.connector.headers);
    this.#pauses = new Pauses(parts.world);
  }

  /** Since the start. */
  get sent(): number {
    return this.#sent;
  }

  get outcomes(): Readonly<Record<OutcomeKind, number>> {
    return { ...this.#outcomes };
  }

  async send(work: CallerWork, request: ApiRequest, url: string, signed: SignedIn): Promise<Ended> {
    const { clock, network } = this.#parts.world;
    const body = encodeBody(request.body);
    const wire = this.#wire(request, url, body, signed);
    const at = clock.now();
    this.#sent += 1;
    this.#parts.repetitions.called(at);
    let result: Ended;
    try {
      const response = await network.send(signed.finish?.(wire, at) ?? wire);
      const answer = answerOf(response);
      const asked = askedAt(response, { beganAt: at, endedAt: clock.now() });
      if (asked !== undefined) work.askedAt = Math.min(work.askedAt ?? asked, asked);
      result = { answer, outcome: judge(this.#parts.connector, answer, request, clock.now()) };
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

  #wire(request: ApiRequest, url: string, body: EncodedBody, signed: SignedIn): WireRequest {
    const { timeouts, answerBytesMax, certificate } = this.#parts;
    return {
      method: request.method,
      url,
      headers: this.#headers(signed.headers, request.headers, body.type),
      timeouts,
      bodyBytesMax: answerBytesMax,
      ...(certificate === undefined ? {} : { certificate }),
      ...(body.wire === undefined ? {} : { body: body.wire }),
    };
  }

  /** Keeps the log clean of the credential in use, and the connection quiet for as long as the provider asks. */
  #learn(result: Ended, signed: SignedIn): Ended {
    const { log, limiter, signIn, world } = this.#parts;
    log.uses(signed);
    const { outcome } = result;
    if (outcome.kind === "done") {
      this.#pauses.ended();
      return result;
    }
    if (outcome.kind === "reauthorize") signIn.refused(signed);
    const waitMs = this.#pauses.after(outcome, result.answer, limiter.pausedUntil);
    if (waitMs !== undefined) limiter.pauseUntil(world.clock.now() + waitMs);
    const reason = outcome.reason === undefined ? {} : { reason: log.words(outcome.reason) };
    return { ...result, outcome: { ...outcome, ...reason, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) } };
  }

  #entry(
    work: CallerWork,
    request: ApiRequest,
    url: string,
    body: EncodedBody,
    at: number,
    { outcome, answer }: Ended,
  ): RequestEntry {
    return this.#parts.log.entry({
      at,
      method: request.method,
      url,
      status: answer?.status,
      outcome: outcome.kind,
      reason: outcome.reason,
      durationMs: this.#parts.world.clock.now() - at,
      sync: work.sync,
      key: work.key,
      requestBody: body.logged,
      responseBody: answer?.text,
      requestHeaders: loggedHeaders(request, body),
      repeat: repeatOf(request, body, writes(request)),
      repeats: work.repeats,
    });
  }
}
