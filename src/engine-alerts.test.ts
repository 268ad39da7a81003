// The whole engine tells somebody who listens over real HTTP what it parked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { receiver } from "./alert/testing/receiver.ts";
import { env } from "./define/secret.ts";
import { ENVIRONMENT, smallProject, smallWorld } from "./testing/small-world.ts";
import { httpNetwork } from "./world/http-network.ts";

const tooLong = "x".repeat(10_000);

test("what a provider refused is told to its owner, and told to be over when it was mended", async (t) => {
  const small = await smallWorld(t);
  const to = await receiver(t, "a secret of some length");
  const real = httpNetwork();
  t.after(() => real.close());
  const { network, ...world } = small.world;
  const send: typeof network.send = (request) => (request.url.startsWith(to.url) ? real : network).send(request);
  const project = smallProject({ alerts: { to: env("ALERTS_URL"), secret: env("ALERTS_SECRET") } });
  const environment = { ...ENVIRONMENT, ALERTS_URL: to.url, ALERTS_SECRET: "a secret of some length" };
  small.shop.putOrder("1", { note: tooLong });
  const engine = await small.running({ project, environment, world: { ...world, network: { send } } });
  await small.clock.advance(30_000);
  await to.came(1);
  const [told] = to.received;
  assert.deepEqual(
    [told?.type, told?.sync, told?.owner, told?.count, told?.isSigned],
    ["alert.opened", "bills", "finance", 1, true],
  );
  await small.clock.advance(30_000);
  const [view] = await engine.control.alerts();
  assert.equal(view?.told?.times, 1);
  assert.doesNotMatch(JSON.stringify(small.logged), new RegExp(to.url), "the address is a secret");

  small.shop.putOrder("1", { note: "short" });
  for (let minute = 0; minute < 8; minute += 1) await small.clock.advance(60_000);
  await to.came(2);
  assert.deepEqual(
    to.received.map(({ type }) => type),
    ["alert.opened", "alert.resolved"],
  );
});
