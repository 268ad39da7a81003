// What an answer means, and what it tells of the limits: the connector's word first, whatever its code makes of the answer.
import type { Answer, ApiRequest, Connector, LimitReading } from "../define/connector.ts";
import { withinReason, type Outcome } from "../define/outcome.ts";
import { thrownText } from "../define/thrown-text.ts";
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
    const reason = `the connector could not tell what the answer (${answer.status}) means: ${thrownText(error)}`;
    return { kind: writes(request) ? "unknown" : "invalid", reason };
  }
  const outcome = own === undefined ? outcomeOfAnswer(answer, writes(request), now) : withinReason(own);
  return outcome.kind === "missing" && isPageOrPiece(answer) ? notOfTheRecord(answer) : outcome;
}

/** A few words are an answer, whatever they say they are. */
function isPageOrPiece(answer: JudgedAnswer): boolean {
  return answer.unreadable !== undefined && /^\s*[<{[]/.test(answer.text);
}

/**
 * A proxy's page, or that of a provider whose API is switched off, knows of no record. Were it believed, the record would count
 * as deleted, or its removal as done.
 */
function notOfTheRecord({ status, unreadable }: JudgedAnswer): Outcome {
  return { kind: "unavailable", reason: `${status}, and not of the record: ${unreadable}` };
}

export function readingsOf(connector: Connector, answer: Answer): readonly LimitReading[] {
  try {
    const readings = connector.readLimits?.(answer) ?? NO_READINGS;
    return readings.every(isSensible) ? readings : readings.map(sensible);
  } catch {
    // What cannot be read teaches nothing; the call itself was answered.
    return NO_READINGS;
  }
}

const isSensible = (reading: LimitReading): boolean => Object.entries(reading).every(isFigure);

/** What is no number would stop a limit for good: nothing is less, or more, than it. */
function sensible(reading: LimitReading): LimitReading {
  return { limit: reading.limit, ...Object.fromEntries(Object.entries(reading).filter(isFigure)) };
}

function isFigure([name, figure]: readonly [string, unknown]): boolean {
  return name === "limit" || (Number.isFinite(figure) && !(name === "cost" && Number(figure) < 0));
}
