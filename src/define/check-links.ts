// Links between syncs: each has to lead to a sync of the project, into the same target system, and no circle of them may
// wait for itself for ever.
import { linkedSync, type LinkNode, type RuleNode } from "../mapping/rule-node.ts";
import type { Project } from "./config.ts";
import { type Findings, suggestion } from "./fault.ts";
import type { Sync } from "./sync.ts";
import { thrownText } from "./thrown-text.ts";

interface FoundLink {
  readonly field: string;
  readonly node: LinkNode;
  /** Every record needs it: its key has no answer but parking, and no list or condition is around it. */
  readonly always: boolean;
}

export function checkLinks({ syncs }: Project, findings: Findings): void {
  const needs = new Map<string, Set<string>>();
  for (const sync of syncs) {
    const always = new Set<string>();
    needs.set(sync.name, always);
    for (const link of linksOf(sync)) {
      const other = checkLink(sync, link, syncs, findings);
      if (other !== undefined && link.always) always.add(other.name);
    }
  }
  for (const circle of circles(needs)) {
    findings.errors.push({
      place: `sync ${circle[0]} › map`,
      message: `${[...circle, circle[0]].join(" → ")}: each of their records waits for the other's link, for ever: let one of the keys be absent, with .or(…) or .orOmit()`,
    });
  }
}

function checkLink(
  sync: Sync,
  { field, node }: FoundLink,
  syncs: readonly Sync[],
  findings: Findings,
): Sync | undefined {
  const place = `sync ${sync.name} › map › ${field}`;
  let name: string;
  try {
    name = linkedSync(node);
  } catch (error) {
    const reason = thrownText(error);
    findings.errors.push({ place, message: `cannot tell which sync it links through: ${reason}` });
    return undefined;
  }
  const other = syncs.find((candidate) => candidate.name === name);
  if (other === undefined) {
    const names = syncs.map((candidate) => candidate.name);
    findings.errors.push({
      place,
      message: `it links through ${JSON.stringify(name)}, which is not among the project's syncs: add it there.${suggestion(name, names)}`,
    });
  } else if (other.to?.connectionName !== sync.to?.connectionName) {
    findings.warnings.push({
      place,
      message: `it gives keys of ${other.to?.id}, but this sync writes to ${sync.to?.id}: is that the right sync?`,
    });
  }
  return other;
}

function linksOf({ mapping }: Sync): readonly FoundLink[] {
  return Object.entries(mapping.rules ?? {}).flatMap(([field, node]) => linksIn(node, field, true));
}

function linksIn(node: RuleNode, field: string, always: boolean): readonly FoundLink[] {
  switch (node.kind) {
    case "link":
      return [{ field, node, always: always && (node.ifMissing === undefined || node.ifMissing.kind === "park") }];
    case "object":
      return Object.entries(node.rules).flatMap(([name, inner]) => linksIn(inner, `${field}.${name}`, always));
    case "each":
    case "one": {
      const isSure = node.kind === "one" && node.read === undefined;
      return Object.entries(node.rules).flatMap(([name, inner]) =>
        linksIn(inner, `${field}[].${name}`, always && isSure),
      );
    }
    case "when":
      return linksIn(node.list, field, false);
    case "concat":
      return node.lists.flatMap((list) => linksIn(list, field, always));
    default:
      return [];
  }
}

/** Each circle once, from the member that comes first. */
function circles(needs: ReadonlyMap<string, ReadonlySet<string>>): readonly (readonly string[])[] {
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): void => {
    const at = path.indexOf(name);
    if (at >= 0) found.push(path.slice(at));
    if (at >= 0 || done.has(name)) return;
    for (const other of needs.get(name) ?? []) walk(other, [...path, name]);
    done.add(name);
  };
  for (const name of needs.keys()) walk(name, []);
  return found;
}
