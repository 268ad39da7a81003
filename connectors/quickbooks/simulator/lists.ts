// The rules of customers and items: names are unique, and what is switched off gives its name free.
import type { Company } from "./company.ts";
import { decimalText, ZERO } from "./decimal.ts";
import { isTrue, lengthAtMost, missing, numberOf, partOf, textOf } from "./fields.ts";
import { refuse } from "./faults.ts";
import { KINDS, type Body, type Kind } from "./kinds.ts";
import { addresses, reference } from "./references.ts";

const ITEM_TYPES = ["Inventory", "Service", "NonInventory", "Group", "Category"];

export function settleCustomer(company: Company, fields: Body, before: Body | undefined): Body {
  const parts = ["Title", "GivenName", "MiddleName", "FamilyName", "Suffix"].map((part) => textOf(fields, part));
  const wanted = textOf(fields, "DisplayName") ?? parts.filter((part) => part !== undefined).join(" ");
  if (wanted === "") missing("DisplayName");
  lengthAtMost(fields, "DisplayName", 500);
  const active = fields["Active"] !== false;
  const name = nameFor(company, "Customer", wanted, active, before);
  return {
    Taxable: false,
    Job: false,
    BillWithParent: false,
    PreferredDeliveryMethod: "None",
    CurrencyRef: { value: "USD", name: "United States Dollar" },
    PrintOnCheckName: name,
    Balance: before?.["Balance"] ?? "0.00",
    BalanceWithJobs: before?.["BalanceWithJobs"] ?? "0.00",
    ...trimmed(fields),
    ...addresses(company, fields),
    DisplayName: name,
    FullyQualifiedName: name,
    Active: active,
  };
}

export function settleItem(company: Company, fields: Body, before: Body | undefined): Body {
  const wanted = textOf(fields, "Name") ?? missing("Name");
  lengthAtMost(fields, "Name", 100);
  const type = textOf(fields, "Type") ?? "Service";
  if (!ITEM_TYPES.includes(type)) refuse("2170", `Invalid Enumeration : Type ${type}`, "Type");
  const active = fields["Active"] !== false;
  const name = nameFor(company, "Item", wanted, active, before);
  const item: Body = {
    Taxable: false,
    TrackQtyOnHand: type === "Inventory",
    ...trimmed(fields),
    Name: name,
    FullyQualifiedName: name,
    Active: active,
    Type: type,
    UnitPrice: decimalText(numberOf(fields, "UnitPrice") ?? ZERO),
    PurchaseCost: decimalText(numberOf(fields, "PurchaseCost") ?? ZERO),
  };
  for (const field of ["IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef"]) {
    const account = reference(company, fields, field, "Account", before);
    if (account !== undefined) item[field] = account;
  }
  return withStock(item, type, fields, before);
}

/** An inventory item's stock is set once; later only sales and adjustments move it. */
function withStock(item: Body, type: string, fields: Body, before: Body | undefined): Body {
  if ((type === "Service" || type === "NonInventory") && !item["IncomeAccountRef"] && !item["ExpenseAccountRef"]) {
    missing("IncomeAccountRef");
  }
  if (type !== "Inventory") return item;
  for (const field of ["IncomeAccountRef", "AssetAccountRef", "ExpenseAccountRef"]) if (!item[field]) missing(field);
  if (before !== undefined) return { ...item, QtyOnHand: before["QtyOnHand"], InvStartDate: before["InvStartDate"] };
  const stock = numberOf(fields, "QtyOnHand") ?? missing("QtyOnHand");
  if (textOf(fields, "InvStartDate") === undefined) missing("InvStartDate");
  if (!isTrue(fields, "TrackQtyOnHand")) missing("TrackQtyOnHand");
  return { ...item, QtyOnHand: decimalText(stock) };
}

function nameFor(company: Company, kind: Kind, wanted: string, active: boolean, before: Body | undefined): string {
  if (/[:\t\n]/.test(wanted)) refuse("6000", `${wanted}: the name must not contain a colon, a tab or a new line`);
  const nameField = KINDS[kind].name ?? "Name";
  const id = before === undefined ? undefined : String(before["Id"]);
  if (active) {
    const owner = company.idByName(kind, wanted);
    if (owner === undefined || owner === id) return wanted;
    return refuse(
      "6240",
      `The name supplied already exists. : ${nameField} ${wanted} is in use by Id=${owner}`,
      nameField,
    );
  }
  if (before?.["Active"] === false) return String(before[nameField]);
  let name = `${wanted} (deleted)`;
  for (let count = 2; company.idByName(kind, name) !== undefined; count += 1) name = `${wanted} (deleted) ${count}`;
  return name;
}

/** Text is kept without the blanks around it; empty text and parts are not kept at all. */
function trimmed(fields: Body): Body {
  const kept: Body = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") {
      const text = textOf(fields, name);
      if (text !== undefined) kept[name] = text;
      continue;
    }
    const part = partOf(fields, name);
    if (part === undefined ? value !== null : Object.keys(part).some((field) => textOf(part, field) !== undefined)) {
      kept[name] = value;
    }
  }
  delete kept["BillAddr"];
  delete kept["ShipAddr"];
  return kept;
}
