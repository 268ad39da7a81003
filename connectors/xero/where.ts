// Xero's filters: an expression over the fields of a record. Text stands in double quotes, and no way is known to write a
// double quote inside them, so whoever asks for such a text has to search for it otherwise.

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Undefined: this text cannot be asked for. */
export function whereText(field: string, text: string): string | undefined {
  return /["\\]/.test(text) ? undefined : `${field}=="${text}"`;
}

export function whereId(field: string, id: string): string {
  if (!isUuid(id)) throw new TypeError(`Could not ask for ${field}: expected a UUID and got ${JSON.stringify(id)}`);
  return `${field}==Guid("${id}")`;
}

/** `day` as in "2026-08-20". */
export function whereDay(field: string, day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  return `${field}==DateTime(${year}, ${month}, ${date})`;
}

export const all = (...conditions: readonly string[]): string => conditions.join(" AND ");
export const any = (conditions: readonly string[]): string => conditions.join(" OR ");
