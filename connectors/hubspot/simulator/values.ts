// What HubSpot makes of a property's value: refuses it, or brings it into its own form.
import type { PropertyDefinition } from "./kinds.ts";
import type { BadValue } from "./refusal.ts";

type Taken = { readonly value: string | null } | { readonly bad: BadValue };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const EMAIL = /^[^\s@,;]+@[^\s@,;]+\.[a-z]{2,}$/i;

export function takeValue(definition: PropertyDefinition, given: unknown): Taken {
  const { name } = definition;
  if (definition.readOnly) return refuse(name, "READ_ONLY_VALUE", `"${name}" is a read only property`);
  if (given === null || given === "") return { value: null };
  const text = typeof given === "string" ? given : JSON.stringify(given);
  if (name === "email") {
    const address = text.trim().toLowerCase();
    return EMAIL.test(address) ? { value: address } : refuse(name, "INVALID_EMAIL", `Email address ${text} is invalid`);
  }
  if (name === "domain") return { value: text.trim().toLowerCase() };
  return takeTyped(definition, text);
}

function takeTyped({ name, type, options }: PropertyDefinition, text: string): Taken {
  switch (type) {
    case "number":
      return NUMBER.test(text) ? { value: text } : refuse(name, "INVALID_LONG", `${text} was not a valid number`);
    case "bool":
      return /^(true|false)$/.test(text)
        ? { value: text }
        : refuse(name, "INVALID_BOOLEAN", `${text} is not a boolean`);
    case "date":
    case "datetime":
      return takeTime(name, type, text);
    case "enumeration": {
      const unknown =
        options === undefined ? [] : text.split(";").filter((one) => one !== "" && !options.includes(one));
      const allowed = `${text} was not one of the allowed options: [${options?.join(", ") ?? ""}]`;
      return unknown.length === 0 ? { value: text } : refuse(name, "INVALID_OPTION", allowed);
    }
    case "string":
    case "phone_number":
      return { value: text };
  }
}

function takeTime(name: string, type: "date" | "datetime", text: string): Taken {
  const at = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(at)) return refuse(name, "INVALID_DATE", `${text} was not a valid ${type}`);
  const iso = new Date(at).toISOString();
  if (type === "datetime") return { value: iso };
  return iso.endsWith("T00:00:00.000Z")
    ? { value: iso.slice(0, 10) }
    : refuse(name, "INVALID_DATE", `${text} is at ${iso}, not midnight`);
}

function refuse(name: string, error: string, message: string): Taken {
  return { bad: { name, error, message } };
}
