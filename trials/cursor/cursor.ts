// The trial `cursor`: thousands of small worlds whose providers have every quirk of listings and clocks that is known, and no
// change of theirs may be missed, whatever is read twice for it.
import { worldsTrial } from "../worlds.ts";
import { optionsOf, USAGE } from "./options.ts";
import { verdictOf } from "./verdict.ts";

export const cursor = worldsTrial({
  name: "cursor",
  shows: "listings that show late, out of order, by wrong clocks and in pages that move: no change is missed",
  usage: USAGE,
  optionsOf,
  worker: new URL("worker.ts", import.meta.url),
  verdictOf,
  examplesMax: 5,
  saidEvery: 200,
});
