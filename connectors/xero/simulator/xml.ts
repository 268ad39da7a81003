// The same answers as XML, for clients that did not ask for JSON: Xero's default.
import { isBody } from "./body.ts";

const SINGULAR: Readonly<Record<string, string>> = {
  Addresses: "Address",
  Phones: "Phone",
  LineItems: "LineItem",
  ValidationErrors: "ValidationError",
};

export function xmlAnswer(answer: unknown): string {
  return `<Response>${isBody(answer) ? children(answer) : ""}</Response>`;
}

function children(body: Readonly<Record<string, unknown>>): string {
  return Object.entries(body)
    .map(([name, value]) => element(name, value))
    .join("");
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) {
    const singular = SINGULAR[name] ?? name.replace(/s$/, "");
    return `<${name}>${value.map((one) => element(singular, one)).join("")}</${name}>`;
  }
  if (isBody(value)) return `<${name}>${children(value)}</${name}>`;
  const text = String(value as string | number | boolean);
  return `<${name}>${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</${name}>`;
}
