// What has to have happened in the worlds of a run, so that it shows anything: each in at least one world of twenty.

export const MARKERS = [
  "shown-late",
  "equal-stamps-across-pages",
  "stamp-cut",
  "stamp-goes-back",
  "since-exclusive",
  "edited-while-paging",
  "deletion-purged",
  "tombstone-stays",
  "restored",
  "clock-off",
  "clock-jumped",
  "page-failed",
  "cursor-expired",
  "restarted-between-pages",
  "paused-beyond-lookback",
] as const;
export type Marker = (typeof MARKERS)[number];

export const MARKER_SHARE_MIN = 0.05;
