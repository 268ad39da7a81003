// The networks that may be called besides the public one: words that make no sense would quietly allow nothing.
import type { Project } from "./config.ts";
import { suggestion, type Findings } from "./fault.ts";
import { networksOf } from "./private-addresses.ts";

export function checkNetwork({ network }: Project, { errors }: Findings): void {
  for (const word of network.privateAddresses) {
    if (networksOf(word) !== undefined) continue;
    errors.push({
      place: "network › privateAddresses",
      message:
        `cannot allow ${JSON.stringify(word)}: expected "loopback", "private", or a network such as "10.20.0.0/16".` +
        suggestion(word, ["loopback", "private"]),
    });
  }
}
