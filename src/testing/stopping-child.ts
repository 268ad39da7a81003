// A process that has nothing to wait for but that its engine has stopped; the answer to a write comes only while it stops.
import { openEngine } from "../engine.ts";
import { inProcessNetwork } from "../world/in-process.ts";
import { realClock, realRandom } from "../world/real.ts";
import { BOOKS, smallBooks } from "./small-books.ts";
import { SHOP, smallShop } from "./small-shop.ts";
import { ENVIRONMENT, smallProject } from "./small-world.ts";
import { waits } from "./troubles.ts";

const shop = smallShop(realClock);
const books = smallBooks();
shop.putOrder("1");
const slow = waits();
books.troubles.push(slow.trouble);
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
const alive = setInterval(() => undefined, 1_000);
await slow.asked;
clearInterval(alive);
const stopped = engine.stop();
setImmediate(() => slow.letGo());
await stopped;
process.stdout.write(books.notes().join());
