// Control of a Bowline that runs in another process, over its JSON API.
import { ControlError, type Control } from "../control.ts";
import { httpNetwork } from "../world/http-network.ts";
import { WireFailure, type Network, type WireRequest, type WireResponse } from "../world/world.ts";
import { errorOf } from "./api-failure.ts";
import { CONTROL_ROUTES, fillPath, type Route } from "./control-routes.ts";

export interface RemoteControlOptions {
  /** Where it is served, such as "http://127.0.0.1:4321". */
  readonly url: string;
  readonly token: string;
  /** Default: real HTTP. */
  readonly network?: Network;
  /** How long an answer may take to begin, in milliseconds. Default 60,000. */
  readonly answerMs?: number;
}

const TIMEOUTS = { connectMs: 5_000, bodyIdleMs: 30_000, totalMs: 120_000 };
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

export function remoteControl({
  url,
  token,
  network = httpNetwork(),
  answerMs = 60_000,
}: RemoteControlOptions): Control {
  const ask = async <Input, Output>(route: Route<Input, Output>, input: Input): Promise<Output> => {
    const { path, rest } = fillPath(route.path, input as Readonly<Record<string, unknown>>);
    const get = route.method === "GET";
    const what = `${route.method} ${path}`;
    const request: WireRequest = {
      method: route.method,
      url: new URL(get ? path + queryOf(rest) : path, url).href,
      headers: { authorization: `Bearer ${token}`, ...(get ? {} : { "content-type": "application/json" }) },
      ...(get ? {} : { body: JSON.stringify(rest) }),
      timeouts: { ...TIMEOUTS, headersMs: answerMs },
      bodyBytesMax: ANSWER_BYTES_MAX,
    };
    return resultOf(await network.send(request).catch(noAnswer(what)), what) as Output;
  };
  return {
    status: () => ask(CONTROL_ROUTES.status, {}),
    sync: (name, { full }) => ask(CONTROL_ROUTES.sync, { name, full }),
    progress: (name) => ask(CONTROL_ROUTES.progress, { name }),
    noteAgain: (name, keys, digest, side) =>
      ask(CONTROL_ROUTES.noteAgain, { name, keys: [...keys], digest, ...(side === undefined ? {} : { side }) }),
    parked: (filter) => ask(CONTROL_ROUTES.parked, filter),
    parkedGroups: () => ask(CONTROL_ROUTES.parkedGroups, {}),
    retryParked: (filter) => ask(CONTROL_ROUTES.retryParked, filter),
    discardParked: (filter, reason) => ask(CONTROL_ROUTES.discardParked, { filter, reason }),
    correct: (sync, key, corrections) => ask(CONTROL_ROUTES.correct, { sync, key, corrections }),
    refuseDeletions: (sync) => ask(CONTROL_ROUTES.refuseDeletions, { sync }),
    conflicts: (filter) => ask(CONTROL_ROUTES.conflicts, filter),
    putBack: (conflict, side) => ask(CONTROL_ROUTES.putBack, side === undefined ? { conflict } : { conflict, side }),
    link: (sync, key, targetKey) => ask(CONTROL_ROUTES.link, { sync, key, targetKey }),
    story: (key) => ask(CONTROL_ROUTES.story, { key }),
    requests: (filter) => ask(CONTROL_ROUTES.requests, filter),
    repeatRequest: (id) => ask(CONTROL_ROUTES.repeatRequest, { id }),
    replay: (query) => ask(CONTROL_ROUTES.replay, query),
    importRecords: (resource, records) => ask(CONTROL_ROUTES.importRecords, { resource, records: [...records] }),
    audit: (name, { sample, repair }) =>
      ask(CONTROL_ROUTES.audit, {
        name,
        ...(sample === undefined ? {} : { sample }),
        ...(repair === undefined ? {} : { repair }),
      }),
    audits: (filter) => ask(CONTROL_ROUTES.audits, filter),
    auditFindings: (query) => ask(CONTROL_ROUTES.auditFindings, query),
    keys: () => ask(CONTROL_ROUTES.keys, {}),
    verifyKeys: () => ask(CONTROL_ROUTES.verifyKeys, {}),
    rotateKeys: (options) => ask(CONTROL_ROUTES.rotateKeys, options),
    forgetTokens: (connection) => ask(CONTROL_ROUTES.forgetTokens, { connection }),
    alerts: () => ask(CONTROL_ROUTES.alerts, {}),
    testAlerts: () => ask(CONTROL_ROUTES.testAlerts, {}),
    drift: () => ask(CONTROL_ROUTES.drift, {}),
    webhooks: () => ask(CONTROL_ROUTES.webhooks, {}),
    ensureWebhooks: (name) => ask(CONTROL_ROUTES.ensureWebhooks, { name }),
    connections: () => ask(CONTROL_ROUTES.connections, {}),
    connect: (name) => ask(CONTROL_ROUTES.connect, { name }),
    connectProgress: (ticket) => ask(CONTROL_ROUTES.connectProgress, { ticket }),
    disconnect: (name) => ask(CONTROL_ROUTES.disconnect, { name }),
  };
}

/** Whoever asked for something may have started it: that goes on at the next start. */
const noAnswer =
  (what: string) =>
  (error: unknown): never => {
    if (!(error instanceof WireFailure)) throw error;
    const told = `could not ${what}: the running Bowline has ended or does not answer (${error.message})`;
    throw new ControlError("not-now", `${told}; what it took up goes on when it runs again`);
  };

function queryOf(input: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      query.set(name, String(value));
  }
  return query.size === 0 ? "" : `?${query.toString()}`;
}

function resultOf({ status, body }: WireResponse, what: string): unknown {
  if (status === 204) return undefined;
  const answer = jsonOf(body);
  if (status === 200) return answer;
  const { code, message } = failureIn(answer);
  throw errorOf(code ?? "", message ?? `could not ${what}: expected 200, got ${status}`);
}

function failureIn(answer: unknown): { readonly code?: string; readonly message?: string } {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return {};
  return answer.error as { readonly code?: string; readonly message?: string };
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}
