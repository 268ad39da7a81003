// What a program that watches is told at /metrics, in the text format of Prometheus (pure). Labels are the names that the project gives
// and words of our own: nothing of a record, and no reason, for whoever may read this may not read those.
import type { ConnectionHealth, Status, SyncHealth } from "../control.ts";

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export interface MetricsFacts {
  readonly status: Status;
  /** Webhooks are being refused now. */
  readonly isRefusing: boolean;
  /** Absent: nothing is told of the process. */
  readonly process?: ProcessFigures;
}

export interface ProcessFigures {
  readonly version: string;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  readonly residentBytes: number;
}

interface Family {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly samples: readonly Sample[];
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

const PENDING_STATES = ["ready", "waiting", "sending", "unknown", "parked"] as const;

export function metricsText(facts: MetricsFacts): string {
  const { status, process } = facts;
  const families = [
    ...(process === undefined ? [] : processFamilies(process)),
    ...syncFamilies(status.syncs),
    ...connectionFamilies(status),
    ...engineFamilies(facts),
  ];
  return families.map(familyText).join("");
}

function processFamilies({ version, startedAt, residentBytes }: ProcessFigures): readonly Family[] {
  return [
    gauge("bowline_build_info", "1, with the version that runs.", [[{ version }, 1]]),
    gauge("bowline_start_time_seconds", "When Bowline started, since 1970.", only(seconds(startedAt))),
    gauge("process_resident_memory_bytes", "Memory that the process holds.", only(residentBytes)),
  ];
}

function syncFamilies(syncs: readonly SyncHealth[]): readonly Family[] {
  const each = (value: (sync: SyncHealth) => number): readonly Sample[] =>
    syncs.map((health) => [{ sync: health.sync }, value(health)]);
  const cleared = syncs.flatMap(({ sync, lastClearedAt }): readonly Sample[] =>
    lastClearedAt === undefined ? [] : [[{ sync }, seconds(lastClearedAt)]],
  );
  return [
    gauge(
      "bowline_sync_info",
      "1, with what the sync reads and writes and who answers for it.",
      syncs.map(({ sync, from, to, owner }) => [{ sync, from, to, owner }, 1]),
    ),
    gauge(
      "bowline_sync_behind_seconds",
      "The age of the oldest change that is not written yet; 0: none.",
      each(({ behindMs }) => seconds(behindMs)),
    ),
    gauge(
      "bowline_sync_fresh_within_seconds",
      "How old a change may be, as the sync says (freshWithin).",
      each(({ freshWithinMs }) => seconds(freshWithinMs)),
    ),
    gauge(
      "bowline_sync_held",
      "1: its work waits for a connection, or what it reads cannot be listed.",
      each(({ health }) => truth(health === "held")),
    ),
    gauge(
      "bowline_sync_pending",
      "Records that may need a write, by state; parked ones wait for a person.",
      syncs.flatMap((health) => PENDING_STATES.map((state): Sample => [{ sync: health.sync, state }, health[state]])),
    ),
    gauge(
      "bowline_sync_links",
      "Records of one side that are known to be one of the other.",
      each(({ links }) => links),
    ),
    gauge(
      "bowline_sync_last_cleared_timestamp_seconds",
      "When both systems last agreed on a record of it, since 1970; absent: never.",
      cleared,
    ),
  ];
}

function connectionFamilies({ at, connections, webhooksLost }: Status): readonly Family[] {
  const each = (value: (connection: ConnectionHealth) => number): readonly Sample[] =>
    connections.map((health) => [{ connection: health.connection, connector: health.connector }, value(health)]);
  return [
    gauge(
      "bowline_connection_active",
      "0: it is paused, or has to be authorised again; its work is held.",
      each(({ state }) => truth(state === "active")),
    ),
    gauge(
      "bowline_connection_held_seconds",
      "How long no call goes out yet, for its limits or while the provider is down; 0: calls go.",
      each(({ heldUntil = at }) => seconds(Math.max(0, heldUntil - at))),
    ),
    gauge(
      "bowline_connection_webhooks_lost",
      "1: its webhooks were lost or have gone quiet; what they told of is polled.",
      each(({ connection }) => truth(webhooksLost.includes(connection))),
    ),
  ];
}

function engineFamilies({ status, isRefusing }: MetricsFacts): readonly Family[] {
  const { at, resources, tallies, arrivalsWaiting, arrivalsOldestAt = at, restored } = status;
  return [
    gauge(
      "bowline_webhooks_refusing",
      "1: webhooks are refused with 503: too many come at once, or the disk is slow or full.",
      only(truth(isRefusing)),
    ),
    gauge("bowline_webhooks_waiting", "Webhooks that came and are not taken up yet.", only(arrivalsWaiting)),
    gauge(
      "bowline_webhooks_oldest_seconds",
      "How long the one of them has waited that came first; 0: none waits.",
      only(seconds(Math.max(0, at - arrivalsOldestAt))),
    ),
    gauge(
      "bowline_webhooks_unreadable",
      "Webhooks that are kept and make no sense to the connector.",
      only(status.arrivalsUnreadable),
    ),
    gauge(
      "bowline_records_unreadable",
      "Listed records that are put aside, since the connector cannot read them.",
      only(status.recordsUnreadable),
    ),
    gauge(
      "bowline_resource_records",
      "Records of the resource that are known and not deleted.",
      resources.map(({ resource, records, deleted }) => [{ resource }, records - deleted]),
    ),
    gauge(
      "bowline_resources_in_doubt",
      "After a restore: resources that were not listed since; 0: none.",
      only(restored?.doubted.length ?? 0),
    ),
    gauge("bowline_drifts", "What changed at a provider and touches a sync.", only(status.drifts)),
    {
      name: "bowline_events_total",
      type: "counter",
      help: "What happened since the file of state was made.",
      samples: Object.entries(tallies).map(([what, count]) => [{ what }, count]),
    },
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: "gauge", help, samples };
}

const only = (value: number): readonly Sample[] => [[{}, value]];
const seconds = (ms: number): number => ms / 1_000;
const truth = (is: boolean): number => (is ? 1 : 0);

function familyText({ name, type, help, samples }: Family): string {
  if (samples.length === 0) return "";
  const lines = samples.map(([labels, value]) => `${name}${labelsText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
