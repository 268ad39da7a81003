// Undoes the content coding of an answer, and stops as soon as it grows beyond what may be read: a small answer can hold
// gigabytes of nothing.
import { brotliDecompress, gunzip, inflate, inflateRaw, type CompressCallback } from "node:zlib";
import { WireFailure } from "./world.ts";

/** No honest answer of records shrinks further than this. */
const RATIO_MAX = 200;
/** Up to this many bytes any ratio is harmless. */
const RATIO_COUNTS_FROM_BYTES = 1024 * 1024;

/** Rejects with a WireFailure: `too-large`, or `truncated` when the bytes are not what their coding says. */
export function decompress(body: Uint8Array, coding: string, bytesMax: number): Promise<Uint8Array> {
  const decode = decoderOf(coding.trim().toLowerCase(), body);
  if (decode === "none") return Promise.resolve(body);
  if (decode === undefined) {
    return Promise.reject(
      new WireFailure(
        "truncated",
        "maybe",
        `the answer cannot be decoded: wanted gzip, deflate or br, got "${coding}"`,
      ),
    );
  }
  const most = Math.min(bytesMax, Math.max(RATIO_COUNTS_FROM_BYTES, body.length * RATIO_MAX));
  return new Promise((resolve, reject) => {
    decode(body, { maxOutputLength: most }, (error, plain) => {
      if (error === null) resolve(plain);
      else reject(failureOf(error, coding, most));
    });
  });
}

type Decode = (body: Uint8Array, options: { readonly maxOutputLength: number }, done: CompressCallback) => void;

function decoderOf(coding: string, body: Uint8Array): Decode | "none" | undefined {
  if (coding === "identity" || coding === "") return "none";
  if (coding === "gzip" || coding === "x-gzip") return gunzip;
  if (coding === "br") return brotliDecompress;
  // Some servers send the bare stream where the zlib wrapping belongs; the wrapping's first byte tells (method 8).
  if (coding === "deflate") return ((body[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw;
  return undefined;
}

function failureOf(error: NodeJS.ErrnoException, coding: string, bytesMax: number): WireFailure {
  return error.code === "ERR_BUFFER_TOO_LARGE"
    ? new WireFailure("too-large", "maybe", `the answer is larger than the ${bytesMax} bytes that are read`, {
        cause: error,
      })
    : new WireFailure("truncated", "maybe", `the answer is not whole ${coding}: ${error.message}`, { cause: error });
}
