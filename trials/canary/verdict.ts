// What a run comes to: its figures, and what it did not exercise.
import { WRITE_TROUBLES } from "./provider.ts";

export interface Figures {
  readonly canaries: number;
  /** Parts of canaries that were seen where none may be. */
  readonly hits: number;
  readonly bytesScanned: number;
  /** Twelve-character pieces that were looked for. */
  readonly pieces: number;
  readonly placesScanned: number;
  /** Canaries that the provider was shown or gave out. */
  readonly presented: number;
  /** Answers of the provider that quoted all of an account's secrets. */
  readonly quotes: number;
  /** Forced errors, by kind. */
  readonly forced: Readonly<Record<string, number>>;
  readonly webhooks: number;
  readonly commands: number;
  readonly pages: number;
  /** Columns of the file of state that were deflated. */
  readonly inflated: number;
  readonly seed: number;
  readonly plant: string | null;
  readonly seconds: number;
}

const FORCED: readonly string[] = [
  // The connector and the mapping fail by themselves, before anything is sent.
  ...WRITE_TROUBLES.filter((trouble) => !["fine", "mapping", "connector"].includes(trouble)),
  "token page",
  "token later",
  "token revoked",
  "unreadable page",
  "refused",
];
const PLACES = [
  "log on standard error",
  "table pending.reason",
  "table request.bodies",
  "table unreadable.reason",
  "table connection.reason",
  "table credential.sealed",
  "file bowline.db",
  "file bowline.db-wal",
  "file bowline.db.control",
  "file given-to-key-command.json",
  "command requests --limit",
  "page /",
  "arguments of the engine",
];

export function shortcomings(figures: Figures, places: ReadonlyMap<string, number>): readonly string[] {
  const found: string[] = [];
  for (const kind of FORCED) if ((figures.forced[kind] ?? 0) === 0) found.push(`not exercised: ${kind}`);
  for (const place of PLACES) if ((places.get(place) ?? 0) === 0) found.push(`nothing was scanned at: ${place}`);
  const needed: readonly (readonly [string, number, number])[] = [
    ["canaries presented", figures.presented, figures.canaries / 3],
    ["answers that quote", figures.quotes, 500],
    ["bytes scanned", figures.bytesScanned, 1_000_000],
    ["deflated columns", figures.inflated, 1],
  ];
  for (const [what, count, least] of needed) {
    if (count < least) found.push(`not exercised enough: ${what} (${count}, wanted ${least} or more)`);
  }
  return found;
}
