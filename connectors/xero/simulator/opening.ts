// What is in a new organisation's books: the accounts that documents name, and the rates of tax.
import { Big } from "big.js";
import type { Body } from "./body.ts";

export function openingAccounts(): readonly Body[] {
  const account = (
    Code: string,
    Name: string,
    Type: string,
    TaxType: string,
    EnablePaymentsToAccount = false,
  ): Body => ({
    Code,
    Name,
    Type,
    TaxType,
    Status: "ACTIVE",
    Class: CLASSES[Type],
    EnablePaymentsToAccount,
  });
  return [
    account("090", "Business Bank Account", "BANK", "NONE"),
    account("200", "Sales", "REVENUE", "OUTPUT2"),
    account("260", "Other Revenue", "REVENUE", "OUTPUT2"),
    account("310", "Cost of Goods Sold", "DIRECTCOSTS", "INPUT2"),
    account("400", "Advertising", "EXPENSE", "INPUT2"),
    account("630", "Inventory", "INVENTORY", "NONE"),
    account("970", "Owner Funds", "EQUITY", "NONE", true),
  ];
}

const CLASSES: Readonly<Record<string, string>> = {
  BANK: "ASSET",
  REVENUE: "REVENUE",
  DIRECTCOSTS: "EXPENSE",
  EXPENSE: "EXPENSE",
  INVENTORY: "ASSET",
  EQUITY: "EQUITY",
};

/** Shares of the amount, by tax type; undefined: there is no such type. */
export function taxRate(taxType: string): Big | undefined {
  const rate = RATES[taxType];
  return rate === undefined ? undefined : new Big(rate);
}

const RATES: Readonly<Record<string, string>> = {
  OUTPUT2: "0.15",
  INPUT2: "0.15",
  ZERORATED: "0",
  EXEMPTOUTPUT: "0",
  EXEMPTEXPENSES: "0",
  NONE: "0",
};
