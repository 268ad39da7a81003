// The table at the end of a run that settled.
import type { Status } from "../../src/control.ts";
import type { ParkedRow } from "../../src/store/store.ts";
import type { ConflictRow } from "../../src/store/two-way.ts";
import type { Agreement } from "./agreement.ts";
import type { Audited } from "./audited.ts";
import type { Memory } from "./memory.ts";
import type { Simulators } from "./providers.ts";
import type { Register } from "./register.ts";
import { SYSTEMS } from "./values.ts";

const FAULTS_SHOWN = 20;

export interface Outcome {
  readonly status: Status;
  readonly conflicts: readonly ConflictRow[];
  readonly parked: readonly ParkedRow[];
  readonly agreement: Agreement;
  readonly memory: Memory;
  /** Bowline's own comparison, once the other one found nothing any more. */
  readonly audit?: Audited;
}

type Row = readonly [string, string | number];

export function faultsIn({ agreement: { differences, extra, lost }, memory, audit }: Outcome): readonly string[] {
  return [...differences, ...extra, ...lost, ...memory.faults, ...(audit?.faults ?? [])];
}

export function report(outcome: Outcome, register: Register): string {
  const { crm, marketing } = register.systems;
  const { status, conflicts, parked, agreement, memory, audit } = outcome;
  const tally = (name: string): number => status.tallies[name] ?? 0;
  const rows: readonly Row[] = [
    ["contacts in the CRM", crm.truth.records("Contact").size],
    ["contacts in marketing", marketing.truth.contacts.size],
    ["linked pairs", status.syncs.reduce((sum, { links }) => sum + links, 0)],
    ...written(status, register),
    ["nothing to write", tally("cleared.agreed") + tally("cleared.out-of-scope") + tally("cleared.gone")],
    ["waits and retries", tally("waiting") + tally("unknown")],
    ["conflicts, each losing value kept", conflicts.length],
    ...counted(conflicts.map(winnerText)),
    ["parked for a person", parked.length],
    ...counted(parked.map(({ cause }) => cause)),
    ...webhookRows("the CRM", crm.webhooks.counts),
    ...webhookRows("marketing", marketing.webhooks.counts),
    ["webhooks seen before, by Bowline", tally("webhook.seen")],
    ["changes that only polling found", tally("poll.changed")],
    ["requests the CRM served", crm.truth.requestsServed],
    ["requests marketing served", marketing.truth.requestsServed],
    ["compared, person by person", agreement.compared],
    ["differences", agreement.differences.length],
    ["there twice, or came back", agreement.extra.length],
    ["lost", agreement.lost.length],
    ["losing values and people who wait, not remembered", memory.faults.length],
    ...auditRows(audit),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${String(value).padStart(8)}`);
  const faults = faultsIn(outcome);
  const shown = faults.slice(0, FAULTS_SHOWN).map((fault) => `  ✗ ${fault}\n`);
  const pairs = audit === undefined ? "" : `: ${audit.view.counts.pairs ?? 0} pairs audited, 0 differences`;
  const verdict = faults.length === 0 ? `Both systems agree${pairs}.` : "They disagree:";
  return `\n${lines.join("\n")}\n\n${verdict}\n${shown.join("")}`;
}

/** "  LastName ↔ lastname, the CRM's taken" */
function winnerText({ fields, rule, winner }: ConflictRow): string {
  const what = fields.every((field) => field === "") ? "the whole record" : fields.join(" ↔ ");
  if (winner === undefined) return `${what}, waits for a person`;
  return `${what}, ${winner === "both" ? "something of both" : SYSTEMS[winner]} (${rule})`;
}

/** What the CRM had written beyond what people wrote is Bowline's, and so is the rest of what it wrote at all. */
function written({ tallies }: Status, { systems, inCrm }: Register): readonly Row[] {
  const { created, updated } = systems.crm.truth.writes;
  const [made, changed] = [(created["Contact"] ?? 0) - inCrm.created, (updated["Contact"] ?? 0) - inCrm.updated];
  return [
    ["made in the CRM, for marketing's", made],
    ["made in marketing, for the CRM's", systems.marketing.truth.created.contacts],
    ["changed in the CRM, as marketing has it", changed],
    ["changed in marketing, as the CRM has it", (tallies["written.update"] ?? 0) - changed],
    ["archived in marketing, deleted in the CRM", tallies["written.archive"] ?? 0],
  ];
}

function counted(names: readonly string[]): readonly Row[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([name, count]): Row => [`  ${name}`, count]);
}

function auditRows(audit: Audited | undefined): readonly Row[] {
  if (audit === undefined) return [];
  const { pairs = 0, missing, extra, different, duplicates, inFlight, unmatched } = audit.view.counts;
  return [
    ["pairs that Bowline's own audit compared", pairs],
    ["  differences", missing + extra + different + duplicates],
    ["  records that wait for a person", inFlight],
    ["  records that stay alone by the rules", unmatched],
  ];
}

function webhookRows(system: string, counts: Simulators["crm"]["webhooks"]["counts"]): readonly Row[] {
  return [
    [`webhooks ${system} delivered`, counts.delivered],
    ["  lost on the way", counts.lost],
    ["  delivered twice", counts.duplicated],
    ["  delivered late", counts.late],
  ];
}
