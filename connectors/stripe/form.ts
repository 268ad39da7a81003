// Writes what we send as Stripe reads it: a form whose names hold brackets, such as `items[0][price]=price_1`.

export type FormValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly FormValue[]
  | { readonly [name: string]: FormValue };

export type Form = { readonly [name: string]: FormValue };

/** What is undefined is left out; null and an empty list are written empty, which clears the field at Stripe. */
export function encodeForm(form: Form): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(form)) write(parts, encodeURIComponent(name), value);
  return parts.join("&");
}

function write(parts: string[], name: string, value: FormValue): void {
  if (value === undefined) return;
  if (value === null) parts.push(`${name}=`);
  else if (Array.isArray(value)) writeList(parts, name, value as readonly FormValue[]);
  else if (typeof value === "object") {
    for (const [below, one] of Object.entries(value)) write(parts, `${name}[${encodeURIComponent(below)}]`, one);
  } else parts.push(`${name}=${encodeURIComponent(value as string | number | boolean)}`);
}

function writeList(parts: string[], name: string, values: readonly FormValue[]): void {
  if (values.length === 0) parts.push(`${name}=`);
  values.forEach((value, index) => write(parts, `${name}[${index}]`, value));
}
