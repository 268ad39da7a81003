// The project: what is connected, and what is kept in agreement.
import { defineConfig } from "../../src/index.ts";
import { books, shop } from "./connections.ts";
import customers from "./syncs/customers.ts";
import invoices from "./syncs/invoices.ts";
import items from "./syncs/items.ts";

export default defineConfig({
  name: "shop-to-books",
  connections: [shop, books],
  syncs: [customers, items, invoices],
  data: ".data/bowline.db",
  port: 4_600,
  // Both providers are simulated on this machine.
  network: { privateAddresses: ["loopback"] },
});
