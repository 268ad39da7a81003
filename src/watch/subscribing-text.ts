// Who has to subscribe to a connection's webhooks and which address they have to be sent to, in one sentence: the same at the
// command line, on the page and where Bowline cannot subscribe itself.
import type { WebhookView } from "./webhook-state.ts";

/** Where webhooks of a connection come in, below the project's address. */
export const hookPath = (connection: string): string => `/hooks/${connection}`;

type Subscribing = Pick<WebhookView, "connection" | "how" | "where" | "address">;

/** Undefined: Bowline subscribes, and can. */
export function subscribingText({ connection, how, where, address }: Subscribing): string | undefined {
  if (how === "by-hand") {
    const place = where === undefined ? "" : `: ${where}`;
    return `a person subscribes to them${place}; they have to be sent to ${address ?? unknownAddress(connection)}`;
  }
  if (address !== undefined) return undefined;
  return "Bowline can subscribe to none: the project has no publicUrl, the address at which providers reach it";
}

function unknownAddress(connection: string): string {
  return `${hookPath(connection)} at the address at which the provider reaches Bowline (the project has no publicUrl, which would say it)`;
}
