// `bowline audit NAME`: do both systems really agree, record by record; what differs, why, and the mending of it.
import type { Command } from "commander";
import type { Control } from "../control.ts";
import { counted } from "../define/counted.ts";
import type { AuditView } from "../watch/audit/audits.ts";
import type { AuditAsked, AuditFinding, CauseCode, FindingKind } from "../watch/audit/report.ts";
import { examples, type Act } from "./act.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { countOf } from "./option-values.ts";
import { Progress } from "./progress.ts";
import type { Session } from "./session.ts";
import { oneLine, type Cell } from "./table.ts";
import { agoText, durationText, timeText } from "./times.ts";

const LOOK_EVERY_MS = 300;

interface Options {
  readonly sample?: number;
  readonly repair?: boolean;
  readonly upTo?: number;
  readonly dryRun?: boolean;
  readonly history?: boolean;
  readonly limit: number;
}

export function addAudit(program: Command, act: Act): void {
  program
    .command("audit")
    .argument("<name>", "the sync's name")
    .option("--sample <count>", "only so many records, chosen at random", countOf)
    .option("--repair", "mend what differs, through the ordinary path")
    .option("--up-to <count>", "with --repair: only when no more records than this differ", countOf)
    .option("--dry-run", "with --repair: only show what would be written")
    .option("--history", "show earlier audits of the sync instead")
    .option("--limit <count>", "how many findings are shown at most", countOf, 50)
    .summary("compare both systems record by record")
    .description(
      "Lists both systems and compares them record by record, as they are now. What looks different is read again on both sides before it is told, with its probable cause.\nEnds with 1 when they do not agree.",
    )
    .addHelpText(
      "after",
      examples(
        ["bowline audit orders-to-invoices", "all records"],
        ["bowline audit orders-to-invoices --sample 500", "500 of them, and what that says of all"],
        ["bowline audit orders-to-invoices --repair --dry-run", "which writes would mend it"],
        ["bowline audit orders-to-invoices --repair --up-to 20", "mend it, unless there is more to it"],
        ["bowline audit orders-to-invoices --history", "earlier audits"],
      ),
    )
    .action(
      act(async (session: Session, name: string, options: Options) => {
        const asked = askedOf(session, options);
        if (options.history === true) return history(session, name, options.limit);
        return session.withState(async (reached) => {
          const { control } = reached;
          await control.progress(name);
          // A repair is written by the reconciler, which has to run for it.
          if (reached.how === "here" && asked.repair !== undefined && asked.repair.dryRun !== true)
            await reached.engine.start();
          const { id, already } = await control.audit(name, asked);
          if (already) session.note(`${name} is being audited already: this is that audit`);
          const audit = await follow(session, control, id);
          const findings = await control.auditFindings({ id, limit: options.limit });
          session.answer({ ...audit, findings }, () => auditText(session, audit, findings));
          return exitCodeOf(audit);
        });
      }),
    );
}

function askedOf(session: Session, options: Options): AuditAsked {
  const { sample, repair = false, upTo, dryRun = false, history: isHistory = false } = options;
  if (isHistory && (repair || sample !== undefined)) {
    throw session.usage(
      `could not use ${repair ? "--repair" : "--sample"} with --history, which compares nothing: expected one of the two`,
    );
  }
  if (!repair && (upTo !== undefined || dryRun)) {
    throw session.usage(`could not use ${dryRun ? "--dry-run" : "--up-to"} alone: expected it with --repair`);
  }
  return {
    ...(sample === undefined ? {} : { sample }),
    ...(repair ? { repair: { ...(upTo === undefined ? {} : { upTo }), ...(dryRun ? { dryRun } : {}) } } : {}),
  };
}

/** Shows how far it is until it has ended, or until only a person can set it going; who stops it leaves it to go on later. */
async function follow({ shell }: Session, control: Control, id: number): Promise<AuditView> {
  let isStopped = false;
  const stopped = shell.stopAsked().then(() => (isStopped = true));
  let progress: Progress | undefined;
  try {
    for (;;) {
      const [audit] = await control.audits({ id, limit: 1 });
      if (audit === undefined) throw new Error(`audit ${id} is gone`);
      if (isStopped || audit.state !== "running" || audit.waits?.forPerson === true) return audit;
      const { source, target, rechecked } = audit.counts;
      progress ??= new Progress(shell, audit.sync);
      const now =
        audit.waits === undefined ? `${rechecked} looked at again` : `it waits, and tries again: ${audit.waits.reason}`;
      progress.step({ done: 0, text: `${audit.stage}: ${source} and ${target} read, ${now}` });
      await Promise.race([stopped, shell.pause(LOOK_EVERY_MS)]);
    }
  } finally {
    progress?.end();
  }
}

function exitCodeOf({ result }: AuditView): ExitCode {
  return result?.verdict === "agree" ? EXIT.ok : EXIT.attention;
}

async function history(session: Session, name: string, limit: number): Promise<ExitCode> {
  const audits = await session.withState(async ({ control }) => {
    await control.progress(name);
    return control.audits({ sync: name, limit });
  });
  session.answer({ sync: name, audits }, () =>
    audits.length === 0 ? `${name} was never audited.\n` : historyText(session, audits),
  );
  return EXIT.ok;
}

function historyText(session: Session, audits: readonly AuditView[]): string {
  const now = session.shell.now();
  const row = ({ id, beganAt, state, asked, result, counts }: AuditView): readonly Cell[] => [
    String(id),
    agoText(beganAt, now),
    asked.sample === undefined ? "all" : `${asked.sample}`,
    { text: result?.verdict ?? state, style: result?.verdict === "agree" ? "green" : "yellow" },
    ...[counts.missing, counts.extra, counts.different, counts.duplicates, counts.inFlight, counts.mended].map(String),
    result?.summary ?? "",
  ];
  const numbers = ["MISSING", "EXTRA", "DIFFERENT", "TWICE", "IN FLIGHT", "MENDED"];
  return session.table(
    [
      { title: "AUDIT" },
      { title: "BEGAN" },
      { title: "RECORDS" },
      { title: "VERDICT" },
      ...numbers.map((title) => ({ title, align: "right" as const })),
      { title: "SUMMARY", flexible: true },
    ],
    audits.map(row),
  );
}

function auditText(session: Session, audit: AuditView, findings: readonly AuditFinding[]): string {
  const { paint } = session;
  const { result, state, waits } = audit;
  if (result === undefined && waits !== undefined) {
    const words = waits.forPerson
      ? "held, and it goes on from here afterwards"
      : `${state}, and it goes on from here when Bowline runs`;
    return `${paint("bold", audit.sync)}: ${paint("yellow", `${words}: ${waits.reason}`)}\n`;
  }
  if (result === undefined) return `${paint("bold", audit.sync)}: ${state}; it goes on when Bowline runs next\n`;
  const lines = [
    `${paint("bold", audit.sync)}: ${paint(result.verdict === "agree" ? "green" : "yellow", result.summary)}`,
  ];
  lines.push(...Object.entries(result.causes).map(([kind, causes]) => causesText(kind as FindingKind, causes)));
  const { changes, since } = result.missed;
  if (changes > 0) {
    const when = since === undefined ? "" : `, the first after ${timeText(since)}`;
    lines.push(`Webhooks and polls missed ${counted(changes, "change")}${when}.`);
  }
  if (result.sample !== undefined) {
    const share = (100 * result.sample.shareMax).toFixed(2);
    lines.push(`With 95 % confidence no more than ${share} % of the known records differ.`);
  }
  lines.push(...result.notes.map((note) => `Note: ${note}.`));
  const took = audit.endedAt === undefined ? "" : `, ${durationText(audit.endedAt - audit.beganAt)}`;
  lines.push(`${counted(audit.counts.calls, "call")}${took}.`);
  const listed = findings.length === 0 ? "" : `\n${findings.map((one) => findingText(session, one)).join("")}`;
  return `${lines.join("\n")}\n${listed}`;
}

function causesText(kind: FindingKind, causes: Readonly<Partial<Record<CauseCode, number>>>): string {
  const each = Object.entries(causes).map(([code, count]) => `${count} ${code}`);
  return `  ${kind.padEnd(10)} ${each.join(", ")}`;
}

function findingText({ paint }: Session, finding: AuditFinding): string {
  const { kind, key, side, title, targetKey, cause, fields = [], write, repair, left } = finding;
  const told = side === undefined ? key : `${side} ${key}`;
  const name = title === undefined ? told : `${told} (${title})`;
  const to = targetKey === undefined || targetKey === key ? "" : ` → ${targetKey}`;
  const lines = [
    `${paint(kind === "in-flight" || kind === "unmatched" ? "dim" : "yellow", kind)} ${oneLine(name)}${to}`,
  ];
  lines.push(`    ${oneLine(cause.text)}${cause.since === undefined ? "" : `; since ${timeText(cause.since)}`}`);
  for (const { side: of, field, expected, got } of fields) {
    const place = of === undefined ? field : `${of} ${field}`;
    lines.push(`    ${place}: expected ${oneLine(valueText(expected))}, got ${oneLine(valueText(got))}`);
  }
  const { candidates = [], rivals = [] } = finding.matches ?? {};
  if (candidates.length + rivals.length > 0) {
    lines.push(`    found by the same: ${oneLine([...candidates, ...rivals].join(", "))}`);
  }
  if (repair !== undefined) lines.push(`    ${repair}${left === undefined ? "" : `: ${oneLine(left)}`}`);
  else if (write !== undefined)
    lines.push(`    a repair would ${write}${finding.linkTo === undefined ? "" : ` it to ${finding.linkTo}`}`);
  return `${lines.join("\n")}\n`;
}

const valueText = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
