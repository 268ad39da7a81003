// A process that has nothing to wait for but that its engine becomes quiet: a throttled write is made half a second later.
import { smallProcess } from "./small-process.ts";
import { answers } from "./troubles.ts";

const { engine, books } = await smallProcess(answers(429, "{}", { "retry-after": "0.5" }));
await engine.start();
await engine.quiet();
process.stdout.write(books.notes().join());
await engine.stop();
