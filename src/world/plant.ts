// Faults planted on purpose, so that a trial can show that it would notice them. Only trials set them.

export type Plant =
  | "ack-before-commit"
  | "no-intent"
  | "key-per-attempt"
  | "cursor-max-updated"
  | "newest-by-two-clocks"
  | "no-base"
  | "echo-by-actor"
  | "delete-from-partial-listing"
  | "leak-log"
  | "leak-store"
  | "no-doubt"
  | "lost-keys-trusted";
export type Plants = ReadonlySet<Plant>;

export const NO_PLANTS: Plants = new Set();
