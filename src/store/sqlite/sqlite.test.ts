// SQLite sits the exam twice: in the caller's thread and in its own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeExam } from "../exam.ts";
import type { ExamFile } from "../exam/fixture.ts";
import { backUp, restore } from "./backup.ts";
import { openSqliteStore } from "./open.ts";
import { openSharedCredentials } from "./shared-credentials.ts";

function filesOf(thread: boolean): () => Promise<ExamFile> {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), "bowline-store-"));
    return {
      open: () => openSqliteStore({ path: join(folder, "state.db"), thread }),
      async restored(madeAt) {
        const copy = join(folder, "backup.db");
        await backUp(join(folder, "state.db"), copy, madeAt, () => {});
        await restore(copy, join(folder, "state.db"), { processId: 1, at: madeAt, progress: () => {} });
        await rm(copy);
      },
      openShared: async () => openSharedCredentials(join(folder, "state.db")),
      remove: () => rm(folder, { recursive: true }),
    };
  };
}

storeExam("SQLite inline", filesOf(false));
storeExam("SQLite in a thread", filesOf(true));
