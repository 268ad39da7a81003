// The engine's log on standard error: short lines for a person at a terminal, JSON lines (pino) for everything else.
import { pino } from "pino";
import type { Log } from "../log.ts";
import { paintFor, type Paint } from "./paint.ts";
import type { Shell } from "./shell.ts";
import { oneLine } from "./table.ts";

const STYLES = { info: "dim", warn: "yellow", error: "red" } as const satisfies Record<string, Parameters<Paint>[0]>;

export function logTo({ err, environment, now }: Shell): Log {
  if (err.isTTY) {
    const paint = paintFor(err, environment);
    return (level, message, facts = {}) => {
      const time = new Date(now()).toISOString().slice(11, 19);
      const told = Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`);
      err.write(`${time} ${paint(STYLES[level], level.padEnd(5))} ${oneLine([message, ...told].join("  "))}\n`);
    };
  }
  const logger = pino(
    {
      base: null,
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    { write: (line: string) => err.write(line) },
  );
  return (level, message, facts = {}) => logger[level](facts, message);
}
