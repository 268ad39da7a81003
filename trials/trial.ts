// What every trial is to `npm run -s trial`: a name, a line that says what it shows, and a way to run it.

export interface Trial {
  readonly name: string;
  /** One line: what it shows. */
  readonly shows: string;
  /** Its options, a line each. */
  readonly usage: string;
  /** Runs it and answers the exit code: 0 only when everything held. */
  run(words: readonly string[]): Promise<number>;
}

/** The words of the command line make no sense to the trial. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
