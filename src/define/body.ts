// Bodies of requests other than JSON and text: forms, several parts, bytes, and what is read while it is sent.
import { createHash } from "node:crypto";

/** Marks a body made here, so that no object that is meant as JSON is taken for one. */
const MADE = Symbol("request body");

interface Made<Kind extends string> {
  readonly [MADE]: Kind;
}

export interface FormBody extends Made<"form"> {
  readonly text: string;
}

export interface MultipartBody extends Made<"multipart"> {
  readonly type: string;
  readonly content: Uint8Array;
  /** What is logged of it: its fields, and of its files name, type and size. */
  readonly parts: readonly Part[];
}

export interface BytesBody extends Made<"bytes"> {
  readonly type: string;
  readonly content: Uint8Array;
}

export interface StreamBody extends Made<"stream"> {
  readonly type: string;
  readonly lengthBytes: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

export type RequestBody = FormBody | MultipartBody | BytesBody | StreamBody;

/** A field of a form. Objects and lists are written as `items[0][price]`; undefined is left out. */
export type FormValue =
  | string
  | number
  | boolean
  | undefined
  | readonly FormValue[]
  | { readonly [name: string]: FormValue };

/** `application/x-www-form-urlencoded`: `form({ limit: 3, metadata: { order: "12" } })` is `limit=3&metadata[order]=12`, encoded. */
export function form(fields: Readonly<Record<string, FormValue>>): FormBody {
  const query = new URLSearchParams();
  for (const name in fields) append(query, name, fields[name]);
  return { [MADE]: "form", text: query.toString() };
}

function append(query: URLSearchParams, name: string, value: FormValue): void {
  if (value === undefined) return;
  if (typeof value !== "object") query.append(name, String(value));
  else if (Array.isArray(value)) value.forEach((item, index) => append(query, `${name}[${index}]`, item as FormValue));
  else for (const [inner, item] of Object.entries(value)) append(query, `${name}[${inner}]`, item as FormValue);
}

/** A part of a multipart body: a field, or a file. */
export type Part =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly filename: string; readonly type: string; readonly content: Uint8Array };

/** `multipart/form-data`. */
export function multipart(parts: readonly Part[]): MultipartBody {
  const boundary = boundaryFor(parts);
  const chunks: Uint8Array[] = [];
  for (const part of parts) {
    const file =
      "content" in part ? `; filename="${quoted(part.filename)}"\r\ncontent-type: ${mediaType(part.type)}` : "";
    chunks.push(
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${quoted(part.name)}"${file}\r\n\r\n`),
    );
    chunks.push("content" in part ? part.content : Buffer.from(part.value), LINE_END);
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    [MADE]: "multipart",
    type: `multipart/form-data; boundary=${boundary}`,
    content: Buffer.concat(chunks),
    parts,
  };
}

const LINE_END = Buffer.from("\r\n");

/** Made of the content itself: the same parts give the same bytes, and nobody who wrote the content can have foreseen it. */
function boundaryFor(parts: readonly Part[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part.name).update("content" in part ? part.content : part.value);
  return `bowline-${hash.digest("hex").slice(0, 40)}`;
}

/** As forms of browsers do: what would end the name or the line is percent-encoded. */
function quoted(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** Bytes as they are, such as a file. */
export function bytes(content: Uint8Array, type = "application/octet-stream"): BytesBody {
  return { [MADE]: "bytes", type: mediaType(type), content };
}

/**
 * Bytes that are read while they are sent. Such a call is never repeated by itself: what was read may not be there again.
 * Their number has to be known, since many providers take no body without it.
 */
export function stream(options: {
  readonly type: string;
  readonly lengthBytes: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
}): StreamBody {
  const { type, lengthBytes, chunks } = options;
  if (!Number.isSafeInteger(lengthBytes) || lengthBytes < 0) {
    throw new TypeError(`cannot stream a body: expected its length as a whole number of bytes, got ${lengthBytes}`);
  }
  return { [MADE]: "stream", type: mediaType(type), lengthBytes, chunks };
}

/** What a body made here is; undefined: it is of JSON. */
export function kindOfBody(body: object): RequestBody | undefined {
  return MADE in body ? (body as RequestBody) : undefined;
}

export function isKind<Kind extends RequestBody[typeof MADE]>(
  body: RequestBody,
  kind: Kind,
): body is Extract<RequestBody, Made<Kind>> {
  return body[MADE] === kind;
}

function mediaType(type: string): string {
  if (/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:; ?[\w-]+=[\w."-]+)*$/.test(type)) return type;
  throw new TypeError(`cannot send a body of the type ${JSON.stringify(type)}: expected one such as "application/pdf"`);
}
