// The ways in which a configured address comes to be called: as a connection's base URL, and as any other URL of its settings
// (where tokens are had), which goes to the network as it is.
import { z } from "zod";
import { createCaller } from "../../src/call/caller.ts";
import { defineConnector } from "../../src/define/define-connector.ts";
import type { Network, World } from "../../src/world/world.ts";

export const WAYS = ["base", "settings"] as const;
export type Way = (typeof WAYS)[number];

const TIMEOUTS = { connectMs: 500, headersMs: 500, bodyIdleMs: 500, totalMs: 1_000 };
const BODY_BYTES_MAX = 10_000;
/** So that redirects are tried to be followed, where the call begins at an allowed address. */
const REDIRECTS_MAX = 5;

/** "answered", or why not. */
export async function tryToCall(way: Way, url: string, world: World): Promise<string> {
  try {
    await (way === "base" ? asBase(url, world) : asItIs(url, world.network));
    return "answered";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function asBase(url: string, world: World): Promise<void> {
  const connector = defineConnector({
    name: "tried",
    title: "Tried",
    settings: z.object({}),
    baseUrl: () => url,
    auth: { kind: "none" },
    limits: [],
    resources: {},
  });
  const caller = createCaller({
    connection: connector.connect("tried", {}) as never,
    secrets: () => undefined,
    world,
    credentials: undefined as never,
    onReauthorize: () => undefined,
    timeouts: TIMEOUTS,
  });
  await caller
    .api({ priority: "live", entries: [] })
    .request({ method: "GET", path: "/", redirectsMax: REDIRECTS_MAX });
}

async function asItIs(url: string, network: Network): Promise<void> {
  await network.send({
    method: "POST",
    url,
    headers: {},
    body: "{}",
    timeouts: TIMEOUTS,
    bodyBytesMax: BODY_BYTES_MAX,
  });
}
