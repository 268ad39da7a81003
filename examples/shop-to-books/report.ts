// The table at the end of a run that settled.
import type { Status } from "../../src/control.ts";
import type { Agreement } from "./agreement.ts";
import type { Providers } from "./providers.ts";

const DIFFERENCES_SHOWN = 20;

export function report({ syncs, tallies }: Status, { shop, books }: Providers, agreement: Agreement): string {
  const tally = (name: string): number => tallies[name] ?? 0;
  const starting = (prefix: string): number =>
    Object.entries(tallies).reduce((sum, [name, count]) => (name.startsWith(prefix) ? sum + count : sum), 0);
  const parked = syncs.reduce((sum, sync) => sum + sync.parked, 0);
  const { counts } = shop.webhooks;
  const rows: readonly (readonly [string, string | number])[] = [
    ["records linked", syncs.reduce((sum, { links }) => sum + links, 0)],
    ["writes", starting("written.")],
    ["no-ops (nothing to write)", tally("cleared.agreed") + tally("cleared.out-of-scope") + tally("cleared.gone")],
    ["waits and retries", tally("waiting") + tally("unknown")],
    ["parked for a person", parked],
    ["webhooks the shop sent", counts.delivered],
    ["  lost on the way", counts.lost],
    ["  delivered twice", counts.duplicated],
    ["  delivered late", counts.late],
    ["  seen before, by Bowline", tally("webhook.seen")],
    ["changes that only polling found", tally("poll.changed")],
    ["requests the books served", books.truth.requestsServed],
    ["compared, record by record", agreement.compared],
    ["differences", agreement.differences.length],
    ["duplicates", agreement.duplicates],
    ["lost", agreement.lost],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${String(value).padStart(8)}`);
  const shown = agreement.differences.slice(0, DIFFERENCES_SHOWN).map((difference) => `  ✗ ${difference}`);
  const verdict =
    agreement.differences.length === 0 && agreement.duplicates === 0 ? "Both systems agree." : "They disagree:";
  return `\n${lines.join("\n")}\n\n${verdict}\n${shown.map((line) => `${line}\n`).join("")}`;
}
