// The last audit of each sync on the first page: whether both systems agreed, and what did not.
import type { AuditView } from "../../watch/audit/audits.ts";
import { html, type Html } from "./html.ts";
import { tableSection } from "./table.ts";
import { ago } from "./time-text.ts";

const VERDICTS = {
  agree: ["good", "agree"],
  differ: ["late", "differ"],
  unknown: ["bad", "failed"],
} as const;

/** Of each sync, the newest first. */
export function auditSection(syncs: readonly string[], audits: readonly AuditView[], now: number): Html | undefined {
  if (audits.length === 0) return undefined;
  return tableSection({
    id: "audits",
    title: "Audits",
    note: "both systems compared record by record",
    columns: ["Sync", "Verdict", "Began", "In words"],
    rows: syncs.flatMap((sync) => {
      const [last, ...older] = audits.filter((audit) => audit.sync === sync);
      if (last === undefined) return [neverRow(sync)];
      const ended = last.result === undefined ? older.find(({ result }) => result !== undefined) : undefined;
      return [last, ...(ended === undefined ? [] : [ended])].map((audit) => auditRow(audit, now));
    }),
  });
}

function neverRow(sync: string): Html {
  return html`<tr>
    <th scope="row">${sync}</th>
    <td><span class="state">never</span></td>
    <td class="short">–</td>
    <td class="quiet">bowline audit ${sync}</td>
  </tr>`;
}

function auditRow({ sync, beganAt, result, state, stage, counts, waits }: AuditView, now: number): Html {
  const [colour, verdict] = result === undefined ? (["", state] as const) : VERDICTS[result.verdict];
  const words =
    result?.summary ??
    `${stage}: ${counts.source.toLocaleString("en")} and ${counts.target.toLocaleString("en")} records read${
      waits === undefined ? "" : `; it waits: ${waits.reason}`
    }`;
  return html`<tr>
    <th scope="row">${sync}</th>
    <td><span class="state ${colour}">${verdict}</span></td>
    <td class="short">${ago(beganAt, now)}</td>
    <td>${words}</td>
  </tr>`;
}
