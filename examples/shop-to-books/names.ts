// What a customer of the shop is called in the books.

/** QuickBooks takes no colon, tab or new line in a name, and wants each name once: so the shop's own number is added. */
export function displayName(name: string, number: string): string {
  const clean = name.replace(/[:\t\n]/g, " ").trim();
  return `${clean === "" ? "Customer" : clean} (${number})`;
}
