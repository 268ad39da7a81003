// A key that goes into the address is in no log and no error, even where the provider says it back to us.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { createCaller } from "../call/caller.ts";
import { defineConnector } from "../define/define-connector.ts";
import { CutConnection, serve } from "../rehearse/simulators.ts";
import type { RequestEntry } from "../store/store.ts";
import { httpNetwork } from "../world/http-network.ts";
import { realClock, realRandom } from "../world/real.ts";
import type { Credentials } from "./credentials.ts";

const KEY = "k-3f9a/b+c=d e";
const credentials: Credentials = {
  accessToken: () => Promise.reject(new Error("no token is wanted here")),
  refused: () => {},
  replaceRefreshToken: async () => {},
};
const maps = defineConnector({
  name: "maps",
  title: "Maps",
  settings: z.object({ url: z.string(), key: z.string() }),
  baseUrl: ({ url }) => url,
  auth: { kind: "query", parameter: "api_key", setting: "key" },
  limits: [],
  resources: {},
});

test("a key in the address reaches the provider, and neither log nor error", async (t) => {
  const seen: string[] = [];
  const served = await serve(async (request) => {
    const url = new URL(request.url);
    seen.push(url.searchParams.get("api_key") ?? "");
    if (url.pathname === "/cut") throw new CutConnection();
    return Response.json({ echo: request.url, key: KEY }, { status: url.pathname === "/good" ? 200 : 400 });
  });
  const network = httpNetwork();
  t.after(async () => {
    await network.close();
    await served.close();
  });
  const caller = createCaller({
    connection: maps.connect("maps", { url: served.url, key: { secret: "env", variable: "MAPS_KEY" } as never }),
    world: { clock: realClock, random: realRandom, network },
    credentials,
    secrets: () => KEY,
    onReauthorize: () => {},
  });
  const entries: RequestEntry[] = [];
  const api = caller.api({ priority: "person", entries });
  await api.request({ method: "GET", path: "/good", query: { page: 2 } });
  const errors: unknown[] = [];
  for (const path of ["/bad", "/cut"]) {
    await api.request({ method: "POST", path, body: { a: 1 } }).catch((error: unknown) => errors.push(error));
  }
  assert.equal(errors.length, 2);
  assert.deepEqual(new Set(seen), new Set([KEY]));
  const told = JSON.stringify(entries) + errors.map((error) => `${String(error)} ${JSON.stringify(error)}`).join();
  for (const form of [KEY, encodeURIComponent(KEY), "3f9a"]) assert.equal(told.includes(form), false, form);
  assert.equal(entries[0]?.url, `${served.url}/good?page=2`);
});
