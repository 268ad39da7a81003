// Would this project start? Every fault at once, each with its place.
import type { Project } from "./config.ts";

export interface Fault {
  /** Where it is, such as "sync orders-to-invoices › onDelete". */
  readonly place: string;
  readonly message: string;
}

export interface Checked {
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}

export interface CheckOptions {
  /** The environment that secrets are read from. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function checkProject(_project: Project, _options: CheckOptions): Checked {
  return { errors: [], warnings: [] };
}
