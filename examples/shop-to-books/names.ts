// What customers and wares of the shop are called in the books: QuickBooks takes no colon, tab or new line in a name, and wants each
// name once, so the shop's own number is added.

/** The most characters of an item's name. */
const ITEM_NAME_MAX = 100;

export function displayName(name: string, number: string): string {
  const clean = cleaned(name);
  return `${clean === "" ? "Customer" : clean} (${number})`;
}

/** A long name gives way to the number: variants of one product often differ only at its end. */
export function itemName(name: string, number: string): string {
  const end = ` (${number})`;
  const start = cleaned(name).slice(0, ITEM_NAME_MAX - end.length);
  // What was cut through in the middle of a character is none.
  return `${start.replace(/[\ud800-\udbff]$/, "").trimEnd()}${end}`;
}

const cleaned = (name: string): string => name.replace(/[:\t\n]/g, " ").trim();
