// The small shop and books in a process of its own, in real time: what its engine keeps alive, and what not.
import { openEngine, type Engine } from "../engine.ts";
import { inProcessNetwork } from "../world/in-process.ts";
import { realClock, realRandom } from "../world/real.ts";
import { BOOKS, smallBooks, type SmallBooks } from "./small-books.ts";
import { SHOP, smallShop } from "./small-shop.ts";
import { ENVIRONMENT, smallProject } from "./small-world.ts";
import type { Trouble } from "./troubles.ts";

/** Opened on the file that the process was given; one order is to be written, and its call has this trouble. */
export async function smallProcess(trouble: Trouble): Promise<{ readonly engine: Engine; readonly books: SmallBooks }> {
  const shop = smallShop(realClock);
  const books = smallBooks();
  shop.putOrder("1");
  books.troubles.push(trouble);
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
  return { engine, books };
}
