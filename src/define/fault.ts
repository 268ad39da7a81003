// What is wrong with a project, and where; collected, never thrown, so that all of it is told at once.
import { nearest } from "./nearest.ts";

export interface Fault {
  /** Where it is, such as "sync orders-to-invoices › onDelete". */
  readonly place: string;
  readonly message: string;
}

export interface Findings {
  readonly errors: Fault[];
  readonly warnings: Fault[];
}

/** " Did you mean "void"?" where a near name exists, else the names there are. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return ` Did you mean ${JSON.stringify(near)}?`;
  return known.length === 0 ? "" : ` There ${known.length === 1 ? "is" : "are"} ${known.join(", ")}.`;
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** Names become part of addresses, SQL and logs. */
export function checkName(name: string, place: string, { errors }: Findings): void {
  if (NAME.test(name)) return;
  const better = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const such = NAME.test(better) ? ` such as ${JSON.stringify(better)}` : "";
  errors.push({
    place,
    message: `cannot use the name ${JSON.stringify(name)}: expected at most 64 lower case letters, digits and hyphens${such}`,
  });
}

/** One error for each name that is used more than once. */
export function checkDuplicates(kind: string, names: readonly string[], { errors }: Findings): void {
  for (const name of new Set(names.filter((other, index) => names.indexOf(other) !== index))) {
    const count = names.filter((other) => other === name).length;
    errors.push({
      place: `${kind} ${name}`,
      message: `${count} ${kind}s have this name: expected each name once, since state is kept under it`,
    });
  }
}
