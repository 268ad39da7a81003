// How the garbage of this process is collected: nothing is taken for old before it is old (decision 14).
import { setFlagsFromString } from "node:v8";

/** For the whole process, from the next collection on. */
export function collectYoung(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}
