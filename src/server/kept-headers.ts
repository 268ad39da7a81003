// Which headers of a webhook are kept with it: those that say what it is about, never those that could open anything.

const KEPT_NAMES = new Set(["content-type", "user-agent"]);
const KEPT_PREFIXES = ["x-", "shopify-", "intuit-", "stripe-", "webhook-", "ce-"];
/** Providers that send their secret itself, or proxies that pass one on, name it like this. */
const SECRET_NAME = /auth|cookie|token|secret|password|api-?key|credential/;

export function keptHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const name in headers) if (isKept(name)) kept[name] = headers[name] as string;
  return kept;
}

/** What the kept headers weigh, in bytes: names and values. Node reads header bytes one to a character. */
export function headerBytes(headers: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const name in headers) bytes += name.length + (headers[name] as string).length;
  return bytes;
}

function isKept(name: string): boolean {
  if (!KEPT_NAMES.has(name) && !KEPT_PREFIXES.some((prefix) => name.startsWith(prefix))) return false;
  return !SECRET_NAME.test(name);
}
