// The last audits on the first page: whether both systems agreed, and what did not.
import type { AuditView } from "../../watch/audit/audits.ts";
import { html, type Html } from "./html.ts";
import { ago } from "./time-text.ts";

const VERDICTS = {
  agree: ["good", "agree"],
  differ: ["late", "differ"],
  unknown: ["bad", "failed"],
} as const;

export function auditSection(audits: readonly AuditView[], now: number): Html {
  if (audits.length === 0) return html``;
  return html`<section aria-labelledby="audits">
    <h2 id="audits">Audits <small>both systems compared record by record</small></h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="audits">
      <table>
        <thead>
          <tr>
            <th scope="col">Sync</th>
            <th scope="col">Began</th>
            <th scope="col">Verdict</th>
            <th scope="col">In words</th>
          </tr>
        </thead>
        <tbody>
          ${audits.map((audit) => auditRow(audit, now))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function auditRow({ sync, beganAt, result, state, stage, counts }: AuditView, now: number): Html {
  const [colour, verdict] = result === undefined ? (["", state] as const) : VERDICTS[result.verdict];
  const words = result?.summary ?? `${stage}: ${counts.source} and ${counts.target} records read`;
  return html`<tr>
    <th scope="row">${sync}</th>
    <td class="short">${ago(beganAt, now)}</td>
    <td><span class="state ${colour}">${verdict}</span></td>
    <td>${words}</td>
  </tr>`;
}
