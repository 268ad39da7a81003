// Connections on the first page: who can be called, and where a person has to go for one that cannot.
import type { ConnectionHealth, Status } from "../../control.ts";
import { html, type Html } from "./html.ts";
import { tableSection } from "./table.ts";
import { durationText } from "./time-text.ts";

export function connectionSection({ connections, at }: Status): Html {
  return tableSection({
    id: "connections",
    title: "Connections",
    columns: ["Connection", "Connector", "State", "Because"],
    rows: connections.map((connection) => connectionRow(connection, at)),
  });
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
    <td>
      ${because}
      ${state !== "active" && html`<a href="/connect/${encodeURIComponent(connection)}">Connect ${connection}</a>`}
    </td>
  </tr>`;
}
