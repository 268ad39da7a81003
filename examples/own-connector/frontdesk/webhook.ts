// Frontdesk's webhooks: signed over time and body, thin. Each names a ticket; what it says now is read.
import { z } from "zod";
import { type Delivery, type Verified, verifyHmac, type Webhook } from "../../../src/index.ts";

const AGE_MAX_MS = 5 * 60_000;

const event = z.object({
  event: z.enum(["ticket.created", "ticket.updated", "ticket.deleted"]),
  ticket_id: z.string(),
});

export const webhook: Webhook = {
  secretSettings: ["webhookSecret"],
  signature: "HMAC-SHA256 of time and body",
  answerWithinMs: 5_000,
  verify,
  // The same through every try of one delivery.
  dedupeId: ({ headers }) => headers["frontdesk-delivery"] ?? "",
  events: ({ json }) => {
    const { event: what, ticket_id: key } = event.parse(json);
    return [{ resource: "tickets", key, ...(what === "ticket.deleted" ? { deleted: true } : {}) }];
  },
};

function verify({ headers, body, at }: Delivery, secrets: readonly string[]): Verified {
  const time = headers["frontdesk-time"] ?? "";
  const given = headers["frontdesk-signature"];
  const verified = verifyHmac({ given, signed: [`${time}.`, body], secrets, as: "hex" });
  if (!verified.ok || Math.abs(at - Number(time)) <= AGE_MAX_MS) return verified;
  return { ok: false, reason: "it was signed more than five minutes ago, or ahead of time" };
}
