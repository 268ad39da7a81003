// The intent of a write: what is made durable before anything is sent (pure).
import type { Random } from "../world/world.ts";
import type { Claim, PendingWrite } from "../store/store.ts";
import type { Decision } from "./decide.ts";

/** Undefined where the decision needs no write. */
export function intentOf(claim: Claim, decision: Decision, now: number, random: Random): PendingWrite | undefined {
  if (decision.do !== "create" && decision.do !== "update" && decision.do !== "remove") return undefined;
  const record = claim.record;
  return {
    id: newId(random),
    action: decision.do,
    armedAt: now,
    sends: 1,
    recordHash: record?.hash ?? "",
    seq: claim.seq,
    ...(record?.version === undefined ? {} : { recordVersion: record.version }),
    ...(decision.do === "create" ? {} : { targetKey: decision.targetKey }),
    ...(decision.do === "remove" ? { way: decision.way } : { fields: JSON.stringify(decision.fields) }),
    ...(decision.do === "update" ? { changed: decision.changed } : {}),
  };
}

/** An idempotency key: 22 characters that every provider takes. */
export function newId(random: Random): string {
  return Buffer.from(random.bytes(16)).toString("base64url");
}
