// The audit with which a run ends: Bowline's own comparison of both systems as they are, record by record.
import type { Control } from "../../src/control.ts";
import type { AuditView } from "../../src/watch/audit/audits.ts";
import type { AuditAsked, AuditFinding } from "../../src/watch/audit/report.ts";

const LOOK_EVERY_MS = 200;
const FINDINGS_MAX = 1_000;

export interface Audited {
  readonly view: AuditView;
  /** What is wrong, each in a line. */
  readonly faults: readonly string[];
}

/** `pause` lets it go on: real time, or virtual. */
export async function audited(
  { audit, audits, auditFindings }: Control,
  sync: string,
  pause: (delayMs: number) => Promise<unknown>,
  asked: AuditAsked = {},
): Promise<Audited> {
  const { id } = await audit(sync, asked);
  for (;;) {
    const [view] = await audits({ id });
    if (view !== undefined && view.state !== "running") {
      const findings = await auditFindings({ id, limit: FINDINGS_MAX });
      return { view, faults: faultsIn(view, findings) };
    }
    await pause(LOOK_EVERY_MS);
  }
}

function faultsIn({ result, state }: AuditView, findings: readonly AuditFinding[]): readonly string[] {
  if (result?.verdict === "agree") return [];
  const wrong = findings.filter(({ kind }) => kind !== "in-flight" && kind !== "unmatched");
  const lines = wrong.map(
    ({ kind, key, cause, fields = [] }) => `audit: ${kind} ${key}, ${cause.text} ${fieldsText(fields)}`,
  );
  return [`audit: ${result?.summary ?? state}`, ...lines];
}

const fieldsText = (fields: NonNullable<AuditFinding["fields"]>): string =>
  fields
    .map(({ side = "", field, expected, got }) => `${side} ${field}: ${JSON.stringify([expected, got])}`)
    .join("; ");
