// What the command's exit code means, and the fault that carries one: programs switch on the code, people read the message.

export const EXIT = {
  ok: 0,
  attention: 1,
  usage: 2,
  project: 3,
  reach: 4,
  bug: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What `--help` says of each. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, "it was done, and all is well"],
  [EXIT.attention, "it was done, and something needs a person: parked, behind, not in agreement, bad rows"],
  [EXIT.usage, "wrong usage: an unknown command, option or name"],
  [EXIT.project, "the project does not load or does not check"],
  [EXIT.reach, "it cannot work now: file or port in use, file damaged, no answer from the running Bowline"],
  [EXIT.bug, "a fault of Bowline itself"],
  [EXIT.interrupted, "stopped by Ctrl+C"],
];

/** A command that could not do what it was asked. */
export class CommandFault extends Error {
  override readonly name = "CommandFault";
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
