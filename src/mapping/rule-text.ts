// A rule in a few words, for the web page, the documents and the reason of a parked record.
import { type Answer, linkedSync, type RuleNode, type TableNode } from "./rule-node.ts";
import { shown } from "./shown.ts";

const ENTRIES_SHOWN_MAX = 12;

export function ruleText(node: RuleNode): string {
  switch (node.kind) {
    case "constant":
      return `always ${shown(node.value)}`;
    case "field":
      return converterText(node.convert);
    case "table":
      return tableText(node);
    case "link":
      return `the record that ${linkedSyncText(node)} linked it to`;
    case "each":
      return "one for each";
    case "one":
      return node.read === undefined ? "one" : "one, where there is a value";
    case "when":
      return "only under a condition";
    case "concat":
      return "one list after the other";
    case "object":
      return "an object";
  }
}

/** What happens without a value or without a match; "never missing" where there always is one. */
export function ifMissingText(node: RuleNode): string {
  if (node.kind === "one" && node.read !== undefined) return "none";
  if (node.kind !== "field" && node.kind !== "table" && node.kind !== "link") return "never missing";
  const missing = node.ifMissing === undefined ? [] : [answerText(node.ifMissing)];
  const unmatched =
    node.kind === "table" && node.otherwise !== undefined ? [`no entry: ${answerText(node.otherwise)}`] : [];
  const texts = [...missing, ...unmatched];
  return texts.length === 0 ? "never missing" : texts.join("; ");
}

function converterText(convert: (((value: unknown) => unknown) & { readonly rule?: string }) | undefined): string {
  if (convert === undefined) return "as it is";
  return (
    convert.rule ?? (convert.name === "" || convert.name === "convert" ? "computed" : `computed by ${convert.name}`)
  );
}

function tableText({ entries }: TableNode): string {
  const texts = [...entries].slice(0, ENTRIES_SHOWN_MAX).map(([from, to]) => `${from} → ${plain(to)}`);
  const rest = entries.size - texts.length;
  return `${texts.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : shown(value);
}

/** Syncs that need each other are named by functions, which may still throw while the project loads. */
function linkedSyncText(node: RuleNode & { readonly kind: "link" }): string {
  try {
    return linkedSync(node);
  } catch {
    return "another sync";
  }
}

function answerText(answer: Answer): string {
  if (answer.kind === "omit") return "left out";
  if (answer.kind === "use") return `${plain(answer.value)} is used`;
  return answer.reason === undefined ? "parked" : `parked: ${answer.reason}`;
}
