// The options that every example takes.
import { parseArgs } from "node:util";

export interface ExampleOptions {
  readonly settle: boolean;
  readonly port: string | undefined;
  readonly seed: string;
}

/** Ends the process where only help is wanted (0), or the options are wrong (2). */
export function exampleOptions(help: string): ExampleOptions {
  try {
    const { values } = parseArgs({
      options: {
        settle: { type: "boolean", default: false },
        port: { type: "string" },
        seed: { type: "string", default: "1" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (!values.help) return { settle: values.settle, port: values.port, seed: values.seed };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${help}`);
    process.exit(2);
  }
  process.stdout.write(help);
  process.exit(0);
}
