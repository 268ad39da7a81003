// A reference in a request must lead to an object that is there and in use; on the way back it carries its name.
import type { Company } from "./company.ts";
import { partOf, refOf, textOf } from "./fields.ts";
import { refuse } from "./faults.ts";
import { KINDS, type Body, type Kind } from "./kinds.ts";

/** QuickBooks books shipping through an item that is in no list. */
const SHIPPING_ITEM = "SHIPPING_ITEM_ID";

/** The reference with its name; undefined when the body has none. `unchanged` may be inactive by now. */
export function reference(company: Company, body: Body, field: string, kind: Kind, unchanged?: Body): Body | undefined {
  const value = refOf(body, field);
  if (value === undefined) return undefined;
  if (kind === "Item" && value === SHIPPING_ITEM) return { value };
  const target = company.find(kind, value);
  if (target === undefined) {
    return refuse("2500", `Invalid Reference Id : ${kind} element id ${value} not found`, field);
  }
  const wasThere = unchanged !== undefined && refOf(unchanged, field) === value;
  if (target["Active"] === false && !wasThere) {
    return refuse(
      "610",
      `Object Not Found : Something you're trying to use has been made inactive: ${kind} ${value}`,
      field,
    );
  }
  return { value, name: target[KINDS[kind].name ?? "Name"] };
}

/** Addresses get an id of their own when they are kept. */
export function addresses(company: Company, body: Body): Body {
  const kept: Body = {};
  for (const field of ["BillAddr", "ShipAddr"]) {
    const address = partOf(body, field);
    if (address === undefined) continue;
    const lines = Object.fromEntries(Object.entries(address).filter(([name]) => textOf(address, name) !== undefined));
    if (Object.keys(lines).length > 0) kept[field] = { ...lines, Id: lines["Id"] ?? company.nextId("Term") };
  }
  return kept;
}
