// What an answer means, and what it tells of the limits: the connector's word first, whatever its code makes of the answer.
import type { Answer, ApiRequest, Connector, LimitReading } from "../define/connector.ts";
import type { Outcome } from "../define/outcome.ts";
import { outcomeOfAnswer, type JudgedAnswer } from "./outcome.ts";
import { writes } from "./writes.ts";

export const NO_READINGS: readonly LimitReading[] = [];

/** Then the table by status. */
export function judge(connector: Connector, answer: JudgedAnswer, request: ApiRequest, now: number): Outcome {
  let own: Outcome | undefined;
  try {
    own = connector.outcome?.(answer, request);
  } catch (error) {
    // The call was answered, but nobody can say how: a write may have been done.
    const reason = `the connector could not tell what the answer (${answer.status}) means: ${String(error)}`;
    return { kind: writes(request) ? "unknown" : "invalid", reason };
  }
  return own ?? outcomeOfAnswer(answer, writes(request), now);
}

export function readingsOf(connector: Connector, answer: Answer): readonly LimitReading[] {
  try {
    return connector.readLimits?.(answer) ?? NO_READINGS;
  } catch {
    // What cannot be read teaches nothing; the call itself was answered.
    return NO_READINGS;
  }
}
