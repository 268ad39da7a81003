// A write whose answer leads elsewhere may have been done already: nothing that fails there makes it a write that was not.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiRequest, Limit } from "../define/connector.ts";
import { CallFailed, type OutcomeKind } from "../define/outcome.ts";
import { VirtualClock } from "../world/virtual.ts";
import type { CallerWork } from "./caller-work.ts";
import { testCaller } from "./testing/test-caller.ts";

const POST: ApiRequest = { method: "POST", path: "/a", body: { n: 1 }, redirectsMax: 3 };

function setup(redirect: number, there: () => Response, limits: readonly Limit[] = []) {
  const clock = new VirtualClock();
  const answer = async (request: Request): Promise<Response> =>
    new URL(request.url).pathname === "/a"
      ? new Response(null, { status: redirect, headers: { location: "/b" } })
      : there();
  const caller = testCaller({ clock, answer, limits, waitMsMax: 0, onReauthorize: () => {} });
  const work: CallerWork = { priority: "live", entries: [] };
  const ends = async (request: ApiRequest): Promise<OutcomeKind> => {
    try {
      await caller.api(work).request(request);
      return "done";
    } catch (error) {
      assert.ok(error instanceof CallFailed, String(error));
      return error.outcome.kind;
    }
  };
  return { work, ends };
}

const status =
  (code: number, headers: Record<string, string> = {}): (() => Response) =>
  () =>
    new Response(null, { status: code, headers });
const cut = (): never => {
  throw new Error("cut");
};

for (const [what, there] of [
  ["cuts the connection", cut],
  ["is not available until later", status(503, { "retry-after": "3" })],
  ["takes no more calls", status(429)],
  ["is not there", status(404)],
  ["refuses the credentials", status(401)],
  ["is not for us", status(403)],
  ["leads on to another host", status(307, { location: "https://other.example/" })],
] as const) {
  test(`a write that is led to where its result is stays unknown when that ${what}`, async () => {
    for (const redirect of [302, 303]) assert.equal(await setup(redirect, there).ends(POST), "unknown");
    assert.equal(await setup(302, there).ends({ ...POST, method: "PUT" }), "unknown");
  });
}

test("it stays unknown, too, when the limits have no room to ask for its result", async () => {
  const once: Limit = { kind: "rate", name: "calls", count: 1, perMs: 60_000, every: true };
  assert.equal(await setup(303, status(200), [once]).ends(POST), "unknown");
});

test("a write whose result was read there is one that was done, whatever fails after it", async () => {
  const { work, ends } = setup(303, () => Response.json({ id: 1 }));
  assert.equal(await ends(POST), "done");
  assert.equal(work.wrote, true);
});

test("a write that is to be made elsewhere was not made: it ends as it does there", async () => {
  for (const redirect of [307, 308]) {
    assert.equal(await setup(redirect, status(503, { "retry-after": "3" })).ends(POST), "unavailable");
    assert.equal(await setup(redirect, status(404)).ends(POST), "missing");
  }
});

test("a read that is led elsewhere ends as it does there", async () => {
  assert.equal(await setup(302, status(404)).ends({ method: "GET", path: "/a", redirectsMax: 3 }), "missing");
});
