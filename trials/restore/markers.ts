// What has to have happened in the worlds of a run, so that it shows anything: each in at least one world of twenty.

export const MARKERS = [
  "lookup",
  "key",
  "key-blind",
  "upsert",
  "none",
  "two-way",
  "everything-only",
  "webhooks",
  "made-since-backup",
  "found-by-lookup",
  "parked-blind",
  "parked-differing",
  "asked-two-way",
  "pending-at-backup",
  "unknown-at-backup",
  "stopped-orderly",
  "edited-while-down",
  "beyond-lookback",
  "died-catching-up",
  "restored-twice",
  "same-backup-twice",
] as const;
export type Marker = (typeof MARKERS)[number];

export const MARKER_SHARE_MIN = 0.01;
