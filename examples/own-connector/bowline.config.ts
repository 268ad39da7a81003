// Two help desks of one connector: what the first line cannot answer becomes a ticket of the workshop, and follows it.
import { defineConfig, defineOwner, defineSync, env } from "../../src/index.ts";
import { frontdesk } from "./frontdesk/connector.ts";

const support = defineOwner({ name: "Support", email: "support@example.com" });

const desk = frontdesk.connect("desk", {
  subdomain: "acme",
  token: env("DESK_TOKEN"),
  webhookSecret: env("DESK_WEBHOOK_SECRET"),
  // For a real help desk, take this line away.
  baseUrl: env("DESK_URL"),
});

const workshop = frontdesk.connect("workshop", {
  subdomain: "acme-workshop",
  token: env("WORKSHOP_TOKEN"),
  baseUrl: env("WORKSHOP_URL"),
});

const escalations = defineSync({
  name: "escalations",
  purpose: "What the first line cannot answer reaches the workshop, so that nobody copies tickets by hand.",
  owner: support,
  from: desk.tickets,
  to: workshop.tickets,
  only: (ticket) => ticket.status === "escalated",
  freshWithin: "5m",
  map: ({ field }) => ({
    subject: field((ticket) => ticket.subject),
    body: field((ticket) => ticket.body),
    requester_email: field((ticket) => ticket.requester_email).orOmit(),
    reference: field((ticket) => ticket.id),
  }),
  onDelete: "close",
  onOutOfScope: "close",
});

export default defineConfig({
  name: "own-connector",
  connections: [desk, workshop],
  syncs: [escalations],
  data: ".data/bowline.db",
  // The simulators are on this machine. For real accounts, take this line away.
  network: { privateAddresses: ["loopback"] },
});
