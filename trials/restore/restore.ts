// The trial `restore`: hundreds of small worlds in which a file of state is brought back from a backup of any age. Nothing may be
// created twice, and nothing may be lost.
import { worldsTrial } from "../worlds.ts";
import { optionsOf, USAGE } from "./options.ts";
import { verdictOf } from "./verdict.ts";

export const restore = worldsTrial({
  name: "restore",
  shows: "brought back from a backup of any age, nothing is created twice and nothing is lost",
  usage: USAGE,
  optionsOf,
  worker: new URL("worker.ts", import.meta.url),
  verdictOf,
  examplesMax: 8,
  saidEvery: 50,
});
