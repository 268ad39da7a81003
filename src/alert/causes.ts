// What somebody has to know now, read from how everything stands (pure). One cause for each kind and sync, however many records:
// whoever is told a thousand times is told nothing.
import type { ConnectionHealth, DriftView, Status, SyncHealth, WebhookView } from "../control.ts";
import { counted } from "../define/counted.ts";
import { durationText } from "../define/duration.ts";
import type { ParkedGroup } from "../store/store.ts";
import { unreadableOf } from "../observe/unreadable.ts";
import { driftText } from "../watch/drift-view.ts";
import type { AuditView } from "../watch/audit/audits.ts";
import { faultsText } from "../watch/judge-subscriptions.ts";
import type { AlertCause } from "./alert.ts";

export interface AlertFacts {
  readonly status: Status;
  readonly groups: readonly ParkedGroup[];
  readonly webhooks: readonly WebhookView[];
  readonly drifts: readonly DriftView[];
  /** The newest first. */
  readonly audits: readonly AuditView[];
}

/** A source that cannot be listed, or a connection that takes no calls, is told after this at the earliest, in milliseconds. */
const HELD_MS_MIN = 5 * 60_000;
/** A first listing that wrote something within this time is under way, not late. */
const FILLING_MS = 15 * 60_000;
/** Webhooks are taken up within moments; one that waits for so long is stuck, in milliseconds. */
const ARRIVALS_MS = 5 * 60_000;
/** An owner's name where there is none. */
const NOBODY = "nobody";

export function causesOf(facts: AlertFacts): readonly AlertCause[] {
  const { status, groups, webhooks, drifts, audits } = facts;
  return [
    ...status.connections.flatMap((connection) => connectionCause(connection, status)),
    ...status.syncs.flatMap((sync) => [
      ...lateCause(sync, status),
      ...groups.flatMap((group) => (group.sync === sync.sync ? [parkedCause(group, sync)] : [])),
      ...unreadableCause(sync, status),
      ...driftCause(sync, drifts),
      ...auditCause(sync, audits),
    ]),
    ...webhooks.flatMap((view) => webhookCause(view, status)),
    ...arrivalsCause(status),
  ];
}

function connectionCause(health: ConnectionHealth, { at, syncs }: Status): readonly AlertCause[] {
  const { connection, state, reason = "the provider refuses our credential", since = at } = health;
  if (state !== "reauthorize") return [];
  const held = syncs.filter((sync) => touches(sync, connection));
  return [
    {
      id: `connection ${connection}`,
      what: "connection",
      connection,
      ...whose(held),
      since,
      count: held.length,
      title: `connection ${connection} has to be authorised again`,
      reason,
      todo: `authorise it again: bowline connect ${connection}`,
      path: `/connect/${encodeURIComponent(connection)}`,
    },
  ];
}

function lateCause(sync: SyncHealth, { at, connections, resources }: Status): readonly AlertCause[] {
  const { behindMs, freshWithinMs, heldBecause, lastClearedAt } = sync;
  const isLate = behindMs > freshWithinMs;
  if (!isLate && sync.health !== "held") return [];
  // Told as the connection's own, or a person disconnected it.
  if (connections.some(({ connection, state }) => state !== "active" && touches(sync, connection))) return [];
  const scan = resources.find(({ resource }) => resource === sync.from)?.everything;
  const isFilling = scan?.beganAt !== undefined && scan.completeAt === undefined;
  if (isFilling && lastClearedAt !== undefined && at - lastClearedAt < FILLING_MS) return [];
  const isStuck = isLate && (lastClearedAt ?? 0) < at - behindMs;
  const age = `the oldest change is ${durationText(roundedMs(behindMs))} old, and ${durationText(freshWithinMs)} are allowed`;
  const reason = [
    ...(isLate ? [isStuck ? `${age}; nothing was written since` : age] : []),
    ...(heldBecause === undefined ? [] : [heldBecause]),
  ].join("; ");
  return [
    {
      id: `late ${sync.sync}`,
      what: "late",
      ...whose([sync]),
      since: at - behindMs,
      count: sync.ready + sync.waiting + sync.sending + sync.unknown,
      title: isLate ? `${sync.sync} is behind` : `${sync.sync} is held`,
      reason,
      todo: "see what holds it: bowline status",
      path: "/#syncs",
      ...(isLate ? {} : { graceMs: Math.max(freshWithinMs, HELD_MS_MIN) }),
    },
  ];
}

function parkedCause({ sync, cause, count, since, first }: ParkedGroup, health: SyncHealth): AlertCause {
  const facts = { ...whose([health]), since, count, reason: first.reason };
  const records = `${counted(count, "record")} of ${sync}`;
  if (cause === "deletions") {
    const title = `${counted(count, "deletion")} of ${sync} ${count === 1 ? "is" : "are"} held`;
    const todo = `say whether they were meant: bowline deletions allow ${sync}, or refuse`;
    return { ...facts, id: `deletions ${sync}`, what: "deletions", title, todo, path: "/#deletions" };
  }
  if (cause === "edited") {
    const title = `${records} ${count === 1 ? "was" : "were"} edited on both sides, and a person decides`;
    const todo = "see them: bowline conflicts --open";
    return { ...facts, id: `conflicts ${sync}`, what: "conflicts", title, todo, path: "/#conflicts" };
  }
  const title = `${records} ${count === 1 ? "is" : "are"} parked (${cause})`;
  return { ...facts, id: `parked ${sync} ${cause}`, what: "parked", title, todo: first.todo, path: "/#parked" };
}

function unreadableCause(sync: SyncHealth, { resources }: Status): readonly AlertCause[] {
  const read = sync.sides === undefined ? [sync.from] : [sync.from, sync.to];
  const aside = resources.filter(({ resource }) => read.includes(resource)).flatMap(unreadableOf);
  const [first] = aside;
  if (first === undefined) return [];
  return [
    {
      id: `unreadable ${sync.sync}`,
      what: "unreadable",
      ...whose([sync]),
      since: Math.min(...aside.map(({ at }) => at)),
      count: aside.length,
      title: `${counted(aside.length, "record")} for ${sync.sync} cannot be read, and ${aside.length === 1 ? "is" : "are"} put aside`,
      reason: first.reason,
      todo: "see them: bowline status",
      path: "/#tallies",
    },
  ];
}

function driftCause(sync: SyncHealth, drifts: readonly DriftView[]): readonly AlertCause[] {
  const touching = drifts.filter(({ touches: touched }) => touched.some((one) => one.sync === sync.sync));
  const [first] = touching;
  if (first === undefined) return [];
  return [
    {
      id: `drift ${sync.sync}`,
      what: "drift",
      ...whose([sync]),
      since: Math.min(...touching.map(({ firstAt }) => firstAt)),
      count: touching.length,
      title: `${sync.sync} depends on what is no longer as it was known`,
      reason: driftText(first),
      todo: "see what it touches: bowline drift",
      path: "/#drifts",
    },
  ];
}

function auditCause(sync: SyncHealth, audits: readonly AuditView[]): readonly AlertCause[] {
  const last = audits.find((audit) => audit.sync === sync.sync && audit.result !== undefined);
  if (last?.result === undefined || last.result.verdict === "agree") return [];
  const { verdict, summary, counts } = last.result;
  const wrong = counts.missing + counts.extra + counts.different + counts.duplicates - counts.mended;
  return [
    {
      id: `audit ${sync.sync}`,
      what: "audit",
      ...whose([sync]),
      since: last.endedAt ?? last.beganAt,
      count: Math.max(1, wrong),
      title: verdict === "differ" ? `an audit of ${sync.sync} found differences` : `an audit of ${sync.sync} failed`,
      reason: summary,
      todo: `see them: bowline audit ${sync.sync} --history`,
      path: "/#audits",
    },
  ];
}

function webhookCause({ connection, faults, faultsSince, todo, resources }: WebhookView, { at, syncs }: Status) {
  const quiet = resources.filter(({ quietAt }) => quietAt !== undefined);
  if (faults.length + quiet.length === 0) return [];
  const reasons = [
    ...(faults.length === 0 ? [] : [faultsText(faults)]),
    ...quiet.map(({ resource, found }) => `${resource} has gone quiet, and polling found ${counted(found, "change")}`),
  ];
  const told = new Set(resources.map(({ resource }) => resource));
  const readers = syncs.filter(({ from, to, sides }) => told.has(from) || (sides !== undefined && told.has(to)));
  const cause: AlertCause = {
    id: `webhooks ${connection}`,
    what: "webhooks",
    connection,
    ...whose(readers),
    since: Math.min(faultsSince ?? at, ...quiet.map(({ quietAt }) => quietAt ?? at)),
    count: faults.length + quiet.length,
    title: `webhooks of ${connection} do not all come; changes are polled`,
    reason: reasons.join("; "),
    todo: todo ?? `subscribe again: bowline webhooks ensure ${connection}`,
    path: "/#webhooks",
  };
  return [cause];
}

/** Nobody's in particular: whoever is told of everything is told. */
function arrivalsCause({ at, arrivalsWaiting, arrivalsOldestAt = at }: Status): readonly AlertCause[] {
  if (at - arrivalsOldestAt < ARRIVALS_MS) return [];
  return [
    {
      id: "arrivals",
      what: "arrivals",
      syncs: [],
      owners: [],
      since: arrivalsOldestAt,
      count: arrivalsWaiting,
      title: `${counted(arrivalsWaiting, "webhook waits", "webhooks wait")} to be taken up`,
      reason: `the oldest came ${durationText(roundedMs(at - arrivalsOldestAt))} ago`,
      todo: "see the log; what is durable is taken up after a restart",
      path: "/#tallies",
    },
  ];
}

/** Ids of resources begin with the name of their connection. */
function touches({ from, to }: SyncHealth, connection: string): boolean {
  return from.startsWith(`${connection}/`) || to.startsWith(`${connection}/`);
}

function whose(syncs: readonly SyncHealth[]): Pick<AlertCause, "syncs" | "owners"> {
  const owners = new Set(syncs.map(({ owner }) => owner).filter((owner) => owner !== NOBODY));
  return { syncs: syncs.map(({ sync }) => sync), owners: [...owners] };
}

/** To the minute, so that it is said as people say it. */
function roundedMs(durationMs: number): number {
  return durationMs < 60_000 ? durationMs - (durationMs % 1_000) : durationMs - (durationMs % 60_000);
}
