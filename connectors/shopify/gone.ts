// A removal that finds nothing to remove has what it wanted: its first try may have gone through unanswered.
import { CallFailed } from "../../src/define/outcome.ts";

export async function gone(removal: Promise<unknown>): Promise<undefined> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof CallFailed) || error.outcome.kind !== "missing") throw error;
  }
  return undefined;
}
