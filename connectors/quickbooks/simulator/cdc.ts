// Change data capture: what changed and what was deleted since a time, at most 1,000 objects and no second page.
import type { Company } from "./company.ts";
import { refuse } from "./faults.ts";
import { kindOfName, type Body, type Kind } from "./kinds.ts";

const LOOK_BACK_MS = 30 * 24 * 60 * 60_000;
const OBJECTS_MAX = 1_000;

interface Changed {
  readonly kind: Kind;
  readonly at: number;
  readonly body: Body;
}

export interface CdcRequest {
  /** Names, separated by commas. */
  readonly entities: string;
  readonly changedSince: string;
  readonly keeps: "oldest" | "newest";
  readonly now: number;
}

export function changeDataCapture(company: Company, request: CdcRequest): Body {
  const names = request.entities.split(",").map((name) => name.trim());
  const kinds = names.map((name) => kindOfName(name) ?? refuse("2170", `${name} is not an entity of CDC`, "entities"));
  const since = Math.floor(Date.parse(request.changedSince) / 1000) * 1000;
  if (Number.isNaN(since)) refuse("2010", `changedSince ${request.changedSince} is not a date-time`, "changedSince");
  if (since < request.now - LOOK_BACK_MS) refuse("6000", "changedSince is more than 30 days ago", "changedSince");
  const changed = kinds
    .flatMap((kind) => changedOf(company, kind, since))
    .toSorted((left, right) => left.at - right.at);
  const kept = request.keeps === "oldest" ? changed.slice(0, OBJECTS_MAX) : changed.slice(-OBJECTS_MAX);
  const answers = kinds.map((kind): Body => {
    const bodies = kept.filter((one) => one.kind === kind).map((one) => one.body);
    return bodies.length === 0 ? {} : { [kind]: bodies, startPosition: 1, maxResults: bodies.length };
  });
  return { CDCResponse: [{ QueryResponse: answers }] };
}

function changedOf(company: Company, kind: Kind, since: number): readonly Changed[] {
  const changed: Changed[] = [];
  for (const [id, body] of company.bodies[kind]) {
    const at = company.updatedAt(kind, id);
    if (at >= since) changed.push({ kind, at, body });
  }
  for (const deletion of company.deletions) {
    if (deletion.kind !== kind || deletion.at < since) continue;
    const MetaData = { LastUpdatedTime: company.time(deletion.at) };
    changed.push({ kind, at: deletion.at, body: { domain: "QBO", status: "Deleted", Id: deletion.id, MetaData } });
  }
  return changed;
}
