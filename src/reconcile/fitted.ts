// Would a resource take these fields? Of an update only what changes is judged: the sync may know nothing of what else the
// provider requires.
import type { ConnectedResource } from "../define/connection.ts";
import { issuePath, issueText } from "../define/schema.ts";
import type { Fields } from "./decide.ts";

export type Fitted =
  | { readonly kind: "fits"; readonly value: Fields }
  | { readonly kind: "misfit"; readonly issue: string };

/** The fields as the schema leaves them, so that "19.9" is sent as the "19.90" that it will be. */
export function fitted({ id, resource }: ConnectedResource, fields: Fields, changed?: readonly string[]): Fitted {
  const schema = resource.write?.fields;
  if (schema === undefined) throw new Error(`${id} cannot be written: expected a resource with \`write\``);
  const result = schema["~standard"].validate(fields);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw new TypeError("could not check a record: one of its schema's rules threw, or is asynchronous");
  }
  if (result.issues === undefined) return { kind: "fits", value: result.value as Fields };
  const ours = result.issues.filter((issue) => {
    const [name] = issuePath(issue);
    // A field that is emptied is no longer there, and whether it may be is for the provider to say.
    return changed === undefined || (changed.includes(String(name)) && String(name) in fields);
  });
  const [first] = ours;
  return first === undefined ? { kind: "fits", value: fields } : { kind: "misfit", issue: issueText(first) };
}
