// A folder with a project, and both of its systems served over real HTTP: what tests of the command line begin with.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createQuickBooksSimulator, type QuickBooksSimulator } from "../../../connectors/quickbooks/simulator.ts";
import { createShopifySimulator, type ShopifySimulator } from "../../../connectors/shopify/simulator.ts";
import { machine, serve } from "../../rehearse/simulators.ts";
import { runCommandLine } from "../program.ts";
import { testShell, type TestShell } from "./test-shell.ts";

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** Standard output as JSON. */
  readonly json: unknown;
}

export interface SimulatedProject {
  readonly folder: string;
  readonly shop: ShopifySimulator;
  readonly books: QuickBooksSimulator;
  readonly environment: Readonly<Record<string, string>>;
  /** Runs the command line in this process. */
  run(...args: readonly string[]): Promise<Ran>;
}

const SECRETS = {
  SHOPIFY_ACCESS_TOKEN: "shpat_simulated",
  SHOPIFY_WEBHOOK_SECRET: "simulated-webhook-secret",
  QUICKBOOKS_CLIENT_ID: "simulated-client",
  QUICKBOOKS_CLIENT_SECRET: "simulated-client-secret",
  QUICKBOOKS_REFRESH_TOKEN: "simulated-refresh-token",
};

export async function simulatedProject(t: TestContext): Promise<SimulatedProject> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-cli-"));
  await mkdir(join(folder, "state"));
  const config = new URL("./bowline.config.ts", import.meta.url).href;
  await writeFile(join(folder, "bowline.config.ts"), `export { default } from ${JSON.stringify(config)};\n`);
  const shop = createShopifySimulator({
    ...machine,
    shop: "demo",
    accessToken: SECRETS.SHOPIFY_ACCESS_TOKEN,
    webhookSecret: SECRETS.SHOPIFY_WEBHOOK_SECRET,
    searchLagMs: 0,
  });
  const books = createQuickBooksSimulator({
    ...machine,
    realmId: "9341453908059321",
    clientId: SECRETS.QUICKBOOKS_CLIENT_ID,
    clientSecret: SECRETS.QUICKBOOKS_CLIENT_SECRET,
    refreshToken: SECRETS.QUICKBOOKS_REFRESH_TOKEN,
    webhookVerifierToken: "simulated-verifier-token",
  });
  const shopServed = await serve((request) => shop.fetch(request));
  const booksServed = await serve((request) => books.fetch(request));
  t.after(async () => {
    await Promise.all([shopServed.close(), booksServed.close()]);
    await rm(folder, { recursive: true, force: true });
  });
  const environment = {
    ...SECRETS,
    SHOPIFY_URL: shopServed.url,
    QUICKBOOKS_URL: booksServed.url,
    QUICKBOOKS_TOKEN_URL: `${booksServed.url}/oauth2/v1/tokens/bearer`,
    // Whoever looks at them gives an address of their own.
    ALERTS_URL: "http://127.0.0.1:9/",
  };
  const run = (...args: readonly string[]): Promise<Ran> => runIn(testShell({ folder, environment }), args);
  return { folder, shop, books, environment, run };
}

export async function runIn(shell: TestShell, args: readonly string[]): Promise<Ran> {
  const exitCode = await runCommandLine(args, shell);
  return {
    exitCode,
    out: shell.out.text,
    err: shell.err.text,
    get json(): unknown {
      return JSON.parse(shell.out.text);
    },
  };
}
