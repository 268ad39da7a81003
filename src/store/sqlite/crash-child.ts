// A program for the tests to kill: opens a file of state, says so, and then says each delivery that was kept.
//   node crash-child.ts PATH inline|thread [PLANT]
import { openSqliteStore } from "./open.ts";

const IN_FLIGHT = 8;

const [path = "", mode = "inline", plant] = process.argv.slice(2);

// Without a clock: what is planted then waits for the next delivery, so that the last one is lost whenever the kill comes.
const store = await openSqliteStore({
  path,
  thread: mode === "thread",
  plants: new Set(plant === undefined ? [] : [plant]),
});
await store.declare({ connections: ["shop"], resources: [], syncs: [] });
process.stdout.write("open\n");

let next = 0;
async function ingestForEver(): Promise<never> {
  for (;;) {
    const dedupeId = String((next += 1));
    await store.ingest([{ connection: "shop", dedupeId, at: next, headers: {}, body: Buffer.alloc(500) }]);
    process.stdout.write(`${dedupeId}\n`);
    // Lets timers and messages have their turn, as a server's sockets would.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

await Promise.all(Array.from({ length: IN_FLIGHT }, ingestForEver));
