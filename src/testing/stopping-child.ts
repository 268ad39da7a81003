// A process that has nothing to wait for but that its engine has stopped; the answer to a write comes only while it stops.
import { smallProcess } from "./small-process.ts";
import { waits } from "./troubles.ts";

const slow = waits();
const { engine, books } = await smallProcess(slow.trouble);
await engine.start();
const alive = setInterval(() => undefined, 1_000);
await slow.asked;
clearInterval(alive);
const stopped = engine.stop();
setImmediate(() => slow.letGo());
await stopped;
process.stdout.write(books.notes().join());
