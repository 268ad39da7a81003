// The pages of connecting an account: before, after, and for whoever comes with an address that leads nowhere any more.
import type { ConnectProgress } from "../../auth/connecting.ts";
import type { ConnectAnswer, ConnectionView } from "../../control.ts";
import type { Account } from "../../define/connector.ts";
import { html, type Html } from "./html.ts";
import { failurePage, layout } from "./layout.ts";

export function connectPage(view: ConnectionView, answer: ConnectAnswer, nonce: string): string {
  const title = `Connect ${view.connection}`;
  const main = html`
    <h2>${title}</h2>
    <p>${view.title}: ${view.state}${view.reason === undefined ? "" : `, ${view.reason}`}</p>
    ${view.account !== undefined && accountText(view.account)}
    ${view.scopesNeeded.length > 0 && html`<p>It asks for: ${view.scopesNeeded.join(", ")}</p>`}
    ${
      answer.kind === "page"
        ? html`<p><a href="${answer.address}">Go on to ${view.title}, and agree there</a></p>
            <p class="quiet">The link is good for ten minutes, for this browser, once.</p>`
        : html`<p class="notice">
              ${
                answer.account === undefined
                  ? "Its credential is in the settings; nothing has to be agreed to."
                  : "Its credential is in the settings, and it works."
              }
            </p>
            ${warnings(answer.warnings)}`
    }
  `;
  return layout({ title: `${title} – Bowline`, main, nonce });
}

export function journeyPage(connection: string, progress: ConnectProgress, nonce: string): string {
  if (progress.state !== "connected") {
    const reason = progress.state === "failed" ? progress.reason : "somebody is on the way";
    return failurePage(`Could not connect ${connection}: ${reason}. Nothing was kept; begin again.`, nonce);
  }
  const told = Object.entries(progress.told).map(
    ([setting, value]) => html`<p>Put into the settings: <code>${setting}: "${value}"</code></p>`,
  );
  const missing = progress.scopesMissing.length > 0 && html`<p>Not granted: ${progress.scopesMissing.join(", ")}</p>`;
  const main = html`
    <p class="notice"><strong>${connection} is connected.</strong> You can close this page.</p>
    ${progress.account !== undefined && accountText(progress.account)} ${told} ${missing} ${warnings(progress.warnings)}
  `;
  return layout({ title: `${connection} is connected – Bowline`, main, nonce });
}

export function strayPage(connection: string, nonce: string): string {
  return failurePage(`This address does not lead anywhere any more: begin to connect ${connection} again.`, nonce);
}

function accountText({ id, name, plan, sandbox }: Account): Html {
  const parts = [name ?? id, name === undefined ? "" : id, plan ?? "", sandbox === true ? "a sandbox" : ""];
  return html`<p>Account: ${parts.filter((part) => part !== "").join(", ")}</p>`;
}

function warnings(all: readonly string[]): readonly Html[] {
  return all.map((warning) => html`<p>${warning}</p>`);
}
