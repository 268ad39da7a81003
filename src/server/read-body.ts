// Reads a request's raw bytes up to a limit, into one growing buffer: a body in a million tiny chunks costs no more than
// one in a single chunk.
import type { IncomingMessage } from "node:http";

export type BodyRead =
  | { readonly kind: "whole"; readonly body: Uint8Array }
  | { readonly kind: "too-large" }
  | { readonly kind: "no-room" }
  /** The sender went away. */
  | { readonly kind: "cut" };

export interface BodyLimits {
  readonly bytesMax: number;
  /** Asks for room for so many more bytes; false ends the reading. */
  readonly hold: (bytes: number) => boolean;
}

const FIRST_BYTES = 4 * 1024;

/** Calls `done` once. A body that is not read to its end is left paused. */
export function readBody(
  request: IncomingMessage,
  { bytesMax, hold }: BodyLimits,
  done: (read: BodyRead) => void,
): void {
  let body: Buffer | undefined;
  let length = 0;
  const finish = (read: BodyRead): void => {
    request.off("data", onData).off("end", onEnd).off("close", onClose);
    if (read.kind === "too-large" || read.kind === "no-room") request.pause();
    done(read);
  };
  const onData = (chunk: Buffer): void => {
    if (length + chunk.length > bytesMax) return finish({ kind: "too-large" });
    if (!hold(chunk.length)) return finish({ kind: "no-room" });
    // The first chunk is mostly the whole body, and is then used as it is.
    body = body === undefined ? chunk : grown(body, length, chunk);
    length += chunk.length;
  };
  const onEnd = (): void => finish({ kind: "whole", body: body?.subarray(0, length) ?? Buffer.alloc(0) });
  const onClose = (): void => finish({ kind: "cut" });
  request.on("data", onData).on("end", onEnd).on("close", onClose);
}

function grown(body: Buffer, length: number, chunk: Buffer): Buffer {
  const needed = length + chunk.length;
  // The first chunk belongs to the stream and is full: it is copied like one that has become too small.
  const roomy = needed <= body.length ? body : Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, needed * 2));
  if (roomy !== body) body.copy(roomy, 0, 0, length);
  chunk.copy(roomy, length);
  return roomy;
}
