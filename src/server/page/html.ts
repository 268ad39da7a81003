// HTML that cannot be broken by what it shows: every value in a template is escaped, unless it is HTML made the same way.

/** Only {@link html} and {@link trusted} make it, so no record can pass as it. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** `undefined` and `false` show nothing. */
export type Shown = Html | string | number | undefined | false | readonly Shown[];

/** A template: html`<p>${text}</p>`. Values stand between tags or inside quoted attributes, nowhere else. */
export function html(parts: TemplateStringsArray, ...values: readonly Shown[]): Html {
  let text = parts[0] ?? "";
  for (const [index, value] of values.entries()) text += shown(value) + (parts[index + 1] ?? "");
  return new Html(text);
}

/** Our own style and script, as they are. Never with a value from outside in it. */
export function trusted(text: string): Html {
  return new Html(text);
}

function shown(value: Shown): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.toString();
  if (Array.isArray(value)) return value.map(shown).join("");
  return escape(String(value));
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
