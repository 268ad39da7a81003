// What a request's body is on the wire, and what of it is logged.
import type { ApiRequest } from "../define/connector.ts";
import { isKind, kindOfBody, type MultipartBody, type Part } from "../define/body.ts";
import type { WireRequest } from "../world/world.ts";

export interface EncodedBody {
  readonly wire?: NonNullable<WireRequest["body"]>;
  /** The content type, where the request names none. */
  readonly type?: string;
  /** The body as people read it: text as it is, of other things what they are. */
  readonly logged?: string;
  /** What is logged is not what was sent, so that nobody can send it again from the log. */
  readonly described?: true;
}

const NOTHING: EncodedBody = {};
export const JSON_TYPE = "application/json";

export function encodeBody(body: ApiRequest["body"]): EncodedBody {
  if (body === undefined) return NOTHING;
  if (typeof body === "string") return { wire: body, logged: body };
  if (body instanceof Uint8Array) return ofBytes(body, "application/octet-stream");
  const made = kindOfBody(body);
  if (made === undefined) {
    const text = JSON.stringify(body);
    return { wire: text, type: JSON_TYPE, logged: text };
  }
  if (isKind(made, "form")) {
    return { wire: made.text, type: "application/x-www-form-urlencoded", logged: made.text };
  }
  if (isKind(made, "bytes")) return ofBytes(made.content, made.type);
  if (isKind(made, "multipart")) {
    return { wire: made.content, type: made.type, logged: partsLogged(made), described: true };
  }
  const { type, lengthBytes, chunks } = made;
  const logged = `(a stream of ${lengthBytes} bytes of ${type})`;
  return { wire: { lengthBytes, chunks }, type, logged, described: true };
}

/** Is it read while it is sent, and gone then? */
export function isReadOnce(body: ApiRequest["body"]): boolean {
  if (typeof body !== "object" || body instanceof Uint8Array) return false;
  const made = kindOfBody(body);
  return made !== undefined && isKind(made, "stream");
}

function ofBytes(content: Uint8Array, type: string): EncodedBody {
  return { wire: content, type, logged: `(${content.length} bytes of ${type})`, described: true };
}

/** As a form, so that fields named like secrets are found by whoever cleans it. */
function partsLogged({ parts }: MultipartBody): string {
  return parts.map((part) => `${encodeURIComponent(part.name)}=${encodeURIComponent(valueOf(part))}`).join("&");
}

function valueOf(part: Part): string {
  return "content" in part ? `(${part.filename}, ${part.content.length} bytes of ${part.type})` : part.value;
}
