// What tests of the whole engine begin with: the small shop and the small books in one process, virtual time, and a real file
// of state that outlives each engine that is opened on it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Project } from "../define/config.ts";
import { defineConfig } from "../define/define-config.ts";
import { defineSync, type SyncOptions } from "../define/define-sync.ts";
import { env } from "../define/secret.ts";
import { openEngine, type Engine, type EngineOptions } from "../engine.ts";
import { ask, type Reply } from "../server/testing/http.ts";
import { signedHeaders } from "../server/testing/signed-webhook.ts";
import { inProcessNetwork } from "../world/in-process.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import type { World } from "../world/world.ts";
import { BOOKS, booksConnector, smallBooks, type BillFields, type SmallBooks } from "./small-books.ts";
import { SHOP, shopConnector, smallShop, type Order, type SmallShop } from "./small-shop.ts";
import { virtualUntil } from "./virtual-until.ts";

export const WEBHOOK_SECRET = "a webhook secret for tests";
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  SHOP_TOKEN: "shop-token",
  SHOP_WEBHOOK_SECRET: WEBHOOK_SECRET,
  BOOKS_TOKEN: "books-token",
};
const STEPS_MAX = 800;

export const shop = shopConnector.connect("shop", {
  token: env("SHOP_TOKEN"),
  webhookSecret: env("SHOP_WEBHOOK_SECRET"),
  url: SHOP,
});
export const books = booksConnector.connect("books", { token: env("BOOKS_TOKEN"), url: BOOKS });

export const clients = defineSync({
  name: "clients",
  purpose: "Whoever buys is a client.",
  owner: "finance",
  from: shop.customers,
  to: books.clients,
  freshWithin: "1m",
  map: ({ field }) => ({ name: field((customer) => customer.name) }),
  onDelete: "keep",
});

export type BillsOptions = SyncOptions<Order, BillFields, "void", keyof BillFields>;

/** Bills of orders whose customers nobody has to find first. */
export const unlinked: BillsOptions["map"] = ({ field }) => ({
  note: field(({ note }) => note),
  client: field(({ customer }) => customer).orOmit(),
});

export function billsSync(changes: Partial<BillsOptions> = {}) {
  return defineSync<Order, BillFields, "void", keyof BillFields>({
    name: "bills",
    purpose: "Each order has its bill.",
    owner: "finance",
    from: shop.orders,
    to: books.bills,
    freshWithin: "1m",
    map: ({ field, link }) => ({
      note: field((order) => order.note),
      client: link(clients, (order) => order.customer).orOmit(),
    }),
    onDelete: "void",
    ...changes,
  });
}

export function smallProject(changes: Partial<Parameters<typeof defineConfig>[0]> = {}): Project {
  return defineConfig({
    name: "small",
    connections: [shop, books],
    syncs: [clients, billsSync()],
    port: 0,
    ...changes,
  });
}

export interface Told {
  readonly resource: string;
  readonly key: string;
  readonly version?: string;
  readonly deleted?: boolean;
  readonly record?: unknown;
}

export interface SmallWorld {
  readonly clock: VirtualClock;
  readonly shop: SmallShop;
  readonly books: SmallBooks;
  readonly world: World;
  readonly path: string;
  /** What the engine logged, as "level: message". */
  readonly logged: string[];
  /** An engine on the file of state, not started; in virtual time unless told otherwise. */
  open(options?: Partial<EngineOptions>): Promise<Engine>;
  /** An engine that was started and has come to rest. */
  running(options?: Partial<EngineOptions>): Promise<Engine>;
  /** Lets time pass until the engine is quiet. */
  settle(engine: Engine): Promise<void>;
  stop(engine: Engine): Promise<void>;
  /** Lets time pass until this has come. */
  until<T>(promise: Promise<T>): Promise<T>;
  /** Delivers a signed webhook over HTTP. */
  deliver(engine: Engine, id: string, events: readonly Told[]): Promise<Reply>;
}

export async function smallWorld(t: TestContext): Promise<SmallWorld> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-engine-"));
  const clock = new VirtualClock();
  const shopServed = smallShop(clock);
  const booksServed = smallBooks();
  const handlers = new Map([
    [SHOP, shopServed.fetch],
    [BOOKS, booksServed.fetch],
  ]);
  const world: World = { clock, random: new SeededRandom(1), network: inProcessNetwork(handlers, clock) };
  const opened = new Set<Engine>();
  const logged: string[] = [];

  const small: SmallWorld = {
    clock,
    shop: shopServed,
    books: booksServed,
    world,
    path: join(folder, "state.db"),
    logged,
    async open(options = {}) {
      const engine = await openEngine({
        project: smallProject(),
        environment: ENVIRONMENT,
        dataPath: small.path,
        listen: false,
        thread: false,
        world,
        log: (level, message) => logged.push(`${level}: ${message}`),
        ...options,
      });
      opened.add(engine);
      return engine;
    },
    async running(options) {
      const engine = await small.open(options);
      await engine.start();
      await small.settle(engine);
      return engine;
    },
    settle: (engine) => small.until(engine.quiet()),
    async stop(engine) {
      opened.delete(engine);
      await small.until(engine.stop());
    },
    until: (promise) => virtualUntil(clock, promise, STEPS_MAX),
    deliver(engine, id, events) {
      const body = JSON.stringify({ events });
      const headers = signedHeaders(WEBHOOK_SECRET, clock.now(), body, id);
      return ask(`${engine.url}/hooks/shop`, { method: "POST", headers, body });
    },
  };
  t.after(async () => {
    for (const engine of opened) await small.stop(engine);
    await rm(folder, { recursive: true, force: true });
  });
  return small;
}
