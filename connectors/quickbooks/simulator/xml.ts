// The same answers as XML, for clients that did not ask for JSON: QuickBooks' default.
import { decimal, decimalText } from "./decimal.ts";
import { isBody } from "./fields.ts";
import type { Body } from "./kinds.ts";

const NAMESPACE = "http://schema.intuit.com/finance/v3";

export function xmlAnswer(answer: Body): string {
  const { time, ...rest } = answer;
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><IntuitResponse xmlns="${NAMESPACE}" time="${escape(
    String(time),
  )}">${children(rest)}</IntuitResponse>`;
}

/** The gateway answers so when token and company do not belong together, whatever the client accepts. */
export function xmlFault(type: string, code: string, message: string, time: string): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><IntuitResponse time="${time}" xmlns="${NAMESPACE}"><Fault type="${type}"><Error code="${code}"><Message>${escape(
    message,
  )}</Message><Detail>AuthenticationFailed</Detail></Error></Fault></IntuitResponse>`;
}

function children(body: Body): string {
  return Object.entries(body)
    .map(([name, value]) => element(name, value))
    .join("");
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map((one) => element(name, one)).join("");
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return `<${name}>${escape(String(value))}</${name}>`;
  }
  if (!isBody(value)) return "";
  if ("value" in value)
    return `<${name}${attributes({ name: value["name"] })}>${escape(String(value["value"]))}</${name}>`;
  const { domain, sparse, status, ...rest } = value;
  return `<${name}${attributes({ domain, sparse, status })}>${children(rest)}</${name}>`;
}

function attributes(values: Body): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escape(String(value))}"`)
    .join("");
}

function escape(text: string): string {
  const number = /^-?\d+\.\d+$/.test(text) ? decimal(text) : undefined;
  if (number !== undefined) return decimalText(number);
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
