// What the edge answers, and how an answer is given to a sender whose body was not read.
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Answer {
  readonly status: number;
  /** Short plain text. */
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ANSWERS = {
  taken: { status: 200, text: "ok" },
  /** The same for a bad signature and for a connection that does not exist. */
  notAccepted: { status: 401, text: "not accepted" },
  onlyPost: { status: 405, text: "only POST is taken here", headers: { allow: "POST" } },
  notJson: { status: 415, text: "the content-type must be JSON" },
  encoded: { status: 415, text: "a content-encoding is not taken", headers: { "accept-encoding": "identity" } },
  headersTooLarge: { status: 431, text: "the headers are too large" },
  /** Sent again it would be no other; to a 5xx it would be sent again for ever. */
  nameless: { status: 400, text: "the delivery has no id by which to tell it from others" },
} as const satisfies Record<string, Answer>;

export function tooLarge(bytesMax: number): Answer {
  return { status: 413, text: `the body is larger than ${bytesMax} bytes` };
}

export function busy(retryAfterSeconds: number): Answer {
  return { status: 503, text: "busy: send it again later", headers: { "retry-after": String(retryAfterSeconds) } };
}

export function unreadable(fault: string): Answer {
  return { status: 400, text: `the body was refused: ${fault}` };
}

/** Answers a request that was read to its end. */
export function give(response: ServerResponse, { status, text, headers }: Answer): void {
  response.writeHead(status, { "content-type": "text/plain", "content-length": Buffer.byteLength(text), ...headers });
  response.end(text);
}

/** Answers a request whose body is not wanted. A small rest is let pass; a larger one costs the connection. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  lingerBytesMax: number,
): void {
  const chunked = request.headers["transfer-encoding"] !== undefined;
  const waitsToSend = request.headers.expect !== undefined;
  const length = Number(request.headers["content-length"] ?? 0);
  if (!chunked && !waitsToSend && length <= lingerBytesMax) give(response, answer);
  else refuseAndClose(request, response, answer, lingerBytesMax);
}

/**
 * Answers at once and closes a little later: closing while bytes of the sender are still on their way would reset the
 * connection, and the sender would never see why.
 */
export function refuseAndClose(
  request: IncomingMessage,
  response: ServerResponse,
  { status, text, headers }: Answer,
  lingerBytesMax: number,
): void {
  const length = Buffer.byteLength(text);
  response.writeHead(status, {
    "content-type": "text/plain",
    "content-length": length,
    ...headers,
    connection: "close",
  });
  response.write(text);
  let left = lingerBytesMax;
  const end = (): void => {
    request.off("data", onData).off("end", end).off("close", end).pause();
    response.end();
  };
  const onData = (chunk: Buffer): void => {
    left -= chunk.length;
    if (left < 0) end();
  };
  request.on("data", onData).on("end", end).on("close", end);
  request.resume();
}
