// The first page: how each sync is doing, what waits for a person, and what went on lately.
import type { AuditView } from "../../watch/audit/audits.ts";
import type { AlertView, ConflictRow, DriftView, Status, SyncHealth, WebhookView } from "../../control.ts";
import type { ParkedGroup, ParkedRow, RequestEntry } from "../../store/store.ts";
import { alertSection } from "./alerts.ts";
import { auditSection } from "./audits.ts";
import { conflictSection } from "./conflicts.ts";
import { connectionSection } from "./connections.ts";
import { deletionSection } from "./deletions.ts";
import { driftSection } from "./drifts.ts";
import { html, type Html } from "./html.ts";
import { parkedSection } from "./parked.ts";
import { numberCell, numberHead, recordLink, tableSection } from "./table.ts";
import { ago, durationText, exactTime } from "./time-text.ts";
import { webhookSection } from "./webhooks.ts";

export interface Overview {
  readonly status: Status;
  /** All that is parked, counted by sync and cause. */
  readonly groups: readonly ParkedGroup[];
  /** Some of it; no held deletions. */
  readonly parked: readonly ParkedRow[];
  /** Those that wait for a person, then the newest. */
  readonly conflicts: readonly ConflictRow[];
  readonly alerts: readonly AlertView[];
  readonly webhooks: readonly WebhookView[];
  readonly drifts: readonly DriftView[];
  /** The newest first. */
  readonly audits: readonly AuditView[];
  readonly requests: readonly (RequestEntry & { readonly id: number })[];
  /** May this person change anything? */
  readonly mayAct: boolean;
}

export function overview(page: Overview): Html {
  const { status, groups, parked, conflicts, alerts, webhooks, drifts, audits, requests, mayAct } = page;
  const now = status.at;
  const syncs = status.syncs.map(({ sync }) => sync);
  const count = groups.reduce((sum, group) => sum + (group.cause === "deletions" ? 0 : group.count), 0);
  return html`
    <p class="notice">${summary(status)} <span class="quiet">${status.project}, ${exactTime(status.at)}</span></p>
    ${restoredNotice(status)} ${syncSection(status)} ${alertSection(alerts, now)}
    ${deletionSection({ groups, now, mayAct })} ${parkedSection({ rows: parked, count, now, mayAct })}
    ${conflictSection({ rows: conflicts, syncs: status.syncs, now, mayAct })} ${connectionSection(status)}
    ${webhookSection(webhooks, now)} ${driftSection(drifts, now)} ${auditSection(syncs, audits, now)}
    ${requestSection(requests, now)} ${tallySection(status)}
  `;
}

function restoredNotice({ restored }: Status): Html {
  if (restored === undefined) return html``;
  const { madeAt, doubted } = restored;
  const backup = madeAt === undefined ? "a backup" : html`the backup of ${exactTime(madeAt)}`;
  return html`<p class="notice">
    Restored from ${backup}; not listed since: ${doubted.join(", ")}. What is new there is looked up before it is
    created.
  </p>`;
}

/** One sentence: is everything as it should be? */
function summary({ syncs, connections }: Status): Html {
  if (syncs.length === 0) return html`<strong>There are no syncs yet.</strong>`;
  const late = syncs.filter(({ health }) => health === "behind" || health === "held").length;
  const parked = syncs.reduce((sum, sync) => sum + sync.parked, 0);
  const unauthorized = connections.filter(({ state }) => state !== "active").map(({ connection }) => connection);
  const all = late === 0 ? "Everything is in time" : `${late} of ${syncs.length} syncs are not in time`;
  return html`<strong
    >${all}${unauthorized.length > 0 && `; ${unauthorized.join(", ")} must be connected again`}${parked > 0 && `; ${parked.toLocaleString("en")} ${parked === 1 ? "record waits" : "records wait"} for a person`}.</strong
  >`;
}

function syncSection({ syncs, at }: Status): Html {
  const columns = ["Sync", "Health", "From → to", "Owner"];
  const numbers = ["Behind", "Ready", "Waiting", "Sending", "Unknown", "Parked", "Linked"];
  return tableSection({
    id: "syncs",
    title: "Syncs",
    columns: [...columns, ...numbers.map(numberHead), "Last agreed"],
    rows: syncs.map((sync) => syncRow(sync, at)),
  });
}

function syncRow(sync: SyncHealth, now: number): Html {
  return html`<tr>
    <th scope="row">${sync.sync}<small>${sync.purpose}</small></th>
    <td>${healthMark(sync)}${sync.heldBecause !== undefined && html`<small>${sync.heldBecause}</small>`}</td>
    <td class="short">${sync.from} ${sync.sides === undefined ? "→" : "↔"}<br />${sync.to}</td>
    <td>${sync.owner}</td>
    <td class="number ${sync.behindMs === 0 && "none"}">
      ${sync.behindMs === 0 ? "–" : durationText(sync.behindMs)}<small class="quiet"
        >of ${durationText(sync.freshWithinMs)}</small
      >
    </td>
    ${[sync.ready, sync.waiting, sync.sending, sync.unknown, sync.parked, sync.links].map(numberCell)}
    <td class="short">${sync.lastClearedAt === undefined ? "never" : ago(sync.lastClearedAt, now)}</td>
  </tr>`;
}

const HEALTH_MARKS = { fresh: ["good", "✓"], parked: ["late", "!"], behind: ["bad", "↓"], held: ["bad", "‖"] } as const;

function healthMark({ health }: SyncHealth): Html {
  const [colour, sign] = HEALTH_MARKS[health];
  return html`<span class="state ${colour}"><span aria-hidden="true">${sign}</span> ${health}</span>`;
}

function requestSection(requests: Overview["requests"], now: number): Html {
  return tableSection({
    id: "requests",
    title: "Latest requests",
    columns: ["When", "Connection", "Request", numberHead("Status"), "Outcome", numberHead("Took"), "Record"],
    rows: requests.map((request) => requestRow(request, now)),
  });
}

function requestRow(request: RequestEntry, now: number): Html {
  const { at, connection, method, url, status, outcome, reason, durationMs, sync, key } = request;
  return html`<tr>
    <td class="short">${ago(at, now)}</td>
    <td>${connection}</td>
    <td><code>${method} ${url}</code></td>
    <td class="number">${status ?? "–"}</td>
    <td>
      <span class="state ${outcome === "done" ? "good" : "late"}">${outcome}</span
      >${reason !== undefined && html`<small>${reason}</small>`}
    </td>
    <td class="number">${durationText(durationMs)}</td>
    <td>${key !== undefined && recordLink(key)}${sync !== undefined && html`<small>${sync}</small>`}</td>
  </tr>`;
}

function tallySection({ tallies, arrivalsWaiting, arrivalsUnreadable, recordsUnreadable }: Status): Html {
  const all: readonly (readonly [string, number])[] = [
    ["webhooks not yet taken up", arrivalsWaiting],
    ["webhooks that made no sense", arrivalsUnreadable],
    ["records that cannot be read", recordsUnreadable],
    ...Object.entries(tallies).toSorted(([one], [other]) => one.localeCompare(other)),
  ];
  return html`<section aria-labelledby="tallies">
    <h2 id="tallies">Counted <small>since the file of state was made</small></h2>
    <dl>
      ${all.map(
        ([name, count]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${count.toLocaleString("en")}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}
