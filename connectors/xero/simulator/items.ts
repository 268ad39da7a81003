// What makes an item valid. One whose stock is tracked needs the accounts for it.
import { amountOf, givenText, isBody, present, rounded, textOf, type Body } from "./body.ts";
import type { Organisation } from "./organisation.ts";
import { refuse } from "./refusal.ts";

export function settleItem(
  organisation: Organisation,
  id: string,
  given: Body,
  before: Body | undefined,
  priceDigits: number,
): Body {
  const code = givenText(given, "Code", 30)?.trim() ?? textOf(before ?? {}, "Code") ?? "";
  if (code === "") refuse("Price List Item Code must be supplied");
  const holder = organisation.holder("Items", "Code", code);
  if (holder !== undefined && holder !== id) refuse(`Price List Item with Code '${code}' already exists`);
  const InventoryAssetAccountCode =
    givenText(given, "InventoryAssetAccountCode", 10) ?? before?.["InventoryAssetAccountCode"];
  const PurchaseDetails = detailsOf(organisation, given, before, "PurchaseDetails", priceDigits);
  const isTracked = InventoryAssetAccountCode !== undefined && textOf(PurchaseDetails, "COGSAccountCode") !== undefined;
  return present({
    IsSold: true,
    IsPurchased: true,
    ...before,
    Code: code,
    Name: givenText(given, "Name", 50) ?? before?.["Name"] ?? code,
    Description: givenText(given, "Description", 4_000) ?? before?.["Description"],
    PurchaseDescription: givenText(given, "PurchaseDescription", 4_000) ?? before?.["PurchaseDescription"],
    ...(typeof given["IsSold"] === "boolean" ? { IsSold: given["IsSold"] } : {}),
    ...(typeof given["IsPurchased"] === "boolean" ? { IsPurchased: given["IsPurchased"] } : {}),
    InventoryAssetAccountCode,
    SalesDetails: detailsOf(organisation, given, before, "SalesDetails", priceDigits),
    PurchaseDetails,
    IsTrackedAsInventory: isTracked,
    ...(isTracked
      ? { QuantityOnHand: before?.["QuantityOnHand"] ?? "0", TotalCostPool: before?.["TotalCostPool"] ?? "0" }
      : {}),
  });
}

function detailsOf(
  organisation: Organisation,
  given: Body,
  before: Body | undefined,
  field: "SalesDetails" | "PurchaseDetails",
  priceDigits: number,
): Body {
  const named = given[field];
  if (!isBody(named)) return (before?.[field] as Body | undefined) ?? {};
  const price = amountOf(named, "UnitPrice");
  for (const name of ["AccountCode", "COGSAccountCode"]) {
    const code = textOf(named, name);
    if (code !== undefined && organisation.account(code) === undefined)
      refuse(`Account code '${code}' is not a valid code`);
  }
  return present({
    UnitPrice: price === undefined ? undefined : rounded(price, priceDigits).toString(),
    AccountCode: textOf(named, "AccountCode"),
    TaxType: textOf(named, "TaxType"),
    COGSAccountCode: textOf(named, "COGSAccountCode"),
  });
}
