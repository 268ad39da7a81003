// How far scans reach back, and how long a search may not yet show what was written: Shopify's search index follows the
// records by seconds, times are cut to the second, and clocks differ.

/** Taken off the time at which the last scan began. */
export const OVERLAP_MS = 5 * 60_000;
/** After this long a search finds what was written before. Shopify names no figure; this is far above what people saw. */
export const SEARCH_LAG_MS = 60_000;
