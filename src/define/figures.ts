// The figures of a connector: limits, and how many keys or orders a call takes. With one that makes no sense a call would wait for
// ever, or a loop never end.
import type { Limit } from "./connector.ts";
import { type Fault, suggestion } from "./fault.ts";
import type { Resource } from "./resource.ts";

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

const LIMITS: { readonly [Kind in Limit["kind"]]: FiguresOf<Extract<Limit, { readonly kind: Kind }>> } = {
  rate: { count: WHOLE, perMs: WHOLE, share: SHARE },
  quota: { count: WHOLE, share: SHARE },
  concurrency: { count: WHOLE },
  points: { size: POSITIVE, perSecond: POSITIVE },
  "points-window": { size: POSITIVE, perMs: WHOLE, share: SHARE },
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

export function resourceFigureFaults({ name, read, write }: Resource): readonly Fault[] {
  const place = `resources › ${name}`;
  return [
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
