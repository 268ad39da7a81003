// The figures of a connector: limits, lengths of time, and how many keys or orders a call takes. With one that makes no sense a call
// would wait for ever, a loop never end, or changes be passed over.
import type { Auth } from "./auth.ts";
import type { Limit, Webhook } from "./connector.ts";
import { type Fault, suggestion } from "./fault.ts";
import type { Resource, Safety } from "./resource.ts";

interface Figure {
  readonly fits: (given: unknown) => boolean;
  readonly expected: string;
}

const WHOLE: Figure = {
  fits: (given) => Number.isSafeInteger(given) && Number(given) > 0,
  expected: "a whole number above 0",
};
const POSITIVE: Figure = {
  fits: (given) => Number.isFinite(given) && Number(given) > 0,
  expected: "a number above 0",
};
const SHARE: Figure = {
  fits: (given) => given === undefined || (typeof given === "number" && given > 0 && given <= 1),
  expected: "a share above 0 and up to 1",
};

const DAY_MS = 86_400_000;
/** What is waited for, or listed again each time: more than that is a slip of the units. */
const WAIT_MS_MAX = 31 * DAY_MS;
/** A hundred years: times further off are none that a clock could tell. */
const LENGTH_MS_MAX = 36_525 * DAY_MS;

const LENGTH = lengthMs(1, LENGTH_MS_MAX);
const LENGTH_OR_NONE = lengthMs(0, LENGTH_MS_MAX);
const WAIT_OR_NONE = lengthMs(0, WAIT_MS_MAX);

function lengthMs(least: number, most: number): Figure {
  return {
    fits: (given) => Number.isSafeInteger(given) && Number(given) >= least && Number(given) <= most,
    expected: `a whole number of milliseconds from ${least} to ${most}`,
  };
}

function unlessLeftOut({ fits, expected }: Figure): Figure {
  return { fits: (given) => given === undefined || fits(given), expected };
}

const LIMITS: { readonly [Kind in Limit["kind"]]: FiguresOf<Extract<Limit, { readonly kind: Kind }>> } = {
  rate: { count: WHOLE, perMs: WHOLE, share: SHARE },
  quota: { count: WHOLE, share: SHARE },
  concurrency: { count: WHOLE },
  points: {
    size: POSITIVE,
    perSecond: POSITIVE,
    fillsEveryMs: unlessLeftOut(LENGTH),
    costMost: unlessLeftOut(POSITIVE),
  },
  "points-window": { size: POSITIVE, perMs: WHOLE, share: SHARE, costMost: unlessLeftOut(POSITIVE) },
};

type FiguresOf<Counted> = { readonly [Name in keyof Counted]?: Figure };

export function limitFaults(limits: readonly Limit[]): readonly Fault[] {
  return limits.flatMap((limit): readonly Fault[] => {
    const place = `limits › ${limit.name}`;
    if (Object.hasOwn(LIMITS, limit.kind)) return figureFaults(limit, LIMITS[limit.kind], place);
    const message = `there is no such kind of limit.${suggestion(String(limit.kind), Object.keys(LIMITS))}`;
    return [{ place: `${place} › kind`, message }];
  });
}

/** How long tokens live, and how long before and after their end something is done with them. */
export function authFigureFaults(auth: Auth): readonly Fault[] {
  const lifetime = { lifetimeMs: unlessLeftOut(LENGTH) };
  if (auth.kind === "jwt") return figureFaults(auth, lifetime, "auth");
  if (auth.kind !== "oauth2") return [];
  const { assertion } = auth;
  const ahead = { refreshAheadMs: unlessLeftOut(LENGTH_OR_NONE), graceMs: unlessLeftOut(LENGTH_OR_NONE) };
  return [
    ...figureFaults(auth, { ...lifetime, ...ahead }, "auth"),
    ...(assertion === undefined ? [] : figureFaults(assertion, lifetime, "auth › assertion")),
  ];
}

export function webhookFigureFaults(webhook: Webhook): readonly Fault[] {
  return figureFaults(webhook, { answerWithinMs: LENGTH }, "webhook");
}

const SAFETIES: { readonly [Kind in Safety["kind"]]: FiguresOf<Extract<Safety, { readonly kind: Kind }>> } = {
  "idempotency-key": { retentionMs: LENGTH },
  upsert: {},
  lookup: { lagMs: WAIT_OR_NONE },
  none: {},
};

export function resourceFigureFaults({ name, read, changes, write }: Resource): readonly Fault[] {
  const place = `resources › ${name}`;
  const reach = { overlapMs: WAIT_OR_NONE, lookbackMaxMs: unlessLeftOut(LENGTH) };
  return [
    ...(changes === undefined ? [] : figureFaults(changes, reach, `${place} › changes`)),
    ...(write?.safety === undefined || !Object.hasOwn(SAFETIES, write.safety.kind)
      ? []
      : figureFaults(write.safety, SAFETIES[write.safety.kind], `${place} › write › safety`)),
    ...(read === undefined ? [] : figureFaults(read, { keysMax: WHOLE }, `${place} › read`)),
    ...(write?.together === undefined
      ? []
      : figureFaults(write.together, { most: WHOLE }, `${place} › write › together`)),
  ];
}

function figureFaults(of: object, figures: Readonly<Record<string, Figure>>, place: string): readonly Fault[] {
  const given = of as Readonly<Record<string, unknown>>;
  return Object.entries(figures)
    .filter(([name, { fits }]) => !fits(given[name]))
    .map(([name, { expected }]) => ({
      place: `${place} › ${name}`,
      message: `cannot use ${shown(given[name])}: expected ${expected}`,
    }));
}

function shown(given: unknown): string {
  return typeof given === "string" ? JSON.stringify(given) : String(given);
}
