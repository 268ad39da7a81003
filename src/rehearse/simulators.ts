// What a project needs to serve simulators on its own machine, as `bowline/simulators`: over real HTTP, in real time.
import { realClock, realRandom } from "../world/real.ts";
import type { SimulatorWorld } from "./simulator.ts";
import type { SendWebhook } from "./webhook-sender.ts";

export { CutConnection, serve, type Served } from "./serve.ts";
export type { Simulator, SimulatorWorld } from "./simulator.ts";
export type { OutgoingWebhook, SendWebhook, WebhookFaults } from "./webhook-sender.ts";

/** How long the receiver of a webhook may take, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

/** The machine's clock and randomness: `createShopifySimulator({ ...machine, shop: "demo", … })`. */
export const machine: SimulatorWorld = { clock: realClock, random: realRandom };

/** Delivers a simulator's webhooks over HTTP. */
export const sendWebhook: SendWebhook = async ({ url, headers, body }) => {
  const response = await fetch(url, {
    method: "POST",
    headers,
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  await response.body?.cancel();
  return response.status;
};
