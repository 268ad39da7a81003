// One run of the command line: what the global options say, the project, and how the answer is given to a person or a
// program. With `--json` exactly one JSON document goes to standard output; everything else goes to standard error.
import { EXIT, CommandFault } from "./exit-code.ts";
import { loadProject, type LoadedProject } from "./load-project.ts";
import { paintFor, type Paint } from "./paint.ts";
import { reach, type Reached } from "./reach.ts";
import type { Shell } from "./shell.ts";
import { table, type Cell, type Column } from "./table.ts";

export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export class Session {
  readonly shell: Shell;
  readonly json: boolean;
  /** Colours of standard output. */
  readonly paint: Paint;
  readonly #config: string | undefined;

  constructor(shell: Shell, { config, json = false }: GlobalOptions) {
    this.shell = shell;
    this.json = json;
    this.#config = config;
    this.paint = paintFor(shell.out, shell.environment);
  }

  project(): Promise<LoadedProject> {
    return loadProject(this.shell.folder, this.#config);
  }

  /** Does something with the state, wherever it is, and lets go of it again. */
  async withState<Result>(work: (reached: Reached, loaded: LoadedProject) => Promise<Result>): Promise<Result> {
    const loaded = await this.project();
    await using reached = await reach(loaded, this.shell);
    return await work(reached, loaded);
  }

  /** Gives the command's answer: the value to a program, the text to a person. */
  answer(value: unknown, text: () => string): void {
    if (this.json) this.shell.out.write(`${JSON.stringify(value, undefined, 2)}\n`);
    else this.shell.out.write(text());
  }

  /** Says something beside the answer. */
  note(text: string): void {
    this.shell.err.write(`${text}\n`);
  }

  table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
    return table(columns, rows, { paint: this.paint, width: this.shell.out.columns });
  }

  usage(message: string): CommandFault {
    return new CommandFault(EXIT.usage, message);
  }
}
