// A process that has nothing to wait for but that its engine becomes quiet: a throttled write is made half a second later.
import { openEngine } from "../engine.ts";
import { inProcessNetwork } from "../world/in-process.ts";
import { realClock, realRandom } from "../world/real.ts";
import { BOOKS, smallBooks } from "./small-books.ts";
import { SHOP, smallShop } from "./small-shop.ts";
import { ENVIRONMENT, smallProject } from "./small-world.ts";
import { answers } from "./troubles.ts";

const shop = smallShop(realClock);
const books = smallBooks();
shop.putOrder("1");
books.troubles.push(answers(429, "{}", { "retry-after": "0.5" }));
const handlers = new Map([
  [SHOP, shop.fetch],
  [BOOKS, books.fetch],
]);
const engine = await openEngine({
  project: smallProject(),
  environment: ENVIRONMENT,
  dataPath: process.argv[2] ?? "",
  listen: false,
  world: { clock: realClock, random: realRandom, network: inProcessNetwork(handlers, realClock) },
});
await engine.start();
await engine.quiet();
process.stdout.write(books.notes().join());
await engine.stop();
