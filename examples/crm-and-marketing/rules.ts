// The rules of the example said a second time, for the check: what both systems should come to have, worked out from what people
// did and from nothing else. None of Bowline's code is used.
import { FIELDS, type Field, type SystemName, type Values } from "./values.ts";

type Rule = "crm" | "crm-unless-empty" | "marketing" | "always-marketing" | "opted-out";

/** Who is right when both were edited. */
const RULES: Readonly<Record<Field, Rule>> = {
  email: "crm",
  firstName: "crm-unless-empty",
  lastName: "crm-unless-empty",
  phone: "crm-unless-empty",
  title: "marketing",
  street: "crm",
  city: "crm",
  state: "crm",
  postalCode: "crm",
  country: "crm",
  score: "always-marketing",
  optOut: "opted-out",
};

export interface Lost {
  readonly field: Field;
  /** Whose value gave way. */
  readonly system: SystemName;
  readonly value: string;
}

export interface Agreed {
  readonly values: Values;
  /** What people wrote in one system and the other's value was taken instead. */
  readonly lost: readonly Lost[];
}

/** `before`: what both had when they last agreed; undefined: they never did. */
export function agreedOn(crm: Values, marketing: Values, before: Values | undefined): Agreed {
  const values: Partial<Record<Field, string>> = {};
  const lost: Lost[] = [];
  for (const field of FIELDS) {
    const winner = winnerOf(field, crm[field], marketing[field], before?.[field]);
    values[field] = winner === "crm" ? crm[field] : marketing[field];
    const loser = winner === "crm" ? "marketing" : "crm";
    const gave = loser === "crm" ? crm[field] : marketing[field];
    const wasWritten = before === undefined ? gave !== "" : gave !== before[field];
    if (gave !== values[field] && gave !== "" && wasWritten) lost.push({ field, system: loser, value: gave });
  }
  return { values: values as Values, lost };
}

function winnerOf(field: Field, crm: string, marketing: string, before: string | undefined): SystemName {
  if (crm === marketing) return "crm";
  const rule = RULES[field];
  if (rule === "always-marketing") return "marketing";
  if (before === undefined && (crm === "") !== (marketing === "")) return crm === "" ? "marketing" : "crm";
  if (before !== undefined && crm === before) return "marketing";
  if (before !== undefined && marketing === before) return "crm";
  switch (rule) {
    case "crm":
      return "crm";
    case "marketing":
      return "marketing";
    case "crm-unless-empty":
      return crm === "" ? "marketing" : "crm";
    case "opted-out":
      return crm === "true" ? "crm" : "marketing";
  }
}
