// What a call of the API or a form of the page sends: read up to a limit, whether or not its length was told before.
import { Refusal } from "./api-failure.ts";
import type { ApiContext } from "./api.ts";
import { jsonFault } from "./json-check.ts";

export async function sentJson(context: ApiContext): Promise<object> {
  const type = context.req.header("content-type") ?? "";
  if (!/^application\/json\b/i.test(type)) {
    throw new Refusal(415, "not-json", `could not take the body: wanted application/json, got "${type}"`);
  }
  const bytes = await sentBytes(context);
  const fault = jsonFault(bytes);
  const body: unknown = fault === undefined ? JSON.parse(bytes.toString()) : undefined;
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  throw new Refusal(400, "bad-input", `could not take the body: ${fault ?? "an object is wanted"}`);
}

export async function sentForm(context: ApiContext): Promise<Readonly<Record<string, string>>> {
  const type = context.req.header("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    const wanted = "application/x-www-form-urlencoded";
    throw new Refusal(415, "not-a-form", `could not take the body: wanted ${wanted}, got "${type}"`);
  }
  return Object.fromEntries(new URLSearchParams((await sentBytes(context)).toString()));
}

async function sentBytes(context: ApiContext): Promise<Buffer> {
  const bytesMax = context.get("bodyBytesMax");
  if (Number(context.req.header("content-length") ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Cancelled, it would take the connection with it, and nobody would hear why.
  for await (const chunk of context.req.raw.body?.values({ preventCancel: true }) ?? []) {
    length += chunk.length;
    if (length > bytesMax) throw tooLarge(bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(bytesMax: number): Refusal {
  return new Refusal(413, "too-large", `could not take the body: wanted at most ${bytesMax} bytes`);
}
