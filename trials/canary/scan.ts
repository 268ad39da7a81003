// Finds any part of a secret, in any usual form, in any bytes. Each form is cut into pieces of twelve characters; bytes are
// looked through once, quickly, for all of them. An escape counts as the one character it stands for: a part that is short
// enough to be shown does not become long by being written into a document.

export const PART_CHARS = 12;
/** What every private key of its kind begins with says nothing of it. */
const KEY_PREFIX_CHARS = 48;
const BITS = 22;

export interface Hit {
  readonly where: string;
  /** Which canary, by its number; never its text. */
  readonly canary: number;
  readonly form: string;
  readonly at: number;
}

/** A secret as it may be written. */
interface Form {
  readonly canary: number;
  readonly form: string;
  readonly text: string;
  /** Where each character of the secret begins, and the end of the last; none where each takes one place. */
  readonly begins: readonly number[] | undefined;
}

interface Place {
  readonly of: Form;
  readonly at: number;
}

export class Scanner {
  readonly #pieces = new Map<string, Place[]>();
  readonly #filter = new Uint8Array(2 ** (BITS - 3));
  bytes = 0;
  readonly places = new Map<string, number>();
  readonly hits: Hit[] = [];

  constructor(secrets: readonly string[]) {
    secrets.forEach((secret, canary) => {
      for (const [form, text, escape] of formsOf(secret)) {
        const of: Form = { canary, form, text, begins: escape === undefined ? undefined : beginsOf(secret, escape) };
        for (let at = 0; at + PART_CHARS <= text.length; at += 1)
          this.#add(text.slice(at, at + PART_CHARS), { of, at });
      }
    });
  }

  get pieces(): number {
    return this.#pieces.size;
  }

  scan(where: string, given: Uint8Array | string): void {
    const bytes = Buffer.from(given as string);
    this.bytes += bytes.length;
    this.places.set(where, (this.places.get(where) ?? 0) + bytes.length);
    for (let at = 0; at + PART_CHARS <= bytes.length; at += 1) {
      if (!this.#mayBegin(bytes, at)) continue;
      const places = this.#pieces.get(bytes.toString("latin1", at, at + PART_CHARS));
      const found = places?.find((place) => isPart(bytes, at, place));
      if (found === undefined) continue;
      this.hits.push({ where, canary: found.of.canary, form: found.of.form, at });
      at += PART_CHARS - 1;
    }
  }

  #add(piece: string, place: Place): void {
    const known = this.#pieces.get(piece);
    if (known !== undefined) {
      known.push(place);
      return;
    }
    this.#pieces.set(piece, [place]);
    const slot = slotOf(Buffer.from(piece, "latin1"), 0);
    this.#filter[slot >> 3]! |= 1 << (slot & 7);
  }

  #mayBegin(bytes: Buffer, at: number): boolean {
    const slot = slotOf(bytes, at);
    return (this.#filter[slot >> 3]! & (1 << (slot & 7))) !== 0;
  }
}

/** Of eight bytes: nearly all places are passed over after this. */
function slotOf(bytes: Buffer, at: number): number {
  const mixed = Math.imul(bytes.readUInt32LE(at), 0x9e3779b1) ^ Math.imul(bytes.readUInt32LE(at + 4), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (2 ** BITS - 1);
}

/** Whether so many whole characters of the secret stand around here. */
function isPart(bytes: Buffer, at: number, { of: { text, begins }, at: inText }: Place): boolean {
  if (begins === undefined) return true;
  let from = inText;
  let to = inText + PART_CHARS;
  while (from > 0 && bytes[at + from - 1 - inText] === text.charCodeAt(from - 1)) from -= 1;
  while (to < text.length && bytes[at + to - inText] === text.charCodeAt(to)) to += 1;
  const whole = begins.filter((begin) => begin >= from && begin <= to).length - 1;
  return whole >= PART_CHARS;
}

function beginsOf(secret: string, escape: (char: string) => string): readonly number[] {
  const begins = [0];
  for (const char of secret) begins.push(begins.at(-1)! + escape(char).length);
  return begins;
}

type Escape = (text: string) => string;
const inJson: Escape = (text) => JSON.stringify(text).slice(1, -1);
const inJsonTwice: Escape = (text) => inJson(inJson(text));
const onPage: Escape = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** With how each character is written, where an escape is no more than the character it stands for. */
export function formsOf(secret: string): readonly (readonly [name: string, text: string, escape?: Escape])[] {
  const isKey = secret.startsWith("-----BEGIN");
  if (isKey) {
    const body = secret.replaceAll(/-----[^-]+-----|\s/g, "");
    const lines = secret.split("\n").slice(1, -2);
    return [
      ["key", body.slice(KEY_PREFIX_CHARS)],
      ["key in lines", lines[0]!.slice(KEY_PREFIX_CHARS)],
      ...lines.slice(1).map((line) => ["key in lines", line] as const),
      ...coded(Buffer.from(lines.at(-1)!)),
      ["key's bytes in hex", Buffer.from(body, "base64").subarray(36).toString("hex")],
    ];
  }
  const percent = encodeURIComponent(secret);
  return [
    ["plain", secret],
    ["JSON", inJson(secret), inJson],
    ["JSON in JSON", inJsonTwice(secret), inJsonTwice],
    ["address", percent],
    ["address, small", percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())],
    ["form", new URLSearchParams({ "": secret }).toString().slice(1)],
    ["page", onPage(secret), onPage],
    ...coded(Buffer.from(secret)),
  ];
}

function coded(bytes: Buffer): readonly (readonly [name: string, text: string])[] {
  const forms: (readonly [string, string])[] = [
    ["hex", bytes.toString("hex")],
    ["HEX", bytes.toString("hex").toUpperCase()],
    ["UTF-16", bytes.toString("utf8").split("").join("\0")],
  ];
  for (const before of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const inner = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    forms.push([`base64 +${before}`, inner], [`base64url +${before}`, inner.replaceAll("+", "-").replaceAll("/", "_")]);
  }
  return forms;
}
