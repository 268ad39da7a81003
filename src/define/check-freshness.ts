// Can what was promised be kept? How soon changes are noticed beside how fresh they have to be, whether what was told of can be seen,
// and how many calls a day the asking takes of what the provider allows.
import { allSyncs, sourcesOf, type Project } from "./config.ts";
import type { ConnectedResource } from "./connection.ts";
import type { ConnectionBase, Limit } from "./connector.ts";
import { durationText } from "./duration.ts";
import type { Findings } from "./fault.ts";
import { limitFaults } from "./figures.ts";

const DAY_MS = 86_400_000;
/** Asking for changes may take this share of a day's calls before it is worth a word: writing needs the rest. */
const ASKING_SHARE_MAX = 0.25;

export function checkFreshness(project: Project, findings: Findings): void {
  for (const sync of allSyncs(project)) {
    for (const from of sourcesOf(sync)) {
      const connection = project.connections.find(({ connectionName }) => connectionName === from?.connectionName);
      if (connection === undefined) continue;
      checkNoticing(sync, from, connection, findings);
      checkSeen(sync, from, connection, findings);
    }
  }
  for (const connection of project.connections) checkCalls(project, connection, findings);
}

/** What is said of any sync: how fresh it has to be, and how often it asks. */
interface Asking {
  readonly name: string;
  readonly freshWithinMs: number;
  readonly pollEveryMs: number;
  readonly everythingEveryMs: number;
}

/** Of a record that only changes show nobody sees that it is as it was: an event that comes after they showed it is never settled. */
function checkSeen(
  { name }: Asking,
  { id, resource }: ConnectedResource,
  connection: ConnectionBase<any, any>,
  { warnings }: Findings,
): void {
  const { read, changes, everything } = resource;
  if (changes === undefined || read !== undefined || everything !== undefined || !hasWebhookOf(connection)) return;
  warnings.push({
    place: `sync ${name}`,
    message: `${id} can be neither read by key nor listed in full: a record of which a webhook tells only the key waits until it changes again, where its change was listed before; give the resource a read or an everything`,
  });
}

function hasWebhookOf({ connector, settings }: ConnectionBase<any, any>): boolean {
  const given = settings as Readonly<Record<string, unknown>>;
  return connector.webhook?.secretSettings.some((name) => given[name] !== undefined) ?? false;
}

function checkNoticing(
  sync: Asking,
  from: ConnectedResource,
  connection: ConnectionBase<any, any>,
  { warnings }: Findings,
): void {
  const { freshWithinMs } = sync;
  const everyMs = askedEveryMs(sync, from);
  const place = `sync ${sync.name} › freshWithin`;
  const hasWebhook = hasWebhookOf(connection);
  if (everyMs === undefined) {
    if (!hasWebhook) {
      warnings.push({
        place,
        message: `${from.id} can be neither listed nor does it tell of changes: none is ever noticed`,
      });
    }
    return;
  }
  if (everyMs > freshWithinMs) {
    const which = hasWebhook ? "a change whose webhook was lost is" : "changes are";
    warnings.push({
      place,
      message: `${which} noticed only every ${durationText(everyMs)}, but ${durationText(freshWithinMs)} is promised: ask more often, or promise less`,
    });
  } else if (!hasWebhook && everyMs > freshWithinMs / 2) {
    warnings.push({
      place,
      message: `there are no webhooks, and asking every ${durationText(everyMs)} leaves only ${durationText(freshWithinMs - everyMs)} of ${durationText(freshWithinMs)} to write: ask more often, or promise less`,
    });
  }
}

/** How often a listing notices a change; undefined where nothing can be listed. */
function askedEveryMs({ pollEveryMs, everythingEveryMs }: Asking, from: ConnectedResource): number | undefined {
  const { changes, everything } = from.resource;
  if (changes !== undefined) return pollEveryMs;
  return everything === undefined ? undefined : everythingEveryMs;
}

function checkCalls(project: Project, connection: ConnectionBase<any, any>, { warnings }: Findings): void {
  const name = connection.connectionName;
  const allowed = callsADay(connection);
  if (allowed === undefined) return;
  // Syncs that read the same resource share its listing, at the pace of the most eager one.
  const everyMs = new Map<string, number>();
  for (const sync of allSyncs(project)) {
    for (const from of sourcesOf(sync).filter((one) => one?.connectionName === name)) {
      const often = askedEveryMs(sync, from);
      if (often !== undefined && often > 0) everyMs.set(from.id, Math.min(often, everyMs.get(from.id) ?? often));
    }
  }
  const asked = [...everyMs.values()].reduce((sum, often) => sum + DAY_MS / often, 0);
  if (asked <= allowed * ASKING_SHARE_MAX) return;
  const share = Math.round((asked / allowed) * 100);
  warnings.push({
    place: `connection ${name}`,
    message: `asking for changes takes about ${grouped(asked)} calls a day, ${share} % of the ${grouped(allowed)} that the provider allows, before anything is written: ask less often`,
  });
}

/** What the tightest rate for every call allows in a day; undefined where none is declared or the settings do not tell. */
function callsADay({ connector, settings }: ConnectionBase<any, any>): number | undefined {
  const declared = limitsOf(connector.limits as Limits, settings);
  const rates = declared.flatMap((limit) =>
    limit.kind === "rate" && limit.every && limitFaults([limit]).length === 0
      ? [(limit.count * DAY_MS) / limit.perMs]
      : [],
  );
  return rates.length === 0 ? undefined : Math.min(...rates);
}

type Limits = readonly Limit[] | ((settings: unknown) => readonly Limit[]);

function limitsOf(limits: Limits, settings: unknown): readonly Limit[] {
  try {
    return typeof limits === "function" ? limits(settings) : limits;
  } catch {
    return [];
  }
}

function grouped(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}
