// Limits of a whole app, which all of its connections take from: one line and one state for them. Connections that share
// nothing have each their own.
import type { Limit } from "../define/connector.ts";
import type { Clock } from "../world/world.ts";
import { limitState } from "./limit.ts";
import type { LimitState } from "./limit-state.ts";
import { createLine, type Line, type LimiterOptions } from "./limiter.ts";
import { createTravel, type Travel } from "./travel.ts";

export interface App {
  readonly line: Line;
  readonly travel: Travel;
  /** The state of a limit that they share; made when the first of them asks. */
  stateOf(limit: Limit, make?: (limit: Limit) => LimitState): LimitState;
}

export interface SharedLimits {
  /** What the connections of this connector share. */
  app(connector: string): App;
}

export interface AppOptions extends Omit<LimiterOptions, "clock"> {
  /** Learns how long calls are on their way. Default: one of its own. */
  readonly travel?: Travel;
}

export function createSharedLimits(clock: Clock, options: AppOptions = {}): SharedLimits {
  const apps = new Map<string, App>();
  return {
    app(connector) {
      const known = apps.get(connector) ?? makeApp(clock, options);
      apps.set(connector, known);
      return known;
    },
  };
}

export function makeApp(clock: Clock, { travel = createTravel(), ...options }: AppOptions = {}): App {
  const states = new Map<string, LimitState>();
  return {
    line: createLine({ clock, ...options }),
    travel,
    stateOf(limit, make = (wanted) => limitState(wanted, travel)) {
      const known = states.get(limit.name) ?? make(limit);
      states.set(limit.name, known);
      return known;
    },
  };
}
