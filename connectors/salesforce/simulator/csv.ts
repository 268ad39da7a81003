// CSV as the Bulk API writes and reads it.

export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\n`).join("");
}

/** Rows by their first row's names. */
export function rowsOf(csv: string): readonly Readonly<Record<string, string>>[] {
  const rows: string[][] = [[]];
  let cell = "";
  let isQuoted = false;
  const text = csv.endsWith("\n") ? csv : `${csv}\n`;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === "," || character === "\n") {
      rows.at(-1)?.push(cell);
      cell = "";
      if (character === "\n") rows.push([]);
    } else if (character !== "\r") cell += character;
  }
  const [names = [], ...data] = rows.filter((row) => row.length > 0 && (row.length > 1 || row[0] !== ""));
  return data.map((row) => Object.fromEntries(names.map((name, place) => [name, row[place] ?? ""])));
}
