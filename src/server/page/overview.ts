// The first page: how each sync is doing, what waits for a person, and what went on lately.
import type { AuditView } from "../../watch/audit/audits.ts";
import type { ConnectionHealth, Status, SyncHealth } from "../../control.ts";
import type { ParkedRow, RequestEntry } from "../../store/store.ts";
import { html, type Html, type Shown } from "./html.ts";
import { parkedSection } from "./parked.ts";
import { auditSection } from "./audits.ts";
import { ago, durationText, exactTime } from "./time-text.ts";

export interface Overview {
  readonly status: Status;
  readonly parked: readonly ParkedRow[];
  /** The newest first. */
  readonly audits: readonly AuditView[];
  readonly requests: readonly (RequestEntry & { readonly id: number })[];
  /** May this person change anything? */
  readonly mayAct: boolean;
}

export function overview({ status, parked, audits, requests, mayAct }: Overview): Html {
  return html`
    <p class="notice">${summary(status)} <span class="quiet">${status.project}, ${exactTime(status.at)}</span></p>
    ${syncSection(status)} ${auditSection(audits, status.at)} ${parkedSection({ rows: parked, now: status.at, mayAct })}
    ${connectionSection(status)} ${requestSection(requests, status.at)} ${tallySection(status)}
  `;
}

/** One sentence: is everything as it should be? */
function summary({ syncs }: Status): Html {
  const late = syncs.filter(({ health }) => health === "behind" || health === "held").length;
  const parked = syncs.reduce((sum, sync) => sum + sync.parked, 0);
  if (syncs.length === 0) return html`<strong>There are no syncs yet.</strong>`;
  const all = late === 0 ? "Everything is in time" : `${late} of ${syncs.length} syncs are not in time`;
  return html`<strong
    >${all}${parked > 0 && `; ${parked} ${parked === 1 ? "record waits" : "records wait"} for a person`}.</strong
  >`;
}

function syncSection({ syncs, at }: Status): Html {
  const columns = ["Sync", "From → to", "Owner", "Health"];
  const numbers = ["Behind", "Ready", "Waiting", "Sending", "Unknown", "Parked", "Linked"];
  return table(
    "syncs",
    html`Syncs`,
    [...columns, ...numbers.map(numberHead), "Last agreed"],
    syncs.map((sync) => syncRow(sync, at)),
  );
}

function syncRow(sync: SyncHealth, now: number): Html {
  return html`<tr>
    <th scope="row">${sync.sync}<small>${sync.purpose}</small></th>
    <td class="short">${sync.from} ${sync.sides === undefined ? "→" : "↔"}<br />${sync.to}</td>
    <td>${sync.owner}</td>
    <td>${healthMark(sync)}${sync.heldBecause !== undefined && html`<small>${sync.heldBecause}</small>`}</td>
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

function connectionSection({ connections, at }: Status): Html {
  const rows = connections.map((connection) => connectionRow(connection, at));
  return table("connections", html`Connections`, ["Connection", "Connector", "State", "Because"], rows);
}

function connectionRow({ connection, connector, state, reason, heldUntil }: ConnectionHealth, now: number): Html {
  const isHeld = heldUntil !== undefined && heldUntil > now;
  const because = isHeld
    ? `no calls for another ${durationText(heldUntil - now)}${reason === undefined ? "" : `: ${reason}`}`
    : reason;
  return html`<tr>
    <th scope="row">${connection}</th>
    <td>${connector}</td>
    <td>
      <span class="state ${state === "active" ? (isHeld ? "late" : "good") : "bad"}">${isHeld ? "held" : state}</span>
    </td>
    <td>${because ?? ""}</td>
  </tr>`;
}

function requestSection(requests: Overview["requests"], now: number): Html {
  const head = ["When", "Connection", "Request", numberHead("Status"), "Outcome", numberHead("Took"), "Record"];
  return table(
    "requests",
    html`Latest requests`,
    head,
    requests.map((request) => requestRow(request, now)),
  );
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

export function recordLink(key: string, text = key): Html {
  return html`<a href="/record?key=${encodeURIComponent(key)}">${text}</a>`;
}

function tallySection({ tallies, arrivalsWaiting, arrivalsUnreadable }: Status): Html {
  const all: readonly (readonly [string, number])[] = [
    ["webhooks not yet taken up", arrivalsWaiting],
    ["webhooks that made no sense", arrivalsUnreadable],
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

function table(id: string, title: Html, head: readonly Shown[], rows: readonly Html[]): Html {
  const heads = head.map((cell) => (typeof cell === "string" ? html`<th scope="col">${cell}</th>` : cell));
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${
      rows.length === 0
        ? html`<p class="quiet">None yet.</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}">
            <table>
              <thead>
                <tr>
                  ${heads}
                </tr>
              </thead>
              <tbody>
                ${rows}
              </tbody>
            </table>
          </div>`
    }
  </section>`;
}

function numberHead(text: string): Html {
  return html`<th scope="col" class="number">${text}</th>`;
}

function numberCell(count: number): Html {
  return html`<td class="number ${count === 0 && "none"}">${count.toLocaleString("en")}</td>`;
}
