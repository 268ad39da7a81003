// Ids as Xero gives them, from the injected randomness.
import type { Random } from "../../../src/world/world.ts";

export function uuid(random: Random): string {
  const hex = Buffer.from(random.bytes(16)).toString("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
