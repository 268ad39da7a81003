// Ids as Stripe makes them: a prefix that tells the kind, and characters that tell nothing.
import type { Random } from "../../../src/world/world.ts";

const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export function newId(random: Random, prefix: string, characters = 24): string {
  let text = "";
  for (const byte of random.bytes(characters)) text += CHARACTERS[byte % CHARACTERS.length];
  return `${prefix}_${text}`;
}
