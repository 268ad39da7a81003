// A machine for tests of the command line: what is written is kept, the clock stands still until it is advanced.
import type { Output, Shell } from "../shell.ts";

export interface KeptOutput extends Output {
  readonly text: string;
}

export interface TestShell extends Shell {
  readonly out: KeptOutput;
  readonly err: KeptOutput;
  advance(durationMs: number): void;
  /** As Ctrl+C does. */
  askToStop(): void;
}

export interface TestShellOptions {
  readonly isTTY?: boolean;
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export function testShell({ isTTY = false, folder = "/", environment = {} }: TestShellOptions = {}): TestShell {
  let now = Date.UTC(2026, 7, 20, 12);
  const stop = Promise.withResolvers<void>();
  return {
    out: keptOutput(isTTY),
    err: keptOutput(isTTY),
    environment,
    folder,
    now: () => now,
    advance: (durationMs) => {
      now += durationMs;
    },
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    stopAsked: () => stop.promise,
    askToStop: () => stop.resolve(),
  };
}

function keptOutput(isTTY: boolean): KeptOutput {
  let kept = "";
  return {
    isTTY,
    columns: isTTY ? 100 : undefined,
    get text() {
      return kept;
    },
    write: (text) => {
      kept += text;
    },
  };
}
