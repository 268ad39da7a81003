// Bodies are kept deflated when that pays: level 1 costs about ten microseconds for an order and keeps a third of its bytes.
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { SQLOutputValue } from "node:sqlite";

/** Shorter texts are kept as they are: deflating them costs more than it saves. */
const DEFLATED_FROM_CHARACTERS = 200;

/** Small windows and chunks: most bodies are a few kilobytes, and the memory for each call is what costs. */
const DEFLATE = { level: 1, memLevel: 6, windowBits: 12, chunkSize: 4096 } as const;

/** Text for a column: text as it is, or deflated bytes. */
export function packed(body: string | undefined): string | Uint8Array | null {
  if (body === undefined) return null;
  return body.length < DEFLATED_FROM_CHARACTERS ? body : deflateRawSync(body, DEFLATE);
}

export function unpacked(column: SQLOutputValue | undefined): string | undefined {
  if (column === null || column === undefined) return undefined;
  if (typeof column === "string") return column;
  if (column instanceof Uint8Array) return inflateRawSync(column).toString();
  throw new TypeError(`could not read a body: expected text or bytes, got ${typeof column}`);
}
