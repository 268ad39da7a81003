// The limits of one connection, as its connector declares them: some its own, some shared with the other connections of the
// app, and its place in the line of those who wait for them.
import type { Limit } from "../define/connector.ts";
import type { Clock } from "../world/world.ts";
import type { KeptQuotas } from "./kept-quotas.ts";
import { limitsOf, limitState, quotaState, type Limits } from "./limit.ts";
import type { LimitState } from "./limit-state.ts";
import type { Limiter } from "./limiter.ts";
import { makeApp, type SharedLimits } from "./shared-limits.ts";
import type { Travel } from "./travel.ts";

const CONCURRENCY_DEFAULT = 16;

export interface ConnectionLimitsOptions {
  readonly connection: string;
  readonly connector: string;
  readonly declared: readonly Limit[];
  readonly clock: Clock;
  readonly waitMsMax: number | undefined;
  readonly waitersMax: number | undefined;
  readonly sharedLimits: SharedLimits | undefined;
  readonly quotas: KeptQuotas | undefined;
  readonly travel: Travel | undefined;
}

export interface ConnectionLimits {
  readonly limits: Limits;
  readonly limiter: Limiter;
  /** The smallest declared limit of calls at the same time, or 16. */
  readonly concurrencyMax: number;
}

export function connectionLimits(options: ConnectionLimitsOptions): ConnectionLimits {
  const { connection, connector, declared, clock, waitMsMax, waitersMax, sharedLimits, quotas } = options;
  const alone = makeApp(clock, {
    ...(waitMsMax === undefined ? {} : { waitMsMax }),
    ...(waitersMax === undefined ? {} : { waitersMax }),
    ...(options.travel === undefined ? {} : { travel: options.travel }),
  });
  const shares = declared.some((limit) => limit.shared === true);
  const app = (shares ? sharedLimits?.app(connector) : undefined) ?? alone;
  const { line, travel } = app;
  const stateFor =
    (owner: string) =>
    (limit: Limit): LimitState =>
      limit.kind === "quota" && quotas !== undefined
        ? quotas.follow(owner, limit.name, quotaState(limit, travel))
        : limitState(limit, travel);
  const ofApp = stateFor(`app ${connector}`);
  const own = stateFor(connection);
  return {
    limits: limitsOf(declared, (limit) => (limit.shared ? app.stateOf(limit, ofApp) : own(limit))),
    limiter: line.member({ tenant: connection, travel }),
    concurrencyMax: concurrencyMaxOf(declared),
  };
}

function concurrencyMaxOf(declared: readonly Limit[]): number {
  const counts = declared.flatMap((limit) => (limit.kind === "concurrency" ? [limit.count] : []));
  return counts.length === 0 ? CONCURRENCY_DEFAULT : Math.min(...counts);
}
