// What the engine says of itself: level, sentence, facts. Where it goes is the caller's choice.

export type Log = (
  level: "info" | "warn" | "error",
  message: string,
  facts?: Readonly<Record<string, unknown>>,
) => void;

export const silent: Log = () => {};
