// What the engine may not take for itself: time, randomness and the network. They come in as arguments, so that the
// whole engine runs in virtual time against simulators in the same process, from a seed.

import type { Subnet } from "./public-address.ts";

/** Milliseconds since 1970, and timers. Nothing below `engine.ts` reads any other clock. */
export interface Clock {
  now(): number;
  /** Runs `wake` once, `delayMs` from now; the answer takes it back. */
  timer(delayMs: number, wake: () => void): () => void;
}

export interface Random {
  /** A number from 0 (included) to 1 (excluded). */
  next(): number;
  /** Bytes fit for keys and identifiers. */
  bytes(count: number): Uint8Array;
}

/** One HTTP request as it leaves us: every header and byte is decided. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | WireStream;
  /** How long each part may take, in milliseconds. */
  readonly timeouts: WireTimeouts;
  /** The largest answer that is read, in bytes after decompression. */
  readonly bodyBytesMax: number;
  /** By which we show ourselves in TLS. */
  readonly certificate?: WireCertificate;
}

/** In PEM. */
export interface WireCertificate {
  readonly certificate: string;
  readonly privateKey: string;
  readonly passphrase?: string;
}

/** A body that is read while it is sent, once. */
export interface WireStream {
  readonly lengthBytes: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

export interface WireTimeouts {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyIdleMs: number;
  readonly totalMs: number;
}

/** One HTTP answer, whole. Header names are in lower case; a repeated header is joined by ", ". */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Why there is no whole answer. `sent: "no"` only when the provider cannot have received the request. */
export class WireFailure extends Error {
  override readonly name = "WireFailure";
  readonly sent: "no" | "maybe";
  readonly kind: "resolve" | "connect" | "tls" | "timeout" | "reset" | "truncated" | "too-large" | "refused-address";

  constructor(kind: WireFailure["kind"], sent: WireFailure["sent"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.sent = sent;
  }
}

export interface Network {
  /** Sends once and never follows a redirect. Rejects only with {@link WireFailure}. */
  send(request: WireRequest): Promise<WireResponse>;
  /**
   * The same network, kept to public addresses and these networks besides. Absent where there are no addresses, as inside
   * a process.
   */
  within?(subnets: readonly Subnet[]): Network;
}

export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
}
