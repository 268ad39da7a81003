// The webhook edge: verifies a delivery from its raw bytes, makes it durable, and only then answers 2xx. Whatever it will
// not take it refuses early and cheaply.
import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Delivery, Verified, Webhook } from "../define/connector.ts";
import type { NewArrival } from "../store/store.ts";
import { thrownText } from "../define/thrown-text.ts";
import { shown } from "../mapping/shown.ts";
import type { Clock } from "../world/world.ts";
import { ANSWERS, busy, give, refuse, refuseAndClose, tooLarge, unreadable, type Answer } from "./edge-answer.ts";
import { EDGE_LIMITS, type EdgeLimits } from "./edge-limits.ts";
import { ingestTogether } from "./ingest-together.ts";
import { jsonFault } from "./json-check.ts";
import { headerBytes, keptHeaders } from "./kept-headers.ts";
import { readBody } from "./read-body.ts";
import { Shedding } from "./shedding.ts";

/** What the edge needs of a connection. */
export interface EdgeConnection {
  readonly webhook: Webhook;
  /** The signing secrets that are valid now; none: every delivery is refused. */
  readonly secrets: () => readonly string[];
}

export interface EdgeOptions {
  /** By the connection's name: a delivery for "shop" comes to `POST /hooks/shop`. */
  readonly connections: ReadonlyMap<string, EdgeConnection>;
  /** Makes arrivals durable, or rejects. */
  readonly ingest: (arrivals: readonly NewArrival[]) => Promise<readonly ("new" | "seen")[]>;
  readonly clock: Clock;
  /** Where providers reach us, such as "https://bowline.example.com"; absent: by the `host` that they name. */
  readonly publicUrl?: string;
  /** New arrivals are durable: there is something to observe. */
  readonly onArrival: () => void;
  /** A delivery was refused; the reason is for our log. */
  readonly onRefused?: (connection: string, reason: string) => void;
  readonly limits?: Partial<EdgeLimits>;
}

export interface Edge {
  /** True when it took the request: it is for /hooks/…. */
  (request: IncomingMessage, response: ServerResponse): boolean;
  /** Why deliveries are being refused now; undefined: they are not. */
  readonly refusing: () => string | undefined;
}

const PREFIX = "/hooks/";
/** How much of a connection's name that may be made up goes into our log. */
const NAME_SHOWN_MAX = 100;

export function createEdge({
  connections,
  ingest,
  clock,
  publicUrl,
  onArrival,
  onRefused,
  limits: given,
}: EdgeOptions): Edge {
  const limits: EdgeLimits = { ...EDGE_LIMITS, ...given };
  const shedding = new Shedding(limits);
  const together = ingestTogether({ ingest, clock, shedding, batchMax: limits.ingestBatchMax, onArrival });
  const tooBusy = busy(limits.retryAfterSeconds);
  const bodyTooLarge = tooLarge(limits.bodyBytesMax);

  const edge = (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = request.url ?? "";
    if (!url.startsWith(PREFIX)) return false;
    const name = connectionNamed(url);
    const headers = singleHeaders(request);
    const tell = (reason: string): void => onRefused?.(name.slice(0, NAME_SHOWN_MAX), reason);

    const refusal = refusalFromHead(request, headers, limits);
    const overload = refusal === undefined ? shedding.admit(clock.now()) : undefined;
    if (refusal !== undefined || overload !== undefined) {
      tell(overload ?? refusal?.text ?? "");
      refuse(request, response, refusal ?? tooBusy, limits.lingerBytesMax);
      return true;
    }

    let held = 0;
    const conclude = (answer: Answer, reason?: string): void => {
      shedding.release(held);
      if (reason !== undefined) tell(reason);
      give(response, answer);
    };
    const concludeUnread = (answer: Answer, reason: string): void => {
      shedding.release(held);
      tell(reason);
      refuseAndClose(request, response, answer, limits.lingerBytesMax);
    };
    const hold = (bytes: number): boolean => {
      held += bytes;
      return shedding.hold(bytes);
    };
    if (headers["expect"] !== undefined) response.writeContinue();
    readBody(request, { bytesMax: limits.bodyBytesMax, hold }, (read) => {
      if (read.kind === "cut") return shedding.release(held);
      if (read.kind === "too-large") return concludeUnread(bodyTooLarge, bodyTooLarge.text);
      if (read.kind === "no-room") return concludeUnread(tooBusy, "too many bytes are under way");

      const outside = publicUrl ?? `http://${headers["host"] ?? ""}`;
      const delivery: Delivery = { method: "POST", url: outside + url, headers, body: read.body, at: clock.now() };
      const verified = verify(connections, name, delivery);
      if (!verified.ok) return conclude(ANSWERS.notAccepted, verified.reason);
      const fault = jsonFault(delivery.body, { depthMax: limits.jsonDepthMax });
      if (fault !== undefined) return conclude(unreadable(fault), `the body was refused: ${fault}`);
      const arrival = arrivalOf(connections, name, delivery);
      if (arrival instanceof Error) return conclude(ANSWERS.nameless, arrival.message);
      together(arrival, (ingested) => {
        if (ingested.ok) conclude(ANSWERS.taken);
        else conclude(tooBusy, "the store could not make it durable");
      });
    });
    return true;
  };
  return Object.assign(edge, { refusing: () => shedding.refusing(clock.now()) });
}

/** What the request line and headers alone make us refuse; the same whether the connection exists or not. */
function refusalFromHead(
  request: IncomingMessage,
  headers: Readonly<Record<string, string>>,
  limits: EdgeLimits,
): Answer | undefined {
  if (request.method !== "POST") return ANSWERS.onlyPost;
  if (!isJson(headers["content-type"])) return ANSWERS.notJson;
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") return ANSWERS.encoded;
  if (Number(headers["content-length"] ?? 0) > limits.bodyBytesMax) return tooLarge(limits.bodyBytesMax);
  if (headerBytes(headers) > limits.keptHeaderBytesMax) {
    if (headerBytes(keptHeaders(headers)) > limits.keptHeaderBytesMax) return ANSWERS.headersTooLarge;
  }
  return undefined;
}

function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType === "application/json") return true;
  const [type = ""] = contentType.split(";", 1);
  const plain = type.trim().toLowerCase();
  return plain === "application/json" || plain.endsWith("+json");
}

/** A connection that does not exist costs what a real one costs, and always fails. */
function verify(connections: ReadonlyMap<string, EdgeConnection>, name: string, delivery: Delivery): Verified {
  const known = connections.get(name);
  const [decoy] = connections.values();
  try {
    const verified = verifyWith(known ?? decoy, delivery);
    return known === undefined ? { ok: false, reason: "there is no such connection" } : verified;
  } catch (error) {
    return { ok: false, reason: `its check failed: ${thrownText(error)}` };
  }
}

function verifyWith(connection: EdgeConnection | undefined, delivery: Delivery): Verified {
  if (connection !== undefined) return connection.webhook.verify(delivery, connection.secrets());
  createHmac("sha256", "nobody").update(delivery.body).digest();
  return { ok: false, reason: "there are no connections" };
}

/** The delivery is the provider's, so that it is the connector that is at fault where it gives no id. */
function arrivalOf(
  connections: ReadonlyMap<string, EdgeConnection>,
  name: string,
  delivery: Delivery,
): NewArrival | Error {
  let dedupeId: unknown;
  try {
    dedupeId = connections.get(name)?.webhook.dedupeId(delivery);
  } catch (error) {
    return nameless(name, `it threw: ${thrownText(error)}`);
  }
  if (typeof dedupeId !== "string" || dedupeId === "") return nameless(name, `got ${shown(dedupeId) || "nothing"}`);
  return { connection: name, dedupeId, at: delivery.at, headers: keptHeaders(delivery.headers), body: delivery.body };
}

function nameless(name: string, what: string): Error {
  return new Error(
    `the connector of ${name} gave it no id: expected text that is not empty from its \`dedupeId\`, ${what}; mend the connector`,
  );
}

function connectionNamed(url: string): string {
  const query = url.indexOf("?");
  const name = url.slice(PREFIX.length, query < 0 ? undefined : query);
  if (!name.includes("%")) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Node gives every header as one text but `set-cookie`, which has no meaning in a request. */
function singleHeaders(request: IncomingMessage): Readonly<Record<string, string>> {
  const { headers } = request;
  if (headers["set-cookie"] !== undefined) delete headers["set-cookie"];
  return headers as Record<string, string>;
}
