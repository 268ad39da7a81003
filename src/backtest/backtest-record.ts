// What a sync as it is now in the project would do with one record as it was seen, beside what both sides last agreed on: a
// pure function, by the same decision that the reconciler makes.
import type { Sync } from "../define/sync.ts";
import { CLAIM_TO_JUDGE } from "../reconcile/claim-to-judge.ts";
import { decide, type Decision, type Fields } from "../reconcile/decide.ts";
import type { Claim, SyncRow } from "../store/store.ts";
import { fieldDifferences, type FieldDifference } from "./field-differences.ts";

/** `side`: of a two-way sync, the one that would be written. */
export type Difference = { readonly side?: string } & Change;

type Change =
  | FieldDifference
  /** It would be created at the target; it has no counterpart now. */
  | { readonly kind: "creates" }
  /** Its counterpart would be taken out of use. */
  | { readonly kind: "removes"; readonly way: string }
  /** It would no longer be followed; its counterpart stays as it is. */
  | { readonly kind: "leaves" }
  /** It would wait for a person, and does not now. */
  | { readonly kind: "parks"; readonly field: string; readonly reason: string }
  /** It waits for a person, and would not. */
  | { readonly kind: "unparks"; readonly reason: string }
  /** It would wait for a record that it refers to. */
  | { readonly kind: "waits"; readonly reason: string }
  /** It would be linked to a record that is there already. */
  | { readonly kind: "links"; readonly reason: string };

export type Verdict =
  | { readonly is: "same" }
  | { readonly is: "different"; readonly differences: readonly Difference[] }
  /** Its last change is not written yet, or it waits for something that no mapping decides: nothing can be told apart. */
  | { readonly is: "in-flight" }
  /** Only its hash is kept, or it was never read. */
  | { readonly is: "not-kept" };

/** Parked for these causes, it was the sync's own rules that did not go on. */
const OF_THE_RULES: ReadonlySet<string> = new Set(["mapping", "schema", "link", "invalid"]);

export function backtestRecord(
  sync: Sync,
  row: SyncRow,
  body: unknown,
  linked: (sync: string, key: string) => string | undefined,
): Verdict {
  if (row.pending !== undefined && row.pending !== "parked") return { is: "in-flight" };
  if (row.parked !== undefined && !isOfTheRules(sync, row.parked)) return { is: "in-flight" };
  if (body === undefined && !row.record.deleted) return { is: "not-kept" };
  const decision = decide({ sync, claim: claimOf(sync, row), body, linked });
  const differences =
    row.parked === undefined ? differencesOf(row, decision) : differencesOfParked(row.parked, decision);
  return differences.length === 0 ? { is: "same" } : { is: "different", differences };
}

/** What the provider refused it may refuse again, whatever the rules say. */
function isOfTheRules(sync: Sync, { cause, reason }: NonNullable<SyncRow["parked"]>): boolean {
  if (cause === "invalid") return reason.startsWith(`${sync.to.id} would not take the mapped fields`);
  return OF_THE_RULES.has(cause);
}

function claimOf(sync: Sync, { key, record, link, corrections }: SyncRow): Claim {
  return {
    sync: sync.name,
    key,
    ...CLAIM_TO_JUDGE,
    record: { ...record, stale: 0 },
    ...(link === undefined ? {} : { link }),
    ...(corrections === undefined ? {} : { corrections }),
  };
}

function differencesOf({ link, record }: SyncRow, decision: Decision): readonly Difference[] {
  switch (decision.do) {
    case "create":
      return [{ kind: "creates" }];
    case "update":
      return fieldDifferences(JSON.parse(link?.base ?? "{}") as Fields, decision.fields, decision.changed);
    case "remove":
      return [{ kind: "removes", way: decision.way }];
    case "park":
      return [parks(decision)];
    case "wait":
      return [{ kind: "waits", reason: waitText(decision) }];
    case "nothing": {
      // What was agreed on was this very record, and now the rules leave it out.
      const left = decision.why === "out-of-scope" && link !== undefined && link.recordHash === record.hash;
      return left ? [{ kind: "leaves" }] : [];
    }
    case "look":
      return [];
  }
}

function differencesOfParked({ reason }: NonNullable<SyncRow["parked"]>, decision: Decision): readonly Difference[] {
  return decision.do === "park" ? [] : [{ kind: "unparks", reason }];
}

function parks({ reason, detail }: Decision & { readonly do: "park" }): Difference {
  const { problems } = (detail ?? {}) as { readonly problems?: readonly { readonly field: string }[] };
  return { kind: "parks", field: problems?.[0]?.field.replaceAll(/\[\d+\]/g, "[]") ?? "", reason };
}

const waitText = ({ on }: Decision & { readonly do: "wait" }): string => `${on.key} of sync ${on.sync} is not linked`;
