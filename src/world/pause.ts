// Waits for as long as a clock says.
import type { Clock } from "./world.ts";

export function pause(clock: Clock, durationMs: number): Promise<void> {
  return new Promise((wake) => void clock.timer(durationMs, wake));
}
