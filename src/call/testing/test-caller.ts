// A caller of a provider that answers as a test tells it, signed in as nobody, in virtual time.
import assert from "node:assert/strict";
import { z } from "zod";
import type { Connector } from "../../define/connector.ts";
import { defineConnector } from "../../define/define-connector.ts";
import { inProcessNetwork, type FetchHandler } from "../../world/in-process.ts";
import { SeededRandom } from "../../world/virtual.ts";
import type { Clock } from "../../world/world.ts";
import { createCaller, type Caller } from "../caller.ts";

export interface TestCaller extends Partial<Pick<Connector, "limits" | "readLimits" | "outcome">> {
  readonly clock: Clock;
  readonly answer: FetchHandler;
  /** How long a call stands in line, in milliseconds. */
  readonly waitMsMax?: number;
  /** Default: nobody has to authorise it again. */
  readonly onReauthorize?: () => void;
}

export function testCaller({
  clock,
  answer,
  waitMsMax,
  onReauthorize = assert.fail,
  limits = [],
  ...told
}: TestCaller): Caller {
  const origin = "https://provider.example";
  const connector = defineConnector({
    name: "provider",
    title: "Provider",
    settings: z.object({}),
    baseUrl: () => origin,
    auth: { kind: "none" },
    limits,
    ...told,
    resources: {},
  });
  return createCaller({
    connection: connector.connect("it", {}),
    secrets: () => undefined,
    world: { clock, random: new SeededRandom(1), network: inProcessNetwork(new Map([[origin, answer]]), clock) },
    credentials: undefined as never,
    onReauthorize,
    ...(waitMsMax === undefined ? {} : { limits: { waitMsMax } }),
  });
}
