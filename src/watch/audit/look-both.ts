// Reads some records on both sides as they are now, and judges each; one that Bowline itself changed meanwhile is not judged.
import type { LinkNeed, Store } from "../../store/store.ts";
import type { AuditFacts } from "../../store/audit.ts";
import type { Linked } from "../../mapping/mapping.ts";
import type { Auditable } from "./auditable.ts";
import { faultText, seenIn, type ReadByKey } from "./keyed.ts";
import { judge, type Judged, type Read } from "./judge.ts";
import type { SideRecords } from "./records.ts";

export interface Looked {
  readonly key: string;
  readonly read: Read;
  /** The links that it was judged by. */
  readonly linked: Linked;
  /** Undefined: something came in between. */
  readonly judged?: Judged;
}

export interface Both {
  readonly id: number;
  readonly auditable: Auditable;
  readonly store: Store;
  readonly source: SideRecords;
  readonly target: SideRecords;
}

export async function lookAtBoth(both: Both, keys: readonly string[]): Promise<readonly Looked[]> {
  const { id, auditable, store, source, target } = both;
  const before = await store.auditFacts(id, keys);
  const sources = await source.byKey(keys);
  const targets = await target.byKey(before.flatMap(({ link }) => (link === undefined ? [] : [link.targetKey])));
  const linked = await linksOf(both, [...sources.records.values()]);
  const after = await store.auditFacts(id, keys);
  return keys.map((key, index) => {
    const [first, facts] = [before[index], after[index]];
    if (first === undefined || facts === undefined)
      throw new Error(`nothing was told of ${key}, not even that it is unknown`);
    const { body, seen, fault = targetFault(auditable, targets, first) } = seenIn(auditable.from, sources, key);
    const read: Read = {
      source: body,
      sourceHash: seen?.seen.hash,
      sourceVersion: seen?.version,
      target: first.link === undefined ? undefined : targets.records.get(first.link.targetKey),
      ...(fault === undefined ? {} : { fault }),
      facts,
    };
    const isSettled = facts.pending !== undefined || stampOf(first) === stampOf(facts);
    return { key, read, linked, ...(isSettled ? { judged: judge(auditable, read, linked) } : {}) };
  });
}

function targetFault({ to }: Auditable, { faults }: ReadByKey, { link }: AuditFacts): string | undefined {
  const fault = link === undefined ? undefined : faults.get(link.targetKey);
  return link === undefined || fault === undefined ? undefined : faultText(to.id, link.targetKey, fault);
}

/** The target keys of the links that these records need. */
export async function linksOf(
  { auditable, store }: Pick<Both, "auditable" | "store">,
  bodies: readonly unknown[],
): Promise<Linked> {
  const needs = new Map<string, LinkNeed>();
  for (const body of bodies) {
    for (const need of auditable.links(body)) needs.set(`${need.sync}\n${need.key}`, need);
  }
  if (needs.size === 0) return () => undefined;
  const targets = await store.links([...needs.values()]);
  const byId = new Map([...needs.keys()].map((need, index) => [need, targets[index]]));
  return (sync, key) => byId.get(`${sync}\n${key}`);
}

/** Whatever changes when Bowline learns or writes something. */
function stampOf({ record, link, pending }: AuditFacts): string {
  return JSON.stringify([
    record?.hash,
    record?.deleted,
    record?.stale,
    link?.targetKey,
    link?.base,
    link?.recordHash,
    pending?.state,
    pending?.seq,
  ]);
}
