// Bodies are kept deflated when that pays. Level 1 halves an order and costs fifteen to twenty microseconds, more than writing
// it does; so new rows are written as they are, and deflated when there is time (`squeeze.ts`).
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** Shorter texts are kept as they are: deflating them costs more than it saves. */
export const DEFLATED_FROM_CHARACTERS = 200;

/** Small windows and chunks: most bodies are a few kilobytes, and the memory for each call is what costs. */
const DEFLATE = { level: 1, memLevel: 7, windowBits: 13, chunkSize: 4096 } as const;

/** Text for a column: text as it is, or deflated bytes. */
export function packed(body: string | undefined): string | Uint8Array | null {
  if (body === undefined) return null;
  return body.length < DEFLATED_FROM_CHARACTERS ? body : deflateRawSync(body, DEFLATE);
}

export function unpacked(column: unknown): string | undefined {
  if (column === null || column === undefined) return undefined;
  if (typeof column === "string") return column;
  if (column instanceof Uint8Array) return inflateRawSync(column).toString();
  throw new TypeError(`could not read a body: expected text or bytes, got ${typeof column}`);
}

type Two = readonly [first: string | undefined, second: string | undefined];

/** Two bodies in one text: what the second repeats of the first deflates to almost nothing. */
export function together(...[first, second]: Two): string | null {
  if (first === undefined && second === undefined) return null;
  return `${first?.length ?? "-"} ${second?.length ?? "-"}\n${first ?? ""}${second ?? ""}`;
}

export function apart(both: string | undefined): Two {
  if (both === undefined) return [undefined, undefined];
  const from = both.indexOf("\n") + 1;
  const [first, second] = both.slice(0, from - 1).split(" ");
  const middle = from + (first === "-" ? 0 : Number(first));
  return [first === "-" ? undefined : both.slice(from, middle), second === "-" ? undefined : both.slice(middle)];
}
