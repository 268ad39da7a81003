// Finds a key that an object has twice while its bytes are read: by comparing hashes in place for the few keys that objects
// usually have, with a set for objects of many keys, so that no content makes it slow.

/** How many keys of one object are compared in place before a set takes over. */
const IN_PLACE_MAX = 64;
/** How much of a key a fault quotes, in bytes. */
const QUOTED_MAX = 100;
const PROTO_LENGTH = '"__proto__"'.length;
const BACKSLASH = 92;
const UNDERSCORE = 95;

export class KeysSeen {
  readonly #hashes: Uint32Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #counts: Uint32Array;
  readonly #sets: (Set<string> | undefined)[];

  constructor(depthMax: number) {
    const places = (depthMax + 1) * IN_PLACE_MAX;
    this.#hashes = new Uint32Array(places);
    this.#starts = new Uint32Array(places);
    this.#ends = new Uint32Array(places);
    this.#counts = new Uint32Array(depthMax + 1);
    this.#sets = Array.from({ length: depthMax + 1 });
  }

  /** An object begins at this depth. */
  begin(depth: number): void {
    this.#counts[depth] = 0;
    this.#sets[depth] = undefined;
  }

  /** Takes the key from `start` to `end`, quotes and all, into the object open at `depth`; says what is wrong with it. */
  add(bytes: Uint8Array, start: number, end: number, depth: number): string | undefined {
    const escaped = hasEscape(bytes, start, end);
    const mayBeProto = escaped || (end - start === PROTO_LENGTH && bytes[start + 1] === UNDERSCORE);
    if (mayBeProto && textOf(bytes, start, end) === "__proto__") return "the key __proto__";
    const isNew = this.#isNew(bytes, start, end, depth, escaped);
    return isNew ? undefined : `the key ${quoted(bytes, start, end)} twice in one object`;
  }

  #isNew(bytes: Uint8Array, start: number, end: number, depth: number, escaped: boolean): boolean {
    const count = this.#counts[depth] as number;
    if (count === IN_PLACE_MAX) return grows(this.#setAt(bytes, depth), textOf(bytes, start, end));
    const first = depth * IN_PLACE_MAX;
    const hash = escaped ? hashOfText(textOf(bytes, start, end)) : hashOf(bytes, start + 1, end - 1);
    for (let place = first; place < first + count; place += 1) {
      if (this.#hashes[place] !== hash) continue;
      const before = textOf(bytes, this.#starts[place] as number, this.#ends[place] as number);
      if (before === textOf(bytes, start, end)) return false;
    }
    this.#hashes[first + count] = hash;
    this.#starts[first + count] = start;
    this.#ends[first + count] = end;
    this.#counts[depth] = count + 1;
    return true;
  }

  /** The set of an object with many keys, made from those compared in place so far. */
  #setAt(bytes: Uint8Array, depth: number): Set<string> {
    const known = this.#sets[depth];
    if (known !== undefined) return known;
    const set = new Set<string>();
    const first = depth * IN_PLACE_MAX;
    for (let place = first; place < first + IN_PLACE_MAX; place += 1) {
      set.add(textOf(bytes, this.#starts[place] as number, this.#ends[place] as number));
    }
    this.#sets[depth] = set;
    return set;
  }
}

function hasEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === BACKSLASH) return true;
  return false;
}

/** FNV-1a, 32 bits: only to tell most keys apart cheaply. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash >>> 0;
}

function hashOfText(text: string): number {
  const bytes = Buffer.from(text);
  return hashOf(bytes, 0, bytes.length);
}

/** The key as a reader of JSON sees it: `"\u0061"` and `"a"` are one. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()) as string;
}

function quoted(bytes: Uint8Array, start: number, end: number): string {
  const shown = Buffer.from(bytes.subarray(start, Math.min(end, start + QUOTED_MAX))).toString();
  return end - start > QUOTED_MAX ? `${shown}…` : shown;
}

function grows(set: Set<string>, text: string): boolean {
  const { size } = set;
  set.add(text);
  return set.size > size;
}
