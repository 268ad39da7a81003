// What was spent of limits that outlast a start.
import assert from "node:assert/strict";
import { examine, type MakeFile } from "./fixture.ts";

export function spentExam(makeFile: MakeFile): void {
  examine(makeFile, "what was spent of a limit is kept, each time in place of what was before", async (store) => {
    assert.deepEqual(await store.spent(), []);
    await store.keepSpent([
      { owner: "shop", limit: "day", pieces: [[1, 5]] },
      { owner: "books", limit: "day", pieces: [[2, 1]] },
    ]);
    const pieces = [
      [1, 5],
      [9, 0.5],
    ] as const;
    await store.keepSpent([{ owner: "shop", limit: "day", pieces }]);
    assert.deepEqual(await store.spent(), [
      { owner: "books", limit: "day", pieces: [[2, 1]] },
      { owner: "shop", limit: "day", pieces },
    ]);
  });
}
