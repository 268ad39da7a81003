// Records as the simulated books keep them: amounts as text with their own digits, days as "2026-08-20".
import { Big } from "big.js";
import { refuse } from "./refusal.ts";

export type Body = Readonly<Record<string, unknown>>;

export const isBody = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The text under this name, if there is one that is not empty. */
export function textOf(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** As a client gives it: its text, also when it is empty, to clear what was there. */
export function givenText(body: Body, name: string, charactersMax: number): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") return refuse(`${name} must be text`);
  if (value.length > charactersMax) refuse(`${name} is too long: at most ${charactersMax} characters are allowed`);
  return value;
}

export function amountOf(body: Body, name: string): Big | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string" && typeof value !== "number") return refuse(`${name} must be a number`);
  try {
    return new Big(value);
  } catch {
    return refuse(`${name} must be a number`);
  }
}

export const ZERO = new Big(0);

/** Half a cent is rounded away from zero. */
export function rounded(value: Big, digits: number): Big {
  return value.round(digits, Big.roundHalfUp);
}

/** A day in any of the forms that Xero takes. */
export function dayOf(body: Body, name: string): string | undefined {
  const text = textOf(body, name);
  if (text === undefined) return undefined;
  const milliseconds = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/.exec(text)?.[1];
  const at = milliseconds === undefined ? Date.parse(`${text.slice(0, 10)}T00:00:00Z`) : Number(milliseconds);
  if (Number.isNaN(at)) return refuse(`${name} is not a valid date`);
  return new Date(at).toISOString().slice(0, 10);
}

export function listOf(body: Body, name: string): readonly Body[] | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.filter(isBody) : refuse(`${name} must be a list`);
}

/** Only what is there. */
export function present(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
