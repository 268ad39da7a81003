// Every limit of the webhook edge, with its name and its default.

export interface EdgeLimits {
  /** The largest body of one webhook, in bytes. Default 1 MiB. */
  readonly bodyBytesMax: number;
  /** Deliveries being read or made durable at once; one more is answered 503. Default 2,000. */
  readonly underWayMax: number;
  /** Bytes of bodies held at once, read or being made durable; more is answered 503. Default 32 MiB. */
  readonly bytesUnderWayMax: number;
  /** Bytes of headers kept with an arrival; more is answered 431. Default 8 KiB. */
  readonly keptHeaderBytesMax: number;
  /** How deep a webhook's JSON may be nested; 64 at most. Default 64. */
  readonly jsonDepthMax: number;
  /** A commit that takes longer is slow, in milliseconds; several of them and deliveries are shed. Default 500. */
  readonly commitSlowMs: number;
  /** How many arrivals one call of `ingest` takes. Default 256. */
  readonly ingestBatchMax: number;
  /** While deliveries are shed: how long until one is let through to probe, in milliseconds. Default 1,000. */
  readonly probeAfterMs: number;
  /** What the 503 tells the sender to wait, in seconds. Default 5. */
  readonly retryAfterSeconds: number;
  /** Bytes of a refused body that are still read, so that its sender gets to see the answer. Default 256 KiB. */
  readonly lingerBytesMax: number;
}

export const EDGE_LIMITS: EdgeLimits = {
  bodyBytesMax: 1024 * 1024,
  underWayMax: 2_000,
  bytesUnderWayMax: 32 * 1024 * 1024,
  keptHeaderBytesMax: 8 * 1024,
  jsonDepthMax: 64,
  commitSlowMs: 500,
  ingestBatchMax: 256,
  probeAfterMs: 1_000,
  retryAfterSeconds: 5,
  lingerBytesMax: 256 * 1024,
};
