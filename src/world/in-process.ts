// A network inside the process: each origin is a fetch handler, so that a rehearsal reaches its simulators without a
// socket and in virtual time.
import { WireFailure, type Clock, type Network, type WireRequest, type WireResponse } from "./world.ts";

export type FetchHandler = (request: Request) => Promise<Response>;

/**
 * Sends to the handler of the URL's origin, such as "https://demo.myshopify.com". An unknown origin does not resolve; a
 * handler that throws has cut the connection, after it may have done its work. A handler that does not answer in time is
 * given up.
 */
export function inProcessNetwork(handlers: ReadonlyMap<string, FetchHandler>, clock: Clock): Network {
  return {
    async send(request) {
      const handler = handlers.get(originOf(request.url));
      if (handler === undefined) {
        throw new WireFailure("resolve", "no", `no such host in this process: ${originOf(request.url)}`);
      }
      const { promise: overdue, reject } = Promise.withResolvers<never>();
      const limitMs = Math.min(request.timeouts.headersMs, request.timeouts.totalMs);
      const stop = clock.timer(limitMs, () =>
        reject(new WireFailure("timeout", "maybe", `no answer within ${limitMs} ms`)),
      );
      try {
        return await Promise.race([exchange(handler, request), overdue]);
      } finally {
        stop();
      }
    },
  };
}

function originOf(url: string): string {
  const pathAt = url.indexOf("/", url.indexOf("://") + 3);
  return pathAt === -1 ? url : url.slice(0, pathAt);
}

async function exchange(handler: FetchHandler, request: WireRequest): Promise<WireResponse> {
  let response: Response;
  let body: Uint8Array;
  try {
    response = await handler(
      new Request(request.url, {
        method: request.method,
        headers: request.headers,
        ...(request.body === undefined ? {} : { body: await bodyOf(request.body) }),
      }),
    );
    body = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new WireFailure("reset", "maybe", `the connection was cut: ${message}`, { cause: error });
  }
  if (body.length > request.bodyBytesMax) {
    throw new WireFailure("too-large", "maybe", `the answer is larger than ${request.bodyBytesMax} bytes`);
  }
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}

async function bodyOf(body: NonNullable<WireRequest["body"]>): Promise<string | Uint8Array<ArrayBuffer>> {
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
