// What an import reads from a file: a record in the resource's own shape, or what is wrong, with the line it began on.

export type Row =
  | { readonly line: number; readonly record: unknown }
  | { readonly line: number; readonly fault: string };
