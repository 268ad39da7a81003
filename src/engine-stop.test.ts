// Stopped, killed, held up or started again: an engine loses nothing, repeats nothing, and leaves nothing running.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { defineConnector } from "./define/define-connector.ts";
import { controlPath } from "./engine.ts";
import { raw } from "./server/testing/http.ts";
import { StoreError, type Pruned } from "./store/store.ts";
import { shopConnector } from "./testing/small-shop.ts";
import { billsSync, books, shop, smallProject, smallWorld, unlinked } from "./testing/small-world.ts";
import { answers, cutAfterwards, waits } from "./testing/troubles.ts";

/** Bills that name no client. */
test("a stop waits for what is under way, and the next engine goes on with its cursors", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running();
  await small.stop(engine);
  const calls = small.shop.calls.length;
  small.shop.putOrder("2");
  const again = await small.open();
  await again.start();
  await small.clock.advance(40_000);
  assert.deepEqual(small.books.notes(), ["order 1", "order 2"]);
  const later = small.shop.calls.slice(calls).filter((call) => call.startsWith("GET /orders"));
  assert.ok(later.length > 0);
  assert.deepEqual(
    later.filter((call) => !call.includes("since=")),
    [],
    "nothing was listed from the beginning again",
  );
});

test("a write that was under way when the process ended is unknown, and resolved under the same key", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  small.books.troubles.push(cutAfterwards);
  const engine = await small.open();
  await engine.start();
  await small.clock.advance(50);
  const bills = (await engine.control.status()).syncs.find(({ sync }) => sync === "bills");
  assert.equal(bills?.unknown, 1);
  await small.stop(engine);
  const again = await small.running();
  assert.deepEqual(small.books.notes(), ["order 1"]);
  const [first, second] = small.books.writes;
  assert.equal(small.books.writes.length, 2);
  assert.equal(first?.key, second?.key);
  assert.equal((await again.control.status()).syncs[1]?.links, 1);
});

test("what was being sent when the process was killed is sent again under the same key, and made once", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const slow = waits();
  small.books.troubles.push(slow.trouble);
  const killed = await small.open();
  await killed.start();
  await small.until(slow.asked);
  // The file as a process that is killed now leaves it behind.
  const left = `${small.path}.left`;
  for (const part of ["", "-wal", ".key"]) await copyFile(small.path + part, `${left}${part}`);
  slow.letGo();
  await small.stop(killed);
  await small.running({ dataPath: left });
  assert.ok(small.logged.some((line) => line.startsWith("warn: 1 writes were under way")));
  assert.deepEqual(small.books.notes(), ["order 1"]);
  assert.equal(new Set(small.books.writes.map(({ key }) => key)).size, 1);
  assert.equal(small.books.writes.length, 2);
});

test("credentials that no longer work hold the work, spend no attempt, and a new start with good ones goes on", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true });
  small.books.token = "another token";
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
  await small.deliver(engine, "e1", [
    { resource: "orders", key: "1" },
    { resource: "orders", key: "2" },
    { resource: "orders", key: "3" },
  ]);
  await small.clock.advance(10 * 60_000);
  const { syncs, connections } = await engine.control.status();
  assert.equal(connections.find(({ connection }) => connection === "books")?.state, "reauthorize");
  const held = syncs.find(({ sync }) => sync === "bills");
  assert.equal(held?.health, "held");
  assert.match(held?.heldBecause ?? "", /connection books is reauthorize/);
  assert.equal((held?.ready ?? 0) + (held?.waiting ?? 0), 3);
  assert.equal(held?.parked, 0);
  assert.equal(small.logged.filter((line) => line.includes("needs to be authorised again")).length, 1);
  await small.stop(engine);
  await small.running({
    environment: { SHOP_TOKEN: "shop-token", SHOP_WEBHOOK_SECRET: "s", BOOKS_TOKEN: "another token" },
  });
  assert.deepEqual([...small.books.notes()].sort(), ["order 1", "order 2", "order 3"]);
});

test("quiet does not come while work is held, nor before everything was read once", async (t) => {
  const small = await smallWorld(t);
  small.shop.token = "another token";
  small.shop.putOrder("1");
  const engine = await small.open();
  await engine.start();
  let isQuiet = false;
  const quiet = engine.quiet().then(() => (isQuiet = true));
  await small.clock.advance(10 * 60_000);
  assert.equal(isQuiet, false);
  await small.stop(engine);
  await small.until(quiet);
});

test("what waits for a link that nothing makes is told, and holds up nobody who asks for the rest", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1", { customer: "ghost" });
  small.shop.putOrder("2");
  const engine = await small.open();
  await engine.start();
  await small.until(engine.quiet({ besidesHeld: true }));
  assert.deepEqual(small.books.notes(), ["order 2"]);
  assert.equal((await engine.control.progress("bills")).held, "1 record waits for a link: 1 for clients ghost");
  assert.equal((await engine.control.progress("clients")).held, undefined);
  for (let minute = 0; minute < 10; minute += 1) await small.clock.advance(60_000);
  const bills = (await engine.control.status()).syncs.find(({ sync }) => sync === "bills");
  assert.deepEqual([bills?.health, bills?.heldBecause], ["behind", "1 record waits for a link: 1 for clients ghost"]);
});

test("a stopped engine leaves no timer", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running({ listen: true });
  await small.clock.advance(60_000);
  await small.stop(engine);
  assert.equal(small.clock.waiting, 0);
});

test("quiet waits for the first poll of what can only be polled", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  small.shop.troubles.push(answers(503), answers(503));
  const { everything: _, ...orders } = shopConnector.resources.orders;
  const resources = { ...shopConnector.resources, orders };
  const polled = defineConnector({ ...shopConnector, resources }).connect("shop", shop.settings);
  const syncs = [billsSync({ from: polled.orders, map: unlinked })];
  const engine = await small.open({ project: smallProject({ connections: [polled, books], syncs }) });
  await engine.start();
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["order 1"]);
});

test("a state that cannot be noted on a full disk is logged, and ends nothing", async (t) => {
  const small = await smallWorld(t);
  const full = new StoreError("full", "no room");
  small.shop.putOrder("1");
  const engine = await small.open({
    throughStore: (store) => ({
      ...store,
      setConnectionState: (name, state) =>
        state.state === "active" ? store.setConnectionState(name, state) : Promise.reject(full),
    }),
  });
  small.books.token = "another token";
  await engine.start();
  await small.clock.advance(1_000);
  assert.ok(small.logged.some((line) => line.includes("could not note that: StoreError: no room")));
  const bills = (await engine.control.status()).syncs.find(({ sync }) => sync === "bills");
  assert.equal((bills?.ready ?? 0) + (bills?.waiting ?? 0), 1);
});

test("a prune that was under way at the stop is the last one", async (t) => {
  const small = await smallWorld(t);
  const slow = Promise.withResolvers<Pruned>();
  const began = Promise.withResolvers<void>();
  const engine = await small.running({
    throughStore: (store) => ({
      ...store,
      prune: () => {
        began.resolve();
        return slow.promise;
      },
    }),
  });
  await small.until(began.promise);
  await small.stop(engine);
  slow.resolve({ rows: 0, isAll: false });
  await small.clock.advance(60_000);
  assert.equal(small.clock.waiting, 0);
});

test("a process that waits for quiet is kept until it comes, and ends after the stop", async (t) => {
  const small = await smallWorld(t);
  const child = fileURLToPath(new URL("./testing/quiet-child.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [child, small.path], { timeout: 20_000 });
  assert.equal(stdout, "order 1");
});

test("a process that is asked to stop is kept until what was under way is written down", async (t) => {
  const small = await smallWorld(t);
  const child = fileURLToPath(new URL("./testing/stopping-child.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [child, small.path], { timeout: 20_000 });
  assert.equal(stdout, "order 1");
  const next = await small.open();
  const bills = (await next.control.status()).syncs.find(({ sync }) => sync === "bills");
  assert.deepEqual([bills?.links, bills?.sending], [1, 0]);
});

test("an engine whose disk is full can be stopped, and the next one resolves what it could not note", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const full = (): Promise<never> => Promise.reject(new StoreError("full", "no room"));
  let sent = 0;
  const engine = await small.open({
    throughStore: (store) => ({
      ...store,
      settle: (settlements) =>
        settlements.some(({ to }) => to === "sending") && (sent += 1) === 1 ? store.settle(settlements) : full(),
    }),
  });
  await engine.start();
  await small.clock.advance(5_000);
  assert.equal(small.books.writes.length, 1);
  await small.stop(engine);
  const again = await small.running();
  assert.deepEqual(small.books.notes(), ["order 1"]);
  assert.equal(new Set(small.books.writes.map(({ key }) => key)).size, 1);
  assert.equal((await again.control.status()).syncs[1]?.links, 1);
});

test("who asks for a sync while Bowline is being stopped is told so, and not that it has begun", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true });
  const { url, token } = JSON.parse(await readFile(controlPath(small.path), "utf8")) as { url: string; token: string };
  const { host, port } = new URL(url);
  const asking = raw(Number(port));
  const head = [
    "POST /api/sync/bills HTTP/1.1",
    `host: ${host}`,
    `authorization: Bearer ${token}`,
    "content-type: application/json",
    "content-length: 2",
    "expect: 100-continue",
  ];
  asking.socket.write(`${head.join("\r\n")}\r\n\r\n`);
  await asking.until("100 Continue");
  const stopped = engine.stop();
  asking.socket.write("{}");
  const answer = await asking.closed;
  await small.until(stopped);
  assert.match(answer, /HTTP\/1.1 409 /);
  assert.match(answer, /could not sync bills: expected a Bowline that runs, and this one is being stopped/);
});

test("a listing that never comes to its end, for its cursors end before it, is told, also over starts", async (t) => {
  const small = await smallWorld(t);
  const project = smallProject({ syncs: [billsSync({ map: unlinked })] });
  for (let number = 1; number <= 9; number += 1) small.shop.putOrder(String(number));
  const health = async (): Promise<string | undefined> => (await engine.control.status()).syncs[0]?.heldBecause;
  const ended = (): Promise<Response> => Promise.resolve(Response.json({}, { status: 400 }));
  let engine = await small.open({ project });
  for (let start = 1; start <= 3; start += 1) {
    small.shop.troubles.push(async (_request, answer) => answer(), ended);
    await engine.start();
    await small.clock.advance(10);
    await small.stop(engine);
    engine = await small.open({ project });
  }
  assert.match((await health()) ?? "", /everything of shop\/orders was begun anew 3 times and never came to its end/);
  await engine.start();
  await small.settle(engine);
  assert.equal(await health(), undefined);
});
