// Finds every part of a secret that is long enough to matter, however it was cut, escaped or coded, in one quick pass over a
// text: pieces of six characters are looked up at every seventh place, which meets each run of twelve. Most places are passed
// over by the first four characters alone; shorter pieces would be met by chance where thousands of secrets are known.

/** A shorter part of a secret tells too little of it, and is met by chance. */
export const PART_CHARS_MIN = 12;
const PIECE = 6;
const STEP = PART_CHARS_MIN - PIECE + 1;
const FILTER_BITS = 16;

interface Place {
  readonly form: string;
  readonly at: number;
}

export class SecretParts {
  readonly #pieces = new Map<string, Place[]>();
  readonly #filter = new Uint8Array(2 ** (FILTER_BITS - 3));

  add(secret: string): void {
    for (const form of formsOf(secret)) {
      for (let at = 0; at + PIECE <= form.length; at += 1) {
        const piece = form.slice(at, at + PIECE);
        const known = this.#pieces.get(piece);
        if (known === undefined) this.#pieces.set(piece, [{ form, at }]);
        else known.push({ form, at });
        const slot = slotOf(form, at);
        this.#filter[slot >> 3]! |= 1 << (slot & 7);
      }
    }
  }

  /** The text with each part put out of sight. */
  clean(text: string, instead: string): string {
    if (this.#pieces.size === 0) return text;
    const filter = this.#filter;
    const last = text.length - PIECE;
    let clean = "";
    let from = 0;
    for (let at = 0; at <= last; at += STEP) {
      const slot = slotOf(text, at);
      if ((filter[slot >> 3]! & (1 << (slot & 7))) === 0) continue;
      const run = this.#runAt(text, at, from);
      if (run === undefined) continue;
      clean += text.slice(from, run.from) + instead;
      from = run.to;
      at = run.to - STEP;
    }
    return from === 0 ? text : clean + text.slice(from);
  }

  /** The longest run of a secret's form that this piece is in. */
  #runAt(text: string, at: number, least: number): { readonly from: number; readonly to: number } | undefined {
    let best = { from: at, to: at };
    for (const { form, at: inForm } of this.#pieces.get(text.slice(at, at + PIECE)) ?? []) {
      let from = at;
      let to = at + PIECE;
      while (from > least && form[inForm - (at - from) - 1] === text[from - 1]) from -= 1;
      while (to < text.length && form[inForm + (to - at)] === text[to]) to += 1;
      if (to - from > best.to - best.from) best = { from, to };
    }
    return best.to - best.from >= PART_CHARS_MIN ? best : undefined;
  }
}

/** Where the filter keeps a piece. Written out, since it is asked at every seventh character of all that is logged. */
function slotOf(text: string, at: number): number {
  const four =
    text.charCodeAt(at) |
    (text.charCodeAt(at + 1) << 8) |
    (text.charCodeAt(at + 2) << 16) |
    (text.charCodeAt(at + 3) << 24);
  const mixed = Math.imul(four, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) & (2 ** FILTER_BITS - 1);
}

/** As it is, as documents, documents in documents and addresses write it, and each of these as bytes are written. */
function formsOf(secret: string): ReadonlySet<string> {
  const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
  const texts = new Set([
    secret,
    inJson(secret),
    inJson(inJson(secret)),
    encodeURIComponent(secret.toWellFormed()),
    encodeURI(secret.toWellFormed()),
    new URLSearchParams({ "": secret }).toString().slice(1),
  ]);
  const forms = new Set(texts);
  for (const text of texts) for (const form of codedForms(Buffer.from(text))) forms.add(form);
  return forms;
}

function codedForms(bytes: Buffer): readonly string[] {
  const hex = bytes.toString("hex");
  const base64 = [0, 1, 2].map((before) => {
    const coded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return coded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const url = base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  return [hex, hex.toUpperCase(), ...base64, ...url];
}
