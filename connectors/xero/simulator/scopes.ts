// Which scopes let a call in: the granular ones, and the broad ones of older apps.

const OF_PATH: Readonly<Record<string, readonly string[]>> = {
  Contacts: ["accounting.contacts"],
  Invoices: ["accounting.invoices", "accounting.transactions"],
  CreditNotes: ["accounting.invoices", "accounting.transactions"],
  Payments: ["accounting.payments", "accounting.transactions"],
  Items: ["accounting.settings", "accounting.invoices"],
  Accounts: ["accounting.settings"],
  Organisation: ["accounting.settings"],
};

export function isAllowed(scopes: readonly string[], path: string, method: string): boolean {
  const needed = OF_PATH[path.split("/")[0] ?? ""];
  if (needed === undefined) return true;
  return needed.some((scope) => scopes.includes(scope) || (method === "GET" && scopes.includes(`${scope}.read`)));
}
