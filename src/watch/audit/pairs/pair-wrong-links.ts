// Findings that come of a wrong link: another record of the second side shows just what both agreed on. Once both were read again.
import { baseIn, stateIn } from "../../../reconcile/pair-facts.ts";
import { DIGEST_BYTES, type SameTarget } from "../../../store/audit.ts";
import { FieldDigests } from "../digest.ts";
import { relinksOf } from "../repair.ts";
import type { AuditFinding } from "../report.ts";
import { findingOf, rowOf, SLICE_ROWS } from "../steps.ts";
import type { PairCourse } from "./pair-course.ts";

const SHOWING_ROWS = 10 * SLICE_ROWS;

export async function findWrongPairLinks(course: PairCourse): Promise<void> {
  const { asked, sync, store, id } = course;
  if (asked.sample !== undefined) return;
  const found = new Map<string, AuditFinding>();
  const wanted: { readonly key: string; readonly digests: Uint8Array }[] = [];
  for (const kind of ["different", "extra"] as const) {
    for await (const rows of course.findings(kind)) {
      const findings = rows
        .map(findingOf)
        .filter(({ side, targetKey }) => side === undefined && targetKey !== undefined);
      const facts = await store.auditPairFacts(
        id,
        findings.map(({ key }) => ({ key })),
      );
      for (const [index, finding] of findings.entries()) {
        const link = facts[index]?.link;
        const base = stateIn(link).gone === undefined ? baseIn(link)?.[1] : undefined;
        if (base === undefined) continue;
        found.set(finding.key, finding);
        wanted.push({
          key: finding.key,
          digests: digestsOf(
            sync.pairs.map(({ fields }) => fields[1]),
            base,
          ),
        });
      }
    }
  }
  const all = await showing(course, wanted);
  // One that nobody is linked to may as well be a copy: it only takes the place of a counterpart that is gone.
  const same = all.filter(({ key, linkedTo }) => linkedTo !== undefined || isWithoutCounterpart(found.get(key)));
  const wrong = relinksOf(found, same, sync.sides[1].resource.id);
  if (wrong.length === 0) return;
  const away = wrong.map(({ key }) => key);
  const without = (["different", "extra"] as const).map((kind) => ({ kind, keys: away }));
  await course.step({}, { without, findings: wrong.map((finding) => rowOf(finding)) });
}

function isWithoutCounterpart(finding: AuditFinding | undefined): boolean {
  return finding?.kind === "extra" || finding?.write === "link";
}

function digestsOf(names: readonly string[], base: Readonly<Record<string, unknown>>): Uint8Array {
  const digests = new Uint8Array(names.length * DIGEST_BYTES);
  new FieldDigests(names).write(new DataView(digests.buffer), 0, base, { omits: false });
  return digests;
}

async function showing(
  course: PairCourse,
  wanted: readonly { readonly key: string; readonly digests: Uint8Array }[],
): Promise<readonly SameTarget[]> {
  const same: { readonly key: string; readonly targetKey: string }[] = [];
  if (wanted.length === 0) return same;
  const { id, store, calls } = course;
  const digests = wanted.map((one) => one.digests);
  for (let after: string | undefined; ;) {
    const { rows, next } = await store.auditShowing(id, { side: 1, digests }, after, SHOWING_ROWS);
    calls.goOn();
    same.push(...rows.map(({ key, place }) => ({ key: wanted[place]?.key ?? "", targetKey: key })));
    if (next === undefined) break;
    after = next;
  }
  const facts = await store.auditPairFacts(
    id,
    same.map(({ targetKey }) => ({ key: targetKey, side: 1 })),
  );
  return same.map((one, index) => {
    const linkedTo = facts[index]?.linkedTo;
    return { ...one, ...(linkedTo === undefined ? {} : { linkedTo }) };
  });
}
