// One run of the trial: Bowline with two hundred secrets works, fails in every way and is asked everything; then all that it
// said and left is looked through.
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createQuickBooksSimulator } from "../../connectors/quickbooks/simulator.ts";
import { createShopifySimulator } from "../../connectors/shopify/simulator.ts";
import { machine, serve } from "../../src/rehearse/simulators.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { argumentsOf, askCommands, askPages, COMMANDS_AFTERWARDS, sendHooks, type Asker } from "./ask.ts";
import { makeCanaries, type Canaries } from "./canaries.ts";
import { scanFiles, scanTables } from "./left.ts";
import type { Options } from "./options.ts";
import { openProvider } from "./provider.ts";
import { Scanner } from "./scan.ts";
import type { Figures } from "./verdict.ts";

/** How long Bowline works before it is asked, and again before it is stopped, in milliseconds. */
const WORK_MS = 7_000;
const DEFLATED_ROWS = 2_000;
const OWN_FILES: ReadonlySet<string> = new Set(["trial.key"]);

export async function runCanary(
  options: Options,
  say: (words: string) => void,
): Promise<{ figures: Figures; scanner: Scanner }> {
  const beganAt = Date.now();
  const canaries = makeCanaries(options.seed, options.canaries);
  const key = randomBytes(32).toString("base64");
  const scanner = new Scanner([...canaries.all, key]);
  const folder = join(import.meta.dirname, "..", "..", ".data", "trials", `canary-${options.seed}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const provider = await openProvider(canaries);
  const example = await openExample(canaries);
  const environment = {
    ...example.environment,
    ...canaries.settings,
    CANARY_URL: provider.url,
    BOWLINE_KEY_COMMAND: keyCommand(folder, key),
    NODE_COMPILE_CACHE: join(folder, "..", "compiled"),
    PATH: process.env["PATH"],
    HOME: folder,
  };
  writeProject(folder);
  const asker: Asker = { folder, environment, scanner };
  try {
    const bowline = await start(asker, options.plant);
    const hooks = await sendHooks(asker, bowline.url, canaries);
    await after(WORK_MS);
    say(`${provider.quotes} answers quoted secrets, ${hooks} webhooks sent`);
    scanner.scan("arguments of the engine", argumentsOf(bowline.process.pid));
    const pages = await askPages(asker, bowline.url);
    const whileRunning = await askCommands(asker);
    await after(WORK_MS);
    scanFiles(scanner, folder, OWN_FILES);
    await bowline.stop();
    const afterwards = await askCommands(asker, COMMANDS_AFTERWARDS);
    const broken = await askBroken(asker, key);
    scanFiles(scanner, folder, OWN_FILES);
    await deflate(join(folder, "bowline.db"));
    const inflated = scanTables(scanner, join(folder, "bowline.db"));
    const figures: Figures = {
      canaries: canaries.all.length,
      hits: scanner.hits.length,
      bytesScanned: scanner.bytes,
      pieces: scanner.pieces,
      placesScanned: scanner.places.size,
      presented: provider.presented.size,
      quotes: provider.quotes,
      forced: provider.forced,
      webhooks: hooks,
      commands: whileRunning + afterwards + broken,
      pages,
      inflated,
      seed: options.seed,
      plant: options.plant ?? null,
      seconds: Math.round((Date.now() - beganAt) / 10) / 100,
    };
    return { figures, scanner };
  } finally {
    await Promise.all([provider.close(), example.close()]);
    if (!options.keep) rmSync(folder, { recursive: true, force: true });
  }
}

/** Bodies are deflated when there is time, which a busy engine may not have had: it is done now, so that both forms are scanned. */
async function deflate(path: string): Promise<void> {
  const store = await openSqliteStore({ path, thread: false });
  await store.prune({ before: 0, rowsMax: DEFLATED_ROWS });
  await store.close();
}

function keyCommand(folder: string, key: string): string {
  const keyPath = join(folder, "trial.key");
  writeFileSync(keyPath, `${key}\n`, { mode: 0o600 });
  const program = join(import.meta.dirname, "key-command.ts");
  return JSON.stringify([process.execPath, program, keyPath, join(folder, "given-to-key-command.json")]);
}

function writeProject(folder: string): void {
  const config = new URL("./bowline.config.ts", import.meta.url).href;
  writeFileSync(join(folder, "bowline.config.ts"), `export { default } from ${JSON.stringify(config)};\n`);
}

interface Running {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

async function start({ folder, environment, scanner }: Asker, plant: Options["plant"]): Promise<Running> {
  const program = join(import.meta.dirname, "engine.ts");
  const args = [program, folder, ...(plant === undefined ? [] : [plant])];
  const child = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: ["pipe", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  const ready = Promise.withResolvers<string>();
  child.stdout.on("data", (piece: Buffer) => {
    said.out += piece.toString();
    const url = /^ready (\S+)$/m.exec(said.out)?.[1];
    if (url !== undefined) ready.resolve(url);
  });
  child.stderr.on("data", (piece: Buffer) => (said.err += piece.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  void ended.then(() => ready.reject(new Error(`could not start Bowline: ${said.err.slice(0, 2_000)}`)));
  const url = await ready.promise;
  return {
    url,
    process: child,
    async stop() {
      child.stdin.end();
      await ended;
      scanner.scan("log on standard error", said.err);
      scanner.scan("standard output", said.out);
      writeFileSync(join(folder, "log.txt"), said.err);
    },
  };
}

/** Commands on a project that cannot work: a setting is missing, the address is none, the key is none. */
async function askBroken(asker: Asker, key: string): Promise<number> {
  // Some of these have a secret in a variable that the project does not call one: no command is to be given that.
  const environment: Asker["environment"] = { ...asker.environment, BOWLINE_KEY_COMMAND: "", BOWLINE_KEY: key };
  const withoutOne = { ...environment, CANARY_HEADER_0_APIKEY: "" };
  const badUrl = {
    ...environment,
    CANARY_URL: `http://user:${environment["CANARY_HEADER_0_APIKEY"] ?? ""}@127.0.0.1:1?`,
  };
  const secretAsUrl = { ...environment, CANARY_URL: environment["CANARY_HEADER_0_APIKEY"] };
  const badKey = { ...environment, BOWLINE_KEY: environment["CANARY_HEADER_0_APIKEY"] };
  let asked = 0;
  for (const broken of [withoutOne, badUrl, secretAsUrl, badKey]) {
    asked += await askCommands({ ...asker, environment: broken }, [
      ["check"],
      ["status", "--json"],
      ["keys", "verify"],
    ]);
  }
  return asked;
}

/** The example connectors on their simulators. */
async function openExample({ settings }: Canaries) {
  const shop = createShopifySimulator({
    ...machine,
    shop: "demo",
    accessToken: settings["SHOPIFY_ACCESS_TOKEN"]!,
    webhookSecret: settings["SHOPIFY_WEBHOOK_SECRET"]!,
    searchLagMs: 0,
  });
  const books = createQuickBooksSimulator({
    ...machine,
    realmId: "9341453908059321",
    clientId: "trial-client",
    clientSecret: settings["QUICKBOOKS_CLIENT_SECRET"]!,
    refreshToken: settings["QUICKBOOKS_REFRESH_TOKEN"]!,
    webhookVerifierToken: settings["QUICKBOOKS_VERIFIER_TOKEN"]!,
  });
  for (const [firstName, lastName] of [["Ada", "Lovelace"], ["Grace", "Hopper"], ["Cher"]] as const) {
    shop.addCustomer({ firstName, ...(lastName === undefined ? {} : { lastName }) });
  }
  const shopServed = await serve((request) => shop.fetch(request));
  const booksServed = await serve((request) => books.fetch(request));
  return {
    environment: {
      SHOPIFY_URL: shopServed.url,
      QUICKBOOKS_CLIENT_ID: "trial-client",
      QUICKBOOKS_URL: booksServed.url,
      QUICKBOOKS_TOKEN_URL: `${booksServed.url}/oauth2/v1/tokens/bearer`,
    },
    close: () => Promise.all([shopServed.close(), booksServed.close()]),
  };
}

const after = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));
