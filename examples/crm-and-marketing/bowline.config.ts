// The project: what is connected, and what is kept in agreement.
import { defineConfig } from "../../src/index.ts";
import { crm, marketing } from "./connections.ts";
import contacts from "./syncs/contacts.ts";

export default defineConfig({
  name: "crm-and-marketing",
  connections: [crm, marketing],
  syncs: [contacts],
  data: ".data/bowline.db",
  port: 4_610,
  // Both providers are simulated on this machine.
  network: { privateAddresses: ["loopback"] },
});
