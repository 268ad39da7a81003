// Stripe's published examples of its objects, where they lie beside the project, and how an object of ours differs from one.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const EXAMPLES = join(ROOT, "../shared/specs/stripe/fixtures3.json");

type Example = Readonly<Record<string, unknown>>;

/** By kind of object; undefined where they are not there. */
export function publishedExamples(): Readonly<Record<string, Example>> | undefined {
  if (!existsSync(EXAMPLES)) return undefined;
  return (JSON.parse(readFileSync(EXAMPLES, "utf8")) as { resources: Record<string, Example> }).resources;
}

/** Fields of the examples that the present version of the API does not have any more. */
const FORMER: ReadonlySet<string> = new Set(["invoice.subscription"]);
/** What a value of one kind may be only in some objects, such as the details of the card that paid. */
const OPEN: ReadonlySet<string> = new Set([
  "event.data.object",
  "charge.payment_method_details",
  "charge.source",
  "payment_intent.amount_details",
  "payment_intent.payment_method_options",
  "refund.destination_details",
  "subscription.payment_settings.payment_method_options",
  "invoice.payment_settings.payment_method_options",
]);

/** Places where ours lacks a field or has another type; null stands for any type, on either side. */
export function differences(place: string, ours: unknown, example: unknown): readonly string[] {
  if (ours === null || example === null || FORMER.has(place) || OPEN.has(place)) return [];
  if (ours === undefined) return [`${place} is missing`];
  const [own, theirs] = [typeOf(ours), typeOf(example)];
  if (own !== theirs && !isReference(own, theirs)) return [`${place} is ${own}, and ${theirs} in the example`];
  if (own === "list") return differencesOfParts(place, ours as unknown[], example as unknown[]);
  if (own !== "object" || theirs !== "object") return [];
  return Object.entries(example as Example).flatMap(([name, value]) => {
    if (isMap(name)) return [];
    return differences(`${place}.${name}`, (ours as Example)[name] as unknown, value);
  });
}

function differencesOfParts(place: string, ours: readonly unknown[], example: readonly unknown[]): readonly string[] {
  if (ours.length === 0 || example.length === 0) return [];
  return differences(`${place}[]`, ours[0], example[0]);
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}

/** An id may stand where an example shows the whole object. */
function isReference(own: string, theirs: string): boolean {
  return (own === "string" && theirs === "object") || (own === "object" && theirs === "string");
}

/** Metadata has whatever keys people gave it. */
function isMap(name: string): boolean {
  return name === "metadata";
}
