// What the command line asks for, and how much is measured for it.
import { parseArgs } from "node:util";

const WORKS = ["w1", "w2", "w3", "audit", "merge"] as const;
export type Work = (typeof WORKS)[number];

export interface Plan {
  readonly works: readonly Work[];
  readonly json: boolean;
  /** Leave Bowline out. */
  readonly limitsOnly: boolean;
  /** Use the generator and fakes written in Node even where there is a C compiler. */
  readonly withoutC: boolean;
  /** How often each thing is measured. */
  readonly runs: number;
  readonly ingestEvents: number;
  readonly deliverEvents: number;
  /** Events sent before the clock starts, so that what is measured is the steady state. */
  readonly warmUpEvents: number;
  readonly gentleRate: number;
  readonly gentleEvents: number;
  readonly backfillRecords: number;
  /** Other sizes of a backfill, run once, to see whether memory grows with the records. */
  readonly memoryRecords: readonly number[];
  readonly auditRecords: number;
  readonly mergeRecords: number;
  /** Also with 20 ms of latency and with faults, once each. */
  readonly withHardships: boolean;
}

export const USAGE = `bench [--json] [--only w1|w2|w3|audit|merge] [--runs N] [--quick] [--limits] [--without-c]
  --json       the last line of standard output is one JSON object
  --only       measures one of the works: ingest, end to end, backfill, audit, merge of pairs
  --runs       how often each is measured (default 3; with --quick 1)
  --quick      less of everything, for development: its figures are not to be quoted
  --limits     measures only the limits
  --without-c  generator and fakes in Node, as on a machine without a C compiler`;

export function planOf(words: readonly string[]): Plan {
  const { values } = parseArgs({
    args: [...words],
    options: {
      json: { type: "boolean", default: false },
      only: { type: "string" },
      runs: { type: "string" },
      quick: { type: "boolean", default: false },
      limits: { type: "boolean", default: false },
      "without-c": { type: "boolean", default: false },
    },
  });
  const only = WORKS.find((work) => work === values.only);
  if (values.only !== undefined && only === undefined) {
    throw new Error(`could not choose a work: expected --only ${WORKS.join(", ")}, got ${values.only}`);
  }
  const runs = Number(values.runs ?? (values.quick ? 1 : 3));
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`could not count the runs: expected --runs 1 or more`);
  const scale = values.quick ? 0.25 : 1;
  return {
    works: only === undefined ? WORKS : [only],
    json: values.json,
    limitsOnly: values.limits,
    withoutC: values["without-c"],
    runs,
    ingestEvents: 40_000 * scale,
    deliverEvents: 20_000 * scale,
    warmUpEvents: 4_000 * scale,
    gentleRate: 50,
    gentleEvents: values.quick ? 150 : 500,
    backfillRecords: values.quick ? 20_000 : 100_000,
    memoryRecords: values.quick ? [] : [100_000, 1_000_000],
    mergeRecords: values.quick ? 100_000 : 1_000_000,
    auditRecords: values.quick ? 50_000 : 1_000_000,
    withHardships: !values.quick,
  };
}
