// What a command needs of the machine it runs on, as one value: the real one in `main.ts`, another in tests.
import { openAddress } from "./open-address.ts";

export interface Output {
  readonly isTTY: boolean;
  /** How wide the terminal is; undefined: unknown, so nothing is cut. */
  readonly columns: number | undefined;
  write(text: string): void;
}

export interface Shell {
  readonly out: Output;
  readonly err: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working folder; paths that people type begin here. */
  readonly folder: string;
  now(): number;
  pause(durationMs: number): Promise<void>;
  /**
   * Resolves when a person or the system asks the process to stop (SIGINT, SIGTERM). From the first call on such a wish no
   * longer ends the process by itself; the second one does.
   */
  stopAsked(): Promise<void>;
  /** Opens an address in the person's browser. Absent: there is none. */
  open?(address: string): void;
}

/** The machine itself. */
export function realShell(): Shell {
  let stopAsked: Promise<void> | undefined;
  return {
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    environment: process.env,
    folder: process.cwd(),
    now: () => Date.now(),
    pause: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
    stopAsked: () => (stopAsked ??= signalled()),
    open: openAddress,
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // Whoever read has gone, as `head` does: what is left to say is for nobody, and what is being done goes on.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
    write: (text) => void stream.write(text),
  };
}

/** Resolves at the first SIGINT or SIGTERM; whichever comes next ends the process by itself. */
export function signalled(): Promise<void> {
  return new Promise((resolve) => {
    const signals = ["SIGINT", "SIGTERM"] as const;
    const hear = (): void => {
      for (const signal of signals) process.removeListener(signal, hear);
      resolve();
    };
    for (const signal of signals) process.on(signal, hear);
  });
}
