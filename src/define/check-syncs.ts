// Each sync by itself: its name, its two resources, its durations, what it does with what was deleted, and its owner.
import { checkAudit } from "./check-audit.ts";
import { allSyncs, type Project } from "./config.ts";
import type { ConnectedResource } from "./connection.ts";
import { durationText } from "./duration.ts";
import { checkDuplicates, checkName, type Findings, suggestion } from "./fault.ts";
import { KEY_MARGIN_MS } from "./resource.ts";
import type { Sync } from "./sync.ts";

export function checkSyncs(project: Project, findings: Findings): void {
  checkDuplicates(
    "sync",
    allSyncs(project).map(({ name }) => name),
    findings,
  );
  for (const sync of project.syncs) {
    const place = `sync ${sync.name}`;
    checkName(sync.name, place, findings);
    const hasFrom = checkConnected(project, sync.from, `${place} › from`, findings);
    if (hasFrom) checkReadable(sync, `${place} › from`, findings);
    const hasTo = checkConnected(project, sync.to, `${place} › to`, findings);
    if (hasTo && checkWritable(sync, `${place} › to`, findings)) checkRemovals(sync, place, findings);
    checkDurations(sync, place, findings);
    checkShare(sync.deletedShareMax, place, findings);
    checkAudit(sync.audit, place, findings);
    if (sync.owner === undefined) {
      findings.warnings.push({
        place,
        message: "it has no owner: nobody is told when it is behind or a record is parked",
      });
    }
  }
}

/** Is this a resource of a connection that the project lists? */
export function checkConnected(
  project: Project,
  of: ConnectedResource | undefined,
  place: string,
  { errors }: Findings,
): boolean {
  if (of?.kind !== "connected-resource") {
    errors.push({ place, message: "there is no such resource: expected one of a connection, such as shop.orders" });
    return false;
  }
  const listed = project.connections.find(({ connectionName }) => connectionName === of.connectionName);
  if (listed === undefined) {
    const names = project.connections.map(({ connectionName }) => connectionName);
    errors.push({
      place,
      message: `the connection ${of.connectionName} of ${of.id} is not among the project's connections: add it there.${suggestion(of.connectionName, names)}`,
    });
    return true;
  }
  const resources = Object.values(listed.connector.resources as Readonly<Record<string, unknown>>);
  if (!resources.includes(of.resource)) {
    errors.push({
      place,
      message: `${of.id} belongs to another connection of the name ${of.connectionName} than the one that is listed`,
    });
  }
  return true;
}

function checkReadable({ from }: Sync, place: string, { errors }: Findings): void {
  const { read, changes, everything } = from.resource;
  if (read !== undefined || changes !== undefined || everything !== undefined) return;
  errors.push({ place, message: `${from.id} cannot be read: expected a resource with read, changes or everything` });
}

function checkWritable({ to }: Sync, place: string, findings: Findings): boolean {
  checkKeptKeys(to, place, findings);
  if (to.resource.write !== undefined) return true;
  findings.errors.push({ place, message: `${to.id} can only be read: expected a resource with a write` });
  return false;
}

/** Does the provider know a write's key for long enough that it can be made again? */
export function checkKeptKeys({ id, resource }: ConnectedResource, place: string, { warnings }: Findings): void {
  const { safety, lookup } = resource.write ?? {};
  if (safety?.kind !== "idempotency-key" || safety.retentionMs > KEY_MARGIN_MS || lookup !== undefined) return;
  const kept = durationText(safety.retentionMs);
  warnings.push({
    place,
    message: `${id} knows the keys of writes for ${kept}, too short to rely on, and has no lookup: a write that is not answered waits for a person`,
  });
}

function checkRemovals({ to, onDelete, onOutOfScope, onExisting }: Sync, place: string, { errors }: Findings): void {
  const removals = Object.keys(to.resource.write?.removals ?? {});
  const check = (option: string, value: string | undefined, known: readonly string[]): void => {
    if (value !== undefined && known.includes(value)) return;
    errors.push({
      place: `${place} › ${option}`,
      message:
        value === undefined
          ? `it is not said: expected one of ${known.join(", ")}`
          : `${to.id} has no ${JSON.stringify(value)}.${suggestion(value, known)}`,
    });
  };
  check("onDelete", onDelete, [...removals, "keep", "park"]);
  check("onOutOfScope", onOutOfScope, [...removals, "keep"]);
  check("onExisting", onExisting, ["park", "link"]);
}

export function checkShare(deletedShareMax: number, place: string, { errors }: Findings): void {
  if (deletedShareMax >= 0 && deletedShareMax <= 1) return;
  const message = `cannot use ${deletedShareMax}: expected a share from 0 to 1`;
  errors.push({ place: `${place} › deletedShareMax`, message });
}

function checkDurations({ unreadable }: Sync, place: string, { errors }: Findings): void {
  for (const [option, written] of Object.entries(unreadable)) {
    errors.push({
      place: `${place} › ${option}`,
      message: `cannot read ${JSON.stringify(written) ?? "nothing"} as a duration: expected a number above 0 with ms, s, m, h or d, such as "5m"`,
    });
  }
}
