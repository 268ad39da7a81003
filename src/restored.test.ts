// A file of state that is brought back from a backup: what was written since is not in it, and is found instead of made again.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { defineConnector, defineResource } from "./define/define-connector.ts";
import { defineSync, type SyncOptions } from "./define/define-sync.ts";
import type { Write } from "./define/resource.ts";
import type { Engine } from "./engine.ts";
import { backUpState, restoreState, stateWasRestored } from "./store/backup.ts";
import { booksConnector } from "./testing/small-books.ts";
import type { Customer } from "./testing/small-shop.ts";
import { books, clients, shop, smallProject, smallWorld, type SmallWorld } from "./testing/small-world.ts";
import { answers } from "./testing/troubles.ts";
import { twoWayWorld } from "./testing/two-way-world.ts";

const MINUTE_MS = 60_000;
const onlyClients = smallProject({ syncs: [clients] });

async function passing(small: SmallWorld, engine: Engine, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) await small.clock.advance(MINUTE_MS);
  await small.settle(engine);
}

async function backedUp(small: SmallWorld): Promise<string> {
  const path = join(dirname(small.path), "backup.db");
  await backUpState(small.path, path, small.clock.now());
  return path;
}

/** Started where the books take no writes: what is to be created there waits. */
async function refused(small: SmallWorld): Promise<Engine> {
  const engine = await small.open({ project: onlyClients });
  await engine.start();
  for (let minute = 0; minute < 30; minute += 1) await small.clock.advance(MINUTE_MS);
  return engine;
}

/** As after the disk was lost. */
async function restored(small: SmallWorld, engine: Engine, backup: string): Promise<void> {
  await small.stop(engine);
  await restoreState(backup, small.path, { processId: 1, at: small.clock.now() });
}

type ClientsOptions = SyncOptions<Customer, { name: string }, "void", "name">;
type ClientsWrite = Write<{ id: string }, { name: string }, "void">;

/** The books, with another way of writing clients. */
function booksWith(write: ClientsWrite) {
  const clientsThere = defineResource({ ...booksConnector.resources.clients, write });
  const resources = { ...booksConnector.resources, clients: clientsThere };
  return defineConnector({ ...booksConnector, resources }).connect("books", books.settings);
}

/** They know no keys, and their search shows within a minute what was written. */
function searchedBooks() {
  const write = booksConnector.resources.clients.write as ClientsWrite;
  return booksWith({
    ...write,
    safety: { kind: "lookup", lagMs: MINUTE_MS },
    async create(api, { fields }) {
      const { json } = await api.request({ method: "POST", path: "/clients", body: fields });
      return { key: (json as { readonly id: string }).id };
    },
  });
}

function clientsOptions(to: ReturnType<typeof booksWith> | typeof books): ClientsOptions {
  return {
    name: "clients",
    purpose: "Whoever buys is a client.",
    owner: "finance",
    from: shop.customers,
    to: to.clients,
    freshWithin: "1m",
    onDelete: "keep",
    map: ({ field }) => ({ name: field((customer) => customer.name) }),
  };
}

const created = ({ books: { writes } }: SmallWorld): number =>
  writes.filter(({ what }) => what === "POST /clients").length;

test("what was created since the backup is found, not made again, and is kept in agreement from then on", async (t) => {
  const small = await smallWorld(t);
  small.shop.putCustomer("c1");
  const engine = await small.running({ project: onlyClients });
  const backup = await backedUp(small);
  for (const id of ["c2", "c3", "c4", "c5", "c6"]) small.shop.putCustomer(id);
  await passing(small, engine, 3);
  assert.equal(created(small), 6);
  await restored(small, engine, backup);
  small.shop.putCustomer("c7");
  const again = await small.running({ project: onlyClients });
  assert.deepEqual([created(small), small.books.clients.size], [7, 7]);
  assert.match(small.logged.join("\n"), /warn: the file of state was restored from the backup of /);
  small.shop.putCustomer("c2", "Renamed");
  await passing(small, again, 3);
  assert.deepEqual([created(small), small.books.clients.get("clients-2")?.name], [7, "Renamed"]);
});

test("what was edited while it waited to be looked up is not taken for what was found", async (t) => {
  const small = await smallWorld(t);
  small.shop.putCustomer("c1");
  const engine = await small.running({ project: onlyClients });
  const backup = await backedUp(small);
  small.shop.putCustomer("c2");
  await passing(small, engine, 3);
  await restored(small, engine, backup);
  const again = await small.open({ project: onlyClients, listen: true });
  await again.start();
  await small.clock.advance(MINUTE_MS);
  const { version } = small.shop.putCustomer("c2", "Renamed");
  await small.deliver(again, "d1", [{ resource: "customers", key: "c2", version }]);
  await passing(small, again, 3);
  assert.deepEqual([created(small), small.books.clients.get("clients-2")?.name], [2, "Renamed"]);
});

test("what nobody edited since is created without a search, once its source was listed after the restore", async (t) => {
  const small = await smallWorld(t);
  small.shop.putCustomer("c1");
  const engine = await small.running({ project: onlyClients });
  await restored(small, engine, await backedUp(small));
  const again = await small.running({ project: onlyClients });
  await passing(small, again, 5);
  assert.equal((await again.control.status()).restored, undefined);
  small.shop.putCustomer("c2");
  await passing(small, again, 2);
  const searches = (await again.control.requests({})).filter(
    ({ method, url }) => method === "GET" && url.endsWith("/clients"),
  );
  assert.deepEqual([created(small), searches.length], [2, 0]);
});

test("a copy of a restored file that nobody started since is as old as the backup that it was restored from", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ project: onlyClients });
  const beside = (name: string): string => join(dirname(small.path), name);
  await backUpState(small.path, beside("one.db"), 1_000);
  await small.stop(engine);
  const restore = (name: string, at: number) => restoreState(beside(name), small.path, { processId: 1, at });
  await restore("one.db", 2_000);
  await backUpState(small.path, beside("two.db"), 3_000);
  assert.equal((await restore("two.db", 4_000)).madeAt, 1_000);
  await stateWasRestored(small.path, 1);
  await small.stop(await small.running({ project: onlyClients }));
  await backUpState(small.path, beside("three.db"), 5_000);
  assert.equal((await restore("three.db", 6_000)).madeAt, 5_000);
});

test("what the source shows late is looked up, too: the first listing after the restore need not show it", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ project: onlyClients });
  const backup = await backedUp(small);
  small.shop.putCustomer("c1");
  await passing(small, engine, 3);
  assert.equal(created(small), 1);
  small.shop.putCustomer("c1");
  await restored(small, engine, backup);
  small.shop.troubles.push(answers(200, JSON.stringify({ records: [] })));
  const again = await small.running({ project: onlyClients });
  await passing(small, again, 5);
  assert.deepEqual([created(small), (await again.control.status()).syncs[0]?.links], [1, 1]);
});

test("until then the status says that it was restored, and what was not listed since", async (t) => {
  const small = await smallWorld(t);
  small.shop.putCustomer("c1");
  const engine = await small.running({ project: onlyClients });
  const backup = await backedUp(small);
  await restored(small, engine, backup);
  small.shop.token = "another one";
  const again = await small.running({ project: onlyClients });
  const { restored: told } = await again.control.status();
  assert.equal(typeof told?.madeAt, "number");
  assert.deepEqual(told?.doubted, ["shop/customers"]);
});

test("what was waiting when the backup was made is looked up as well, however long it waits", async (t) => {
  const small = await smallWorld(t);
  small.shop.putCustomer("c1");
  small.books.token = "another one";
  const engine = await refused(small);
  const backup = await backedUp(small);
  await small.stop(engine);
  small.books.token = "books-token";
  const lost = await small.running({ project: onlyClients });
  small.books.token = "another one";
  await restored(small, lost, backup);
  const again = await refused(small);
  assert.equal((await again.control.status()).restored, undefined);
  await small.stop(again);
  small.books.token = "books-token";
  const last = await small.running({ project: onlyClients });
  assert.deepEqual([created(small), (await last.control.status()).syncs[0]?.links], [1, 1]);
});

test("a creation whose outcome was not known at the backup is looked up only once the search shows what was made since", async (t) => {
  const small = await smallWorld(t);
  const searched = searchedBooks();
  const project = smallProject({ connections: [shop, searched], syncs: [defineSync(clientsOptions(searched))] });
  small.shop.putCustomer("c1");
  small.books.troubles.push(() => Promise.reject(new Error("cut")));
  const engine = await small.open({ project });
  await engine.start();
  await small.clock.advance(MINUTE_MS);
  const backup = await backedUp(small);
  await passing(small, engine, 4);
  assert.equal(created(small), 1);
  await restored(small, engine, backup);
  const shownAt = small.clock.now() + MINUTE_MS;
  small.books.troubles.push((_request, answer) =>
    small.clock.now() < shownAt ? Promise.resolve(Response.json([])) : answer(),
  );
  const again = await small.running({ project });
  assert.deepEqual([created(small), (await again.control.status()).syncs[0]?.links], [1, 1]);
});

test("what is out of scope when it is listed after the restore is looked up when it comes into scope", async (t) => {
  const small = await smallWorld(t);
  const sync = defineSync({ ...clientsOptions(books), only: ({ name }) => name !== "Hidden" });
  const project = smallProject({ syncs: [sync] });
  const engine = await small.running({ project });
  const backup = await backedUp(small);
  small.shop.putCustomer("c1");
  await passing(small, engine, 3);
  assert.equal(created(small), 1);
  small.shop.putCustomer("c1", "Hidden");
  await restored(small, engine, backup);
  const again = await small.running({ project });
  await passing(small, again, 3);
  assert.equal((await again.control.status()).restored, undefined);
  small.shop.putCustomer("c1");
  await passing(small, again, 5);
  assert.deepEqual([created(small), (await again.control.status()).syncs[0]?.links], [1, 1]);
});

test("what its source became while it was in doubt is decided anew, once its counterpart is found", async (t) => {
  const small = await smallWorld(t);
  const spelled = (name: string): string => {
    if (name === "?") throw new Error("nobody is called so");
    return name;
  };
  const map: ClientsOptions["map"] = ({ field }) => ({ name: field((customer) => customer.name, spelled) });
  const project = smallProject({ syncs: [defineSync({ ...clientsOptions(books), map })] });
  const engine = await small.running({ project });
  const backup = await backedUp(small);
  small.shop.putCustomer("c1");
  await passing(small, engine, 3);
  await restored(small, engine, backup);
  const again = await small.open({ project });
  await again.start();
  await small.clock.advance(MINUTE_MS);
  small.shop.putCustomer("c1", "?");
  await passing(small, again, 5);
  const parked = (await again.control.parked({})).map(({ key, cause }) => [key, cause]);
  assert.deepEqual([created(small), parked], [1, [["c1", "mapping"]]]);
});

test("where nothing can be looked up it is parked for a person, who has it made by discarding and noting it again", async (t) => {
  const small = await smallWorld(t);
  const { lookup: _lookup, ...write } = booksConnector.resources.clients.write as ClientsWrite;
  const blind = booksWith(write);
  const project = smallProject({ connections: [shop, blind], syncs: [defineSync(clientsOptions(blind))] });
  small.shop.putCustomer("c1");
  const engine = await small.running({ project });
  const backup = await backedUp(small);
  small.shop.putCustomer("c2");
  await passing(small, engine, 3);
  await restored(small, engine, backup);
  const again = await small.running({ project });
  const parked = await again.control.parked({});
  assert.deepEqual([created(small), parked.map(({ key, cause }) => [key, cause])], [2, [["c2", "unknown-outcome"]]]);
  assert.match(parked[0]?.reason ?? "", /since the backup that was restored, and what it may have made cannot be/);
  await passing(small, again, 3);
  await again.control.retryParked({});
  await passing(small, again, 3);
  assert.equal(created(small), 2);
  await again.control.discardParked({}, "it is not there");
  await again.control.sync("clients", { full: true });
  await small.settle(again);
  assert.equal(created(small), 3);
});

test("what a two-way sync made on either side since the backup is found on both, whatever became of it since", async (t) => {
  const small = await twoWayWorld(t);
  const { crm, marketing } = small;
  crm.edit("a", { email: "anna@example.com", name: "Anna" });
  const engine = await small.running();
  const backup = join(dirname(small.path), "backup.db");
  await backUpState(small.path, backup, small.clock.now());
  crm.edit("b", { email: "bob@example.com", name: "Bob" });
  marketing.edit("c", { email: "carol@example.com", name: "Carol" });
  await small.settle(engine);
  assert.deepEqual([crm.all.size, marketing.all.size], [3, 3]);
  await small.stop(engine);
  crm.edit("b", { name: "Robert" });
  await restoreState(backup, small.path, { processId: 1, at: small.clock.now() });
  const again = await small.running();
  await small.settle(again);
  assert.deepEqual([crm.all.size, marketing.all.size], [3, 3]);
  const names = (side: typeof crm): readonly string[] =>
    [...side.all.values()].map(({ fields }) => fields.name ?? "").toSorted();
  assert.deepEqual(
    [names(crm), names(marketing)],
    [
      ["Anna", "Carol", "Robert"],
      ["Anna", "Carol", "Robert"],
    ],
  );
});

test("somebody who has nothing to be found by is not made on the other side once more, but asked about", async (t) => {
  const small = await twoWayWorld(t);
  const { crm, marketing } = small;
  const engine = await small.running();
  const backup = join(dirname(small.path), "backup.db");
  await backUpState(small.path, backup, small.clock.now());
  crm.edit("b", { name: "Bob" });
  await small.settle(engine);
  assert.deepEqual([crm.all.size, marketing.all.size], [1, 1]);
  await small.stop(engine);
  await restoreState(backup, small.path, { processId: 1, at: small.clock.now() });
  const again = await small.running();
  await small.settle(again);
  assert.deepEqual([crm.all.size, marketing.all.size], [1, 1]);
  const parked = await again.control.parked({});
  assert.deepEqual(
    parked.map(({ cause }) => cause),
    ["match", "match"],
  );
  crm.edit("d", { name: "Dora" });
  await small.settle(again);
  assert.deepEqual([crm.all.size, marketing.all.size], [2, 2]);
});
