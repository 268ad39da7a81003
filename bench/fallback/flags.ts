// The same flags as the programs in C take: pairs of a name and a value.
const words = process.argv.slice(2);

export function flag(name: string, otherwise: string): string {
  const at = words.indexOf(name);
  return (at < 0 ? undefined : words[at + 1]) ?? otherwise;
}

export const flagNumber = (name: string, otherwise: number): number => Number(flag(name, String(otherwise)));
