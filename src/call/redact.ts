// Takes secrets out of what is kept for people to read: values we know, in each form they may come in, and values whose
// name says that they are secret. What cannot be told from its name or value is not found; so less is logged, not more.

export interface Redactor {
  /** The text without secrets. */
  text(text: string): string;
  /** The same of values that stand under names, such as headers. */
  values(values: Readonly<Record<string, string>>): Record<string, string>;
  /** The most characters that one of the known values takes in any form; a piece that long must be cut off with care. */
  readonly formCharsMax: number;
}

/** Shorter values would be found everywhere, and are no secrets. */
const SECRET_CHARS_MIN = 4;
/** Pieces of coded text shorter than this are met by chance. */
const CODED_CHARS_MIN = 8;

export const REDACTED = "[secret]";

export interface RedactorOptions {
  /** Names whose values are secret besides those that sound like it: a connector's own words for them. */
  readonly fields?: readonly string[];
}

export function redactor(secrets: readonly string[], { fields = [] }: RedactorOptions = {}): Redactor {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= SECRET_CHARS_MIN).flatMap(formsOf))];
  // A longer form first, so that no rest of it stays behind.
  forms.sort((one, other) => other.length - one.length);
  const names = namesOf(fields);

  function clean(text: string): string {
    let known = text;
    for (const form of forms) if (known.includes(form)) known = known.replaceAll(form, REDACTED);
    return names.atAll.test(known) ? withoutNamed(known, names) : known;
  }

  return {
    formCharsMax: forms[0]?.length ?? 0,
    text: clean,
    values(values) {
      const kept: Record<string, string> = {};
      for (const name in values) {
        const value = values[name]!;
        kept[name] = value !== "" && names.has(name) ? REDACTED : clean(withoutCredential(value));
      }
      return kept;
    },
  };
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret.toWellFormed());
  const form = new URLSearchParams({ "": secret }).toString().slice(1);
  const smallCodes = (text: string): string => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const forms = [secret, json, json.replaceAll("/", "\\/"), encodeURI(secret.toWellFormed())];
  forms.push(percent, smallCodes(percent), form, smallCodes(form));
  const coded = [hex, hex.toUpperCase(), ...base64Forms(bytes)];
  return [...forms, ...coded.filter((form) => form.length >= CODED_CHARS_MIN)];
}

/**
 * Inside a longer text that was coded as a whole, the same bytes look different by where they begin; what is the same in
 * each of the three cases is looked for.
 */
function base64Forms(bytes: Buffer): string[] {
  const whole = bytes.toString("base64");
  const forms = [whole, whole.replace(/=+$/, "")];
  for (const before of [0, 1, 2]) {
    const coded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    forms.push(coded.slice(start, end));
  }
  return forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}

/** Which names hold secrets, and a quick way to find where such a name may be. */
interface SecretNames {
  /** A quick look whether there can be such a name at all: most texts have none. */
  readonly atAll: RegExp;
  /** One of these is in every such name. */
  readonly words: RegExp;
  readonly has: (name: string) => boolean;
}

const NAME_WORDS = "token|secret|passw|pwd|authoriz|key|credential|cookie|signature|hmac|jwt|bearer|session";

const SECRET_NAME =
  /token|secret|passw|pwd|authorization|credential|cookie|signature|hmac|jwt|bearer|session_?id|(?:api|access|private|signing|encryption|client|consumer|subscription)[-_ ]?key|^key$/i;
/** Named like secrets, and none: versions and places in a listing. */
const NO_SECRET_NAME = /^(?:sync|(?:next|previous|start)?_?(?:page|sync|continuation|next))_?token$/i;

/** So many names are remembered: a connection's calls have the same few, again and again. */
const NAMES_MAX = 100;

function namesOf(fields: readonly string[]): SecretNames {
  const own = new Set(fields.map((field) => field.toLowerCase()));
  const known = new Map<string, boolean>();
  const words = [NAME_WORDS, ...fields.map((field) => field.replaceAll(/[^\w]/g, "\\$&"))].join("|");
  return {
    atAll: new RegExp(words, "i"),
    words: new RegExp(words, "gi"),
    has(name) {
      let isSecret = known.get(name);
      if (isSecret === undefined) {
        isSecret = (SECRET_NAME.test(name) && !NO_SECRET_NAME.test(name)) || own.has(name.toLowerCase());
        if (known.size < NAMES_MAX) known.set(name, isSecret);
      }
      return isSecret;
    },
  };
}

function withoutNamed(text: string, names: SecretNames): string {
  return withoutJson(withoutElements(withoutPairs(withoutCredential(text), names), names), names);
}

/** As headers hold it; in other texts "basic" may only be a word. */
function withoutCredential(text: string): string {
  // Most values of headers are one word, and searching for both kinds takes several times as long as finding that out.
  if (!/\s/.test(text)) return text;
  return text.replaceAll(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`);
}

/** `name=value` in queries and forms. */
function withoutPairs(text: string, names: SecretNames): string {
  if (!text.includes("=")) return text;
  return text.replaceAll(/([?&;\s]|^)([\w.%[\]-]+)=([^&;\s"<>]+)/g, (all, before: string, name: string) =>
    names.has(name) ? `${before}${name}=${REDACTED}` : all,
  );
}

/** `<name>value</name>`. */
function withoutElements(text: string, names: SecretNames): string {
  if (!text.includes("<")) return text;
  return text.replaceAll(
    /<(?:[\w-]+:)?([\w-]+)((?:\s[^<>]*)?)>([^<]+)/g,
    (all, name: string, _attributes, value: string) =>
      names.has(name) ? all.slice(0, all.length - value.length) + REDACTED : all,
  );
}

/** `"name": value` of JSON, whole or cut, with whatever the value is; also of JSON that is text in other JSON. */
function withoutJson(text: string, names: SecretNames): string {
  if (!text.includes('"')) return text;
  const { words } = names;
  let clean = "";
  let from = 0;
  words.lastIndex = 0;
  // From word to word, not from name to name: nearly all names hold none of the words.
  for (let word = words.exec(text); word !== null; word = words.exec(text)) {
    const { index } = word;
    if (index < from) continue;
    const end = text.indexOf('"', index);
    const name = text.slice(text.lastIndexOf('"', index) + 1, end);
    const isInner = name.endsWith("\\");
    if (end === -1 || !names.has(isInner ? name.slice(0, -1) : name)) continue;
    COLON.lastIndex = end + 1;
    const valueAt = end + 1 + (COLON.exec(text)?.[0].length ?? 0);
    if (valueAt === end + 1) continue;
    const valueTo = isInner ? innerEnd(text, valueAt) : valueEnd(text, valueAt);
    const value = text.slice(valueAt, valueTo);
    if (value === "null" || value === '""') continue;
    clean += text.slice(from, valueAt) + (isInner ? `\\"${REDACTED}\\"` : `"${REDACTED}"`);
    from = valueTo;
  }
  return clean + text.slice(from);
}

const COLON = /\s*:\s*/y;

/** Of JSON that is text in other JSON: its quotes have a backslash before them. */
function innerEnd(text: string, start: number): number {
  if (!text.startsWith('\\"', start)) return valueEnd(text, start);
  const end = text.indexOf('\\"', start + 2);
  return end === -1 ? text.length : end + 2;
}

/** Where the JSON value that begins here ends; the text's end when it is cut. */
function valueEnd(text: string, start: number): number {
  const first = text.charAt(start);
  if (first === '"') return stringEnd(text, start);
  if (first !== "{" && first !== "[") {
    const end = text.slice(start).search(/[,}\]\s]/);
    return end === -1 ? text.length : start + end;
  }
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') at = stringEnd(text, at) - 1;
    else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "\\") at += 1;
    else if (char === '"') return at + 1;
  }
  return text.length;
}
