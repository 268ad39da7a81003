// Runs a sync as it is now in the project over its records as they were seen, and gathers what would differ. Nothing is
// written and nobody is called.
import type { Sync } from "../define/sync.ts";
import type { TwoWaySync } from "../define/two-way.ts";
import type { StoreReader } from "../store/reader.ts";
import type { LinkNeed } from "../store/store.ts";
import { backtestRecord } from "./backtest-record.ts";
import { gathered, type Backtest, type Judged } from "./backtest-report.ts";
import { judgedPairs } from "./backtest-pairs.ts";

const PAGE_ROWS = 500;

/** `since`: only records that changed at or after this time, in milliseconds since 1970. */
export function backtest(reader: StoreReader, sync: Sync | TwoWaySync, since: number): Backtest {
  const { name } = sync;
  if (!reader.syncs.includes(name)) return gathered(name, since, []);
  return gathered(name, since, sync.kind === "sync" ? judged(reader, sync, since) : judgedPairs(reader, sync, since));
}

function* judged(reader: StoreReader, sync: Sync, since: number): Generator<Judged> {
  for (let after: string | undefined; ;) {
    const rows = reader.syncRows({
      sync: sync.name,
      since,
      limit: PAGE_ROWS,
      ...(after === undefined ? {} : { after }),
    });
    const bodies = rows.map(({ record: { body } }) => (body === undefined ? undefined : (JSON.parse(body) as unknown)));
    const linked = linksFor(reader, sync, bodies);
    for (const [index, row] of rows.entries()) yield { row, verdict: backtestRecord(sync, row, bodies[index], linked) };
    if (rows.length < PAGE_ROWS) return;
    after = rows.at(-1)?.key;
  }
}

function linksFor(reader: StoreReader, sync: Sync, bodies: readonly unknown[]) {
  const needs = new Map<string, LinkNeed>();
  for (const body of bodies) {
    if (body === undefined) continue;
    for (const need of sync.mapping.links(body)) needs.set(linkId(need.sync, need.key), need);
  }
  const targets = reader.links([...needs.values()]);
  const byId = new Map([...needs.keys()].map((id, index) => [id, targets[index]]));
  return (name: string, key: string): string | undefined => byId.get(linkId(name, key));
}

const linkId = (sync: string, key: string): string => `${sync}\n${key}`;
