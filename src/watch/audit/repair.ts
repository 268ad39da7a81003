// How a finding is mended through the ordinary path (pure): the link is made to say what the target shows, and the record is
// noted as it is now, so that the reconciler decides, arms and writes as always.
import { seenRecord } from "../../observe/seen-record.ts";
import type { AuditRebase, SameTarget } from "../../store/audit.ts";
import type { Link, Observation } from "../../store/store.ts";
import type { Fields } from "../../reconcile/decide.ts";
import type { Auditable } from "./auditable.ts";
import type { Looked } from "./look-both.ts";
import type { AuditFinding } from "./report.ts";

export interface Mending {
  readonly finding: AuditFinding;
  readonly looked: Looked;
  readonly rebase?: AuditRebase;
  /** Why it is left as it is. */
  readonly left?: string;
}

export function mendingOf(
  auditable: Auditable,
  finding: AuditFinding,
  looked: Looked,
  toLink: ReadonlyMap<string, unknown>,
): Mending {
  const now = looked.judged?.finding;
  const { facts } = looked.read;
  const { link } = facts;
  if (looked.judged !== undefined && now === undefined) return { finding, looked, left: "it agrees by now" };
  if (now === undefined || now.kind !== finding.kind) return { finding, looked, left: "it changed meanwhile" };
  if (now.cause.code === "unreadable") return { finding, looked, left: now.cause.text };
  if (finding.write === undefined) return { finding, looked, left: "a person has to mend it" };
  const was = link === undefined ? {} : { was: link.targetKey };
  if (finding.linkTo !== undefined) {
    const target = toLink.get(finding.linkTo);
    if (target === undefined) return { finding, looked, left: `${finding.linkTo} is gone by now` };
    const linked = linkTo(auditable, finding.linkTo, target, auditable.shown(target), link);
    return { finding, looked, rebase: { key: finding.key, ...was, link: linked } };
  }
  if (finding.kind === "missing") {
    return { finding, looked, ...(link === undefined ? {} : { rebase: { key: finding.key, ...was, link: null } }) };
  }
  if (finding.kind === "extra" || link === undefined) return { finding, looked };
  const shown = looked.judged?.shown ?? {};
  const rebased = linkTo(auditable, link.targetKey, looked.read.target, shown, link);
  return { finding, looked, rebase: { key: finding.key, ...was, link: rebased } };
}

function linkTo({ to }: Auditable, targetKey: string, target: unknown, shown: Fields, before: Link | undefined): Link {
  const version = to.resource.version?.(target);
  return {
    targetKey,
    base: JSON.stringify(shown),
    ...(version === undefined ? {} : { targetVersion: version }),
    recordHash: before?.recordHash ?? "",
    ...(before?.recordVersion === undefined ? {} : { recordVersion: before.recordVersion }),
  };
}

/** The source record as it was just read; other syncs are told only when it is news. */
export function observationOf({ from, name }: Auditable, { key, read }: Looked, at: number): Observation {
  const { record } = read.facts;
  const common = { resource: from.id, key, cause: "audit", priority: "backfill", at, evenUnchanged: true } as const;
  const isKnown =
    read.source === undefined ? record?.deleted === true : record?.deleted === false && record.hash === read.sourceHash;
  const only = isKnown ? { onlySyncs: [name] } : {};
  if (read.source === undefined) return { ...common, ...only, seen: { kind: "deleted" } };
  return { ...common, ...only, ...seenRecord(from.resource, read.source) };
}

/**
 * Findings for which another target record shows just what is expected: linked to it they agree, and nothing is written over a
 * record that belongs to another. Only where it is the only such one, and nobody's, or of one that is itself linked wrongly.
 */
export function relinksOf(
  findings: ReadonlyMap<string, AuditFinding>,
  same: readonly SameTarget[],
  target: string,
): readonly AuditFinding[] {
  const byKey = Map.groupBy(same, ({ key }) => key);
  const alone = new Map([...byKey].flatMap(([key, rows]) => (rows.length === 1 ? [[key, rows[0] as SameTarget]] : [])));
  const wantedBy = Map.groupBy(alone.values(), ({ targetKey }) => targetKey);
  const possible = new Map([...alone].filter(([, one]) => wantedBy.get(one.targetKey)?.length === 1));
  // Whoever holds a wanted record has to let go of it; one that cannot keeps the others from it.
  for (let before = -1; before !== possible.size;) {
    before = possible.size;
    for (const [key, { linkedTo }] of possible) {
      if (linkedTo !== undefined && linkedTo !== key && !possible.has(linkedTo)) possible.delete(key);
    }
  }
  return [...possible].flatMap(([key, { targetKey }]) => {
    const finding = findings.get(key);
    if (finding === undefined || finding.targetKey === targetKey) return [];
    const { fields: _fields, ...rest } = finding;
    const linked = finding.targetKey === undefined ? "it is not linked" : `it is linked to ${finding.targetKey}`;
    const text = `${linked}, and ${targetKey} of ${target} shows just what is expected`;
    return [{ ...rest, linkTo: targetKey, cause: { code: "wrong-link", text }, write: "link" }];
  });
}
