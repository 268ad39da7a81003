// Makes an answer of what came over the wire: JSON where it is JSON, text only when somebody asks for it.
import { isUtf8 } from "node:buffer";
import type { WireResponse } from "../world/world.ts";
import { JsonRefused, parseJsonStrict } from "./json.ts";
import type { JudgedAnswer } from "./outcome.ts";

/** How deep an answer's JSON may be. */
const ANSWER_DEPTH_MAX = 64;

export function answerOf(response: WireResponse): JudgedAnswer {
  return new WireAnswer(response);
}

class WireAnswer implements JudgedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
  readonly unreadable?: string;
  readonly #body: Uint8Array;
  #text: string | undefined;

  constructor({ status, headers, body }: WireResponse) {
    this.status = status;
    this.headers = headers;
    this.#body = body;
    const type = headers["content-type"] ?? "";
    const saysJson = /\bjson\b/i.test(type);
    if (body.length === 0) {
      // An empty answer that says it is JSON, such as to a removal, is an empty answer.
      this.json = undefined;
    } else if (saysJson || looksLikeJson(body)) {
      const text = decoded(body, type);
      this.#text = text;
      const parsed = text === undefined ? NOT_ITS_CHARSET : parse(body, text);
      this.json = parsed.json;
      if (parsed.refused !== undefined && saysJson) this.unreadable = parsed.refused;
    } else {
      this.json = undefined;
      if (HTML.test(type) || (type === "" && body[0] === LESS_THAN)) {
        this.unreadable = "wanted JSON, got a web page: something between us and the provider answered";
      }
    }
  }

  get text(): string {
    const text = this.#text ?? decoded(this.#body, this.headers["content-type"] ?? "") ?? utf8(this.#body);
    this.#text = text;
    return text;
  }

  get bytes(): Uint8Array {
    return this.#body;
  }
}

const NOT_ITS_CHARSET = {
  json: undefined,
  refused: "wanted JSON in UTF-8 or the charset it names, got bytes that are not",
};

/** The text in UTF-8, or in the charset that the answer names; undefined: the bytes are neither. */
function decoded(body: Uint8Array, type: string): string | undefined {
  const charset = /;\s*charset="?([\w.:-]+)/i.exec(type)?.[1]?.toLowerCase() ?? "utf-8";
  if (charset === "utf-8" || charset === "utf8") return isUtf8(body) ? utf8(body) : undefined;
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch {
    // Some name a charset that nobody knows, and write UTF-8.
    return isUtf8(body) ? utf8(body) : undefined;
  }
}

function utf8(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
}

const HTML = /\bhtml\b/i;
const LESS_THAN = 60;

function looksLikeJson(body: Uint8Array): boolean {
  return body[0] === 123 || body[0] === 91;
}

function parse(body: Uint8Array, text: string): { readonly json: unknown; readonly refused?: string } {
  try {
    const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    const strictKeys = namesProto(clean);
    return { json: parseJsonStrict(clean, { depthMax: ANSWER_DEPTH_MAX, bytesMax: body.length, strictKeys }) };
  } catch (error) {
    if (error instanceof JsonRefused) return { json: undefined, refused: error.message };
    throw error;
  }
}

/** Up to six characters are searched for at the speed of memory, longer texts at a tenth of it. */
function namesProto(text: string): boolean {
  return text.includes("__prot") && text.includes("__proto__");
}
