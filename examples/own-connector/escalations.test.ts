// The whole project against two simulated help desks over real HTTP: tickets arrive, a webhook is taken, a limit is kept, a
// lost answer leaves one ticket, and what the provider refuses waits for a person.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { type Api, checkProject, openEngine } from "../../src/index.ts";
import { machine, sendWebhook, serve } from "../../src/rehearse/simulators.ts";
import project from "./bowline.config.ts";
import { tickets } from "./frontdesk/tickets.ts";
import { createFrontdeskSimulator, type FrontdeskSimulator } from "./frontdesk/simulator.ts";

const SECRETS = { DESK_TOKEN: "desk-token", DESK_WEBHOOK_SECRET: "signs-webhooks", WORKSHOP_TOKEN: "workshop-token" };

/** Both help desks, and an engine that came to rest over what is at the desk by then. */
async function running(t: TestContext, prepare: (desk: FrontdeskSimulator, workshop: FrontdeskSimulator) => void) {
  const { clock } = machine;
  const webhookSecret = SECRETS.DESK_WEBHOOK_SECRET;
  const desk = createFrontdeskSimulator({ clock, webhookSecret, token: SECRETS.DESK_TOKEN });
  const workshop = createFrontdeskSimulator({ clock, webhookSecret, token: SECRETS.WORKSHOP_TOKEN });
  const served = [await serve(desk.fetch), await serve(workshop.fetch)] as const;
  const folder = await mkdtemp(join(tmpdir(), "bowline-own-connector-"));
  const environment = { ...SECRETS, DESK_URL: served[0].url, WORKSHOP_URL: served[1].url };
  prepare(desk, workshop);
  const engine = await openEngine({ project, environment, dataPath: join(folder, "bowline.db"), port: 0 });
  t.after(async () => {
    await engine.stop();
    await Promise.all(served.map((one) => one.close()));
    await rm(folder, { recursive: true });
  });
  await engine.start();
  await engine.quiet();
  /** Somebody edits a ticket at the desk, which tells of it. */
  const edit = async (id: string, changes: Parameters<FrontdeskSimulator["put"]>[1]): Promise<void> => {
    desk.put(id, changes);
    assert.equal(await sendWebhook(desk.webhookOf("ticket.updated", id, `${engine.url}/hooks/desk`)), 200);
    await engine.quiet();
  };
  return { desk, workshop, engine, edit };
}

const escalated = (subject: string) => ({ status: "escalated", subject, body: "…" }) as const;
const subjects = ({ tickets }: FrontdeskSimulator): readonly string[] =>
  [...tickets.values()].map(({ subject, status }) => (status === "closed" ? `(${subject})` : subject)).toSorted();
const posts = ({ calls }: FrontdeskSimulator): number => calls.filter((call) => call === "POST /tickets").length;

test("the project checks, without a word of warning but that nobody is alerted", () => {
  const environment = { ...SECRETS, DESK_URL: "http://127.0.0.1:1", WORKSHOP_URL: "http://127.0.0.1:2" };
  const { errors, warnings } = checkProject(project, { env: environment });
  assert.deepEqual([errors, warnings.map(({ place }) => place)], [[], ["alerts › to"]]);
});

test("what was escalated becomes a ticket of the workshop, over all pages of the listing, and the rest does not", async (t) => {
  const { desk, workshop, engine } = await running(t, (at) => {
    for (let count = 1; count <= 120; count += 1) at.put(`D-${count}`, { subject: `Question ${count}` });
    at.put("D-7", escalated("It smokes"));
    at.put("D-99", escalated(" It hums "));
  });
  assert.equal(desk.tickets.size, 120);
  assert.deepEqual(subjects(workshop), ["It hums", "It smokes"]);
  const [account] = await engine.control.connections();
  assert.equal(account?.account?.name, "Acme Support");
});

test("a webhook tells of an edit and of a deletion, and one that is forged or old is refused", async (t) => {
  const { desk, workshop, engine, edit } = await running(t, (at) => at.put("D-1", escalated("It smokes")));
  await edit("D-1", { subject: "It burns", requester_email: "ann@example.com" });
  await edit("D-1", { requester_email: null });
  const [followed] = workshop.tickets.values();
  assert.deepEqual([followed?.subject, followed?.requester_email, followed?.reference], ["It burns", null, "D-1"]);

  const hook = `${engine.url}/hooks/desk`;
  const forged = desk.webhookOf("ticket.deleted", "D-1", hook);
  assert.equal(await sendWebhook({ ...forged, body: forged.body.replace("D-1", "D-2") }), 401);
  const old = desk.webhookOf("ticket.deleted", "D-1", hook, machine.clock.now() - 6 * 60_000);
  assert.equal(await sendWebhook(old), 401);

  desk.delete("D-1");
  assert.equal(await sendWebhook(desk.webhookOf("ticket.deleted", "D-1", hook)), 200);
  await engine.quiet();
  assert.deepEqual(subjects(workshop), ["(It burns)"]);
});

test("a throttled write is made when the provider said, once", async (t) => {
  const { workshop, engine } = await running(t, (at, other) => {
    at.put("D-1", escalated("It smokes"));
    other.troubles.push("throttled");
  });
  assert.deepEqual(subjects(workshop), ["It smokes"]);
  const tries = (await engine.control.requests({ connection: "workshop" })).filter(({ method }) => method === "POST");
  assert.deepEqual(tries.map(({ outcome }) => outcome).toSorted(), ["done", "throttled"]);
});

test("a write whose answer was lost is repeated under its key, and leaves one ticket", async (t) => {
  const { workshop, engine } = await running(t, (at, other) => {
    at.put("D-1", escalated("It smokes"));
    other.troubles.push("cut");
  });
  assert.deepEqual([posts(workshop), subjects(workshop)], [2, ["It smokes"]]);
  assert.deepEqual(await engine.control.parked({}), []);
});

test("an edit that the workshop made meanwhile is not in the way; a ticket that it closed waits for a person", async (t) => {
  const { workshop, engine, edit } = await running(t, (at) => at.put("D-1", escalated("It smokes")));
  const [made] = workshop.tickets.keys();
  workshop.put(made ?? "", { status: "open" });
  await edit("D-1", { subject: "It burns" });
  assert.deepEqual(subjects(workshop), ["It burns"]);

  workshop.put(made ?? "", { status: "closed" });
  await edit("D-1", { subject: "It explodes" });
  const [parked] = await engine.control.parked({});
  assert.deepEqual([parked?.key, parked?.cause], ["D-1", "invalid"]);
  assert.match(parked?.reason ?? "", /the ticket is closed there/);
});

test("when its key is forgotten, a ticket is found by its reference, and shows what was written", async () => {
  const desk = createFrontdeskSimulator({ clock: machine.clock, token: "1", webhookSecret: "2" });
  const api: Api = {
    settings: {},
    async request({ method, path, query = {}, headers = {}, body }) {
      const url = new URL(`http://desk.example${path}`);
      for (const [name, value] of Object.entries(query))
        if (value !== undefined) url.searchParams.set(name, `${value}`);
      const given = body === undefined ? {} : { body: JSON.stringify(body) };
      const signedIn = { ...headers, authorization: "Bearer 1" };
      const response = await desk.fetch(new Request(url, { method, headers: signedIn, ...given }));
      const json: unknown = await response.json();
      return { status: response.status, headers: Object.fromEntries(response.headers), json, text: "" };
    },
  };
  const order = { idempotencyKey: "k-1", fields: { subject: "It smokes", body: "…", reference: "D-1" } };
  const made = await tickets.write?.create(api, order);
  desk.put("T-9", { subject: "Another", reference: "D-9" });
  const found = await tickets.write?.lookup?.(api, { ...order, idempotencyKey: "k-2" });
  assert.deepEqual(found, [made]);
  assert.deepEqual(made?.record === undefined ? {} : tickets.write?.fieldsOf?.(made.record), order.fields);
});
