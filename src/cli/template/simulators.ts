// Both systems, simulated on this machine, so that everything runs offline. As a program it runs a command beside them:
// `node simulators.ts bowline start`.
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { createQuickBooksSimulator } from "bowline/quickbooks/simulator";
import { createShopifySimulator } from "bowline/shopify/simulator";
import { machine, sendWebhook, serve } from "bowline/simulators";

export interface Ports {
  /** Default: any that is free. */
  readonly shop?: number;
  readonly books?: number;
  /** Where the shop's webhooks go. Default: nowhere; what changes is found by polling. */
  readonly webhooks?: string;
}

export async function simulate(ports: Ports = {}) {
  const shop = createShopifySimulator({
    ...machine,
    shop: "demo",
    accessToken: "shpat_simulated",
    webhookSecret: "simulated-webhook-secret",
    searchLagMs: 0,
    ...(ports.webhooks === undefined ? {} : { send: sendWebhook, webhookUrl: ports.webhooks }),
  });
  const books = createQuickBooksSimulator({
    ...machine,
    realmId: "9341453908059321",
    clientId: "simulated-client",
    clientSecret: "simulated-client-secret",
    refreshToken: "simulated-refresh-token",
    webhookVerifierToken: "simulated-verifier-token",
    // More than QuickBooks allows: how fast calls go is what bowline.config.ts says, and nothing is refused meanwhile.
    settings: { callsPerMinute: 60_000, callsPerSecond: 1_000, callsAtOnce: 100 },
  });
  books.person.create("Item", { Name: "Goods", Type: "Service", IncomeAccountRef: { value: "79" } });
  const shopServed = await serve((request) => shop.fetch(request), { port: ports.shop ?? 0 });
  const booksServed = await serve((request) => books.fetch(request), { port: ports.books ?? 0 });
  return {
    shop,
    books,
    /** What the project reads from the environment. */
    environment: {
      SHOPIFY_URL: shopServed.url,
      SHOPIFY_ACCESS_TOKEN: "shpat_simulated",
      SHOPIFY_WEBHOOK_SECRET: "simulated-webhook-secret",
      QUICKBOOKS_URL: booksServed.url,
      QUICKBOOKS_TOKEN_URL: `${booksServed.url}/oauth2/v1/tokens/bearer`,
      QUICKBOOKS_CLIENT_ID: "simulated-client",
      QUICKBOOKS_CLIENT_SECRET: "simulated-client-secret",
      QUICKBOOKS_REFRESH_TOKEN: "simulated-refresh-token",
    },
    async close(): Promise<void> {
      shop.webhooks.stop();
      books.webhooks.stop();
      await Promise.all([shopServed.close(), booksServed.close()]);
    },
  };
}

export type Simulated = Awaited<ReturnType<typeof simulate>>;

const GOODS = [
  { title: "Teapot", unitPrice: "24.90" },
  { title: "Cup", unitPrice: "7.50" },
  { title: "Green tea, 100 g", unitPrice: "11.25" },
];

/** Somebody new buys something; every fifth order is not paid yet. */
export function placeOrder({ shop }: Simulated, count: number) {
  const customer = shop.addCustomer({ firstName: "Customer", lastName: `No. ${count}`, email: `${count}@example.com` });
  return shop.addOrder({
    customerId: customer.id,
    financialStatus: count % 5 === 0 ? "PENDING" : "PAID",
    lines: GOODS.slice(0, 1 + (count % GOODS.length)).map((line) => ({ ...line, quantity: 1 + (count % 3) })),
  });
}

const ORDER_EVERY_MS = 5_000;

/** Runs a command beside the simulators; a new order comes every few seconds meanwhile. */
async function runBeside(command: string, args: readonly string[]): Promise<number> {
  const simulated = await simulate({ shop: 4611, books: 4612, webhooks: "http://127.0.0.1:4600/hooks/shop" });
  // The simulators begin anew each time, so what Bowline remembers of them must too.
  await rm(".data", { recursive: true, force: true });
  let count = 0;
  while (count < 12) placeOrder(simulated, ++count);
  // With `--settle` nothing new may come, or both systems would never be done agreeing.
  const orders = args.includes("--settle")
    ? undefined
    : setInterval(() => placeOrder(simulated, ++count), ORDER_EVERY_MS);
  const child = spawn(command, args, {
    stdio: "inherit",
    shell: process.platform === "win32",
    env: { ...process.env, ...simulated.environment },
  });
  // Ctrl+C reaches the command too; the simulators stay until it has ended.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (exitCode) => resolve(exitCode ?? 1));
  });
  clearInterval(orders);
  await simulated.close();
  return code;
}

if (import.meta.main) {
  const [command = "bowline", ...args] = process.argv.slice(2);
  process.exitCode = await runBeside(command, args).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
}
