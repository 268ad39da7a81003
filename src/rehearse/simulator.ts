// A simulator is a stateful fake of a provider on the wire: a fetch handler, served over real HTTP in demos and tests and
// called in the same process in rehearsals. It keeps the truth that a checker compares with.
import type { Clock, Random } from "../world/world.ts";
import type { WebhookSender } from "./webhook-sender.ts";

export interface SimulatorWorld {
  readonly clock: Clock;
  readonly random: Random;
}

export interface Simulator {
  readonly name: string;
  /** Answers one request; the URL's origin does not matter. */
  fetch(request: Request): Promise<Response>;
  readonly webhooks: WebhookSender;
}
