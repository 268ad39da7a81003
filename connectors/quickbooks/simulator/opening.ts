// What every new company has before anybody writes to it: a few accounts and terms for others to refer to.
import type { Body } from "./kinds.ts";

export function openingAccounts(): readonly Body[] {
  return [
    account("1", "Services", "Income"),
    account("79", "Sales of Product Income", "Income"),
    account("80", "Cost of Goods Sold", "Cost of Goods Sold"),
    account("81", "Inventory Asset", "Other Current Asset"),
    account("35", "Checking", "Bank"),
    account("4", "Undeposited Funds", "Other Current Asset"),
    account("82", "Sales Tax Collected", "Other Current Liability"),
    account("84", "Accounts Receivable (A/R)", "Accounts Receivable"),
  ];
}

export function openingTerms(): readonly Body[] {
  return [
    { Id: "1", Name: "Due on receipt", DueDays: 0, Active: true, Type: "STANDARD" },
    { Id: "3", Name: "Net 30", DueDays: 30, Active: true, Type: "STANDARD" },
  ];
}

function account(id: string, name: string, type: string): Body {
  return { Id: id, Name: name, FullyQualifiedName: name, AccountType: type, Active: true };
}
