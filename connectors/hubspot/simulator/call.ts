// One call as the services behind the gateway see it, and what they answer.
import { invalid, Refusal, type Json } from "./refusal.ts";

export interface Call {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  /** Absent: an answer without a body. */
  readonly json?: Json;
}

export const ok = (json: Json): Reply => ({ status: 200, json });
export const NOTHING: Reply = { status: 204 };

export function bodyOf(call: Call): Json {
  if (!/\bjson\b/.test(call.contentType)) {
    throw new Refusal(
      415,
      "",
      `Content-Type ${call.contentType === "" ? "(none)" : call.contentType} is not supported`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(call.body);
  } catch {
    throw invalid("Invalid input JSON on line 1, column 1");
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw invalid("Invalid input JSON: no object");
  return json as Json;
}

/** A list that may be given once with commas or several times. */
export function listIn(query: URLSearchParams, name: string): readonly string[] {
  return query.getAll(name).flatMap((text) => text.split(",").filter((one) => one !== ""));
}

export function partOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function partsOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(partOf) : [];
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
