// Owners are values too, so that a misspelled one does not compile.
import type { Owner } from "./sync.ts";

/** `const finance = defineOwner({ name: "Finance", email: "finance@example.com" })` */
export function defineOwner(owner: Owner): Owner {
  return owner;
}
