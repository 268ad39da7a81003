// Each two-way sync by itself: its two sides, whether both can be listed and compared, its fields, its deletions, its converters.
import { checkAudit } from "./check-audit.ts";
import type { Project } from "./config.ts";
import type { ConnectedResource } from "./connection.ts";
import { isKnown, knownFields, requiredFields } from "./check-fields.ts";
import { checkConnected, checkKeptKeys, checkShare } from "./check-syncs.ts";
import { RESERVED } from "./define-two-way-sync.ts";
import { checkName, type Findings, suggestion } from "./fault.ts";
import { roundTrips } from "./round-trips.ts";
import type { Schema } from "./schema.ts";
import { otherSide, type Side, type TwoWaySync } from "./two-way.ts";

const SIDES = [0, 1] as const;

export function checkTwoWaySyncs(project: Project, findings: Findings): void {
  for (const sync of project.twoWaySyncs) {
    const place = `sync ${sync.name}`;
    checkName(sync.name, place, findings);
    for (const fault of sync.faults) {
      findings.errors.push({ place: `${place} › ${fault.place}`, message: fault.message });
    }
    if (checkSides(project, sync, place, findings)) {
      checkPairs(sync, place, findings);
      checkMatching(sync, place, findings);
      checkDeletions(sync, place, findings);
      checkTrips(sync, place, findings);
    }
    checkLimits(sync, place, findings);
    if (sync.owner === undefined) {
      findings.warnings.push({
        place,
        message: "it has no owner: nobody is told when it is behind or a record is parked",
      });
    }
  }
}

function checkSides(project: Project, { sideNames, sides }: TwoWaySync, place: string, findings: Findings): boolean {
  const { errors } = findings;
  const at = `${place} › between`;
  if (sideNames.length !== 2) {
    errors.push({
      place: at,
      message: `it names ${sideNames.length} sides: expected two, each named after its system`,
    });
    return false;
  }
  for (const name of sideNames.filter((one) => RESERVED.some((word) => word === one))) {
    errors.push({ place: at, message: `a side cannot be called ${name}: expected the name of its system` });
  }
  const areKnown = SIDES.map((side) =>
    checkConnected(project, sides[side].resource, `${at} › ${sideNames[side]}`, findings),
  );
  if (areKnown.includes(false)) return false;
  if (sides[0].resource.id === sides[1].resource.id) {
    errors.push({ place: at, message: `both sides are ${sides[0].resource.id}: expected two resources` });
    return false;
  }
  const areUsable = SIDES.map((side) => checkSide(sides[side].resource, `${at} › ${sideNames[side]}`, findings));
  return !areUsable.includes(false);
}

function checkSide(side: ConnectedResource, place: string, findings: Findings): boolean {
  const { id, resource } = side;
  const { errors, warnings } = findings;
  const { changes, everything, read, write } = resource;
  checkKeptKeys(side, place, findings);
  if (changes === undefined && everything === undefined) {
    errors.push({ place, message: `${id} cannot be listed: expected a resource with changes or everything` });
  }
  if (read === undefined) {
    const message = `${id} cannot be read by key: expected a resource with read, for whatever may have changed is read before it is written over`;
    errors.push({ place, message });
  }
  if (write === undefined) {
    errors.push({ place, message: `${id} can only be read: expected a resource with a write` });
  } else if (write.fieldsOf === undefined) {
    errors.push({
      place,
      message: `${id} does not show its fields: expected a write with fieldsOf, by which both are compared`,
    });
  } else if (write.update === undefined) {
    warnings.push({ place, message: `${id} lets nothing be changed afterwards: edits of the other side are parked` });
  }
  return write?.fieldsOf !== undefined;
}

function checkPairs({ pairs, sides }: TwoWaySync, place: string, { errors, warnings }: Findings): void {
  if (pairs.length === 0)
    errors.push({ place: `${place} › fields`, message: "no fields agree: expected at least one pair" });
  for (const side of SIDES) {
    const { name, resource, creates } = sides[side];
    const schema = resource.resource.write?.fields as Schema;
    const names = pairs.map(({ fields }) => fields[side]);
    for (const field of new Set(names)) {
      const at = `${place} › fields › ${name} ${field}`;
      const count = names.filter((other) => other === field).length;
      if (count > 1) errors.push({ place: at, message: `${count} pairs write this field: expected one` });
      if (isKnown(schema, field)) continue;
      errors.push({
        place: at,
        message: `${resource.id} has no field of this name.${suggestion(field, knownFields(schema) ?? [])}`,
      });
    }
    const missing = (requiredFields(schema) ?? []).filter((field) => !names.includes(field));
    if (creates && missing.length > 0) {
      errors.push({
        place: `${place} › create › ${name}`,
        message: `${resource.id} requires ${missing.join(", ")} of a new record: expected a pair for each, or create: { ${name}: false }`,
      });
    }
  }
  const clocks = sides.map(({ resource: { resource } }) =>
    resource.changedAt === undefined ? undefined : resource.clock,
  );
  const isOneClock = clocks[0] !== undefined && clocks[0] === clocks[1];
  for (const { fields, rule } of pairs) {
    if (rule.kind !== "newest" || isOneClock) continue;
    warnings.push({
      place: `${place} › fields › ${fields.join(" ↔ ")} › wins`,
      message:
        "no clock stamps the changes of both sides, so that the newest is never proven: what `otherwise` says decides always",
    });
  }
}

function checkMatching({ match, sides }: TwoWaySync, place: string, { errors, warnings }: Findings): void {
  if (match.length > 0) return;
  const at = `${place} › match`;
  if (sides.some(({ creates }) => creates)) {
    errors.push({
      place: at,
      message: "records are created and none is ever matched: expected what names the same thing on both sides",
    });
  } else
    warnings.push({ place: at, message: "nothing is matched and nothing is created: only what a person links agrees" });
}

function checkDeletions({ sides }: TwoWaySync, place: string, { errors }: Findings): void {
  for (const side of SIDES) {
    const { name, onDelete } = sides[side];
    const other = sides[otherSide(side as Side)].resource;
    const known = [...Object.keys(other.resource.write?.removals ?? {}), "unlink", "park"];
    if (known.includes(onDelete)) continue;
    const message =
      onDelete === ""
        ? `it is not said what becomes of ${other.id}: expected one of ${known.join(", ")}`
        : `${other.id} has no ${JSON.stringify(onDelete)}.${suggestion(onDelete, known)}`;
    errors.push({ place: `${place} › onDelete › ${name}`, message });
  }
}

function checkTrips(sync: TwoWaySync, place: string, { errors }: Findings): void {
  const told = new Set<string>();
  for (const { field, side, value, message } of roundTrips(sync)) {
    if (told.has(field)) continue;
    told.add(field);
    errors.push({
      place: `${place} › fields › ${field} › convert`,
      message: `${side}'s ${JSON.stringify(value)} does not come back: ${message}`,
    });
  }
}

function checkLimits({ deletedShareMax, writesMax, audit }: TwoWaySync, place: string, findings: Findings): void {
  checkShare(deletedShareMax, place, findings);
  checkAudit(audit, place, findings);
  if (!Number.isInteger(writesMax.count) || writesMax.count < 1) {
    findings.errors.push({
      place: `${place} › writesMax › count`,
      message: `cannot use ${writesMax.count}: expected a whole number above 0`,
    });
  }
}
