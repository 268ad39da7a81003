// Schemas are Standard Schema at the border: zod in our own connectors, anything that speaks it in other people's.
import type { StandardSchemaV1 } from "@standard-schema/spec";

export type Schema<Output = unknown> = StandardSchemaV1<unknown, Output>;

/** The members that lead to where an issue is, from the outermost. */
export function issuePath({ path = [] }: StandardSchemaV1.Issue): readonly PropertyKey[] {
  return path.map((part) => (typeof part === "object" ? part.key : part));
}

/** An issue in words, with its place: "Line.0.Amount: expected text". */
export function issueText(issue: StandardSchemaV1.Issue): string {
  const place = issuePath(issue).map(String).join(".");
  return place === "" ? issue.message : `${place}: ${issue.message}`;
}
