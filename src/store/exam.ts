// The exam that every engine of SQL sits: each rule of the store as a sentence, on real files.
import { describe } from "node:test";
import { atOnceExam } from "./exam/at-once-exam.ts";
import { auditExam } from "./exam/audit-exam.ts";
import { auditPairsExam } from "./exam/audit-pairs-exam.ts";
import { claimExam } from "./exam/claim-exam.ts";
import { connectionExam } from "./exam/connection-exam.ts";
import { credentialExam } from "./exam/credential-exam.ts";
import { dataKeyExam } from "./exam/data-key-exam.ts";
import { durabilityExam } from "./exam/durability-exam.ts";
import type { MakeFile } from "./exam/fixture.ts";
import { ingestExam } from "./exam/ingest-exam.ts";
import { linkExam } from "./exam/link-exam.ts";
import { modelExam } from "./exam/model-exam.ts";
import { noteExam } from "./exam/note-exam.ts";
import { observeExam } from "./exam/observe-exam.ts";
import { peopleExam } from "./exam/people-exam.ts";
import { restoredExam } from "./exam/restored-exam.ts";
import { requestExam } from "./exam/request-exam.ts";
import { settleExam } from "./exam/settle-exam.ts";
import { spentExam } from "./exam/spent-exam.ts";
import { twoWayExam } from "./exam/two-way-exam.ts";
import { watchExam } from "./exam/watch-exam.ts";

/** Each test has a file of its own. */
const TOGETHER = { concurrency: 4 } as const;

/** `makeFile` makes a new, empty file of state (or database) for each test. */
export function storeExam(name: string, makeFile: MakeFile): void {
  describe(`${name} sits the exam of stores`, () => {
    describe("ingest", TOGETHER, () => ingestExam(makeFile));
    describe("observe", TOGETHER, () => observeExam(makeFile));
    describe("claimed at once", TOGETHER, () => atOnceExam(makeFile));
    describe("note", TOGETHER, () => noteExam(makeFile));
    describe("claim", TOGETHER, () => claimExam(makeFile));
    describe("settle", TOGETHER, () => settleExam(makeFile));
    describe("link", TOGETHER, () => linkExam(makeFile));
    describe("two-way", TOGETHER, () => twoWayExam(makeFile));
    describe("people", TOGETHER, () => peopleExam(makeFile));
    describe("requests", TOGETHER, () => requestExam(makeFile));
    describe("connections", TOGETHER, () => connectionExam(makeFile));
    describe("credentials", TOGETHER, () => credentialExam(makeFile));
    describe("data keys", TOGETHER, () => dataKeyExam(makeFile));
    describe("spent", TOGETHER, () => spentExam(makeFile));
    describe("watch", TOGETHER, () => watchExam(makeFile));
    describe("audit", TOGETHER, () => auditExam(makeFile));
    describe("audit of pairs", TOGETHER, () => auditPairsExam(makeFile));
    describe("restored", TOGETHER, () => restoredExam(makeFile));
    describe("durability", TOGETHER, () => durabilityExam(makeFile));
    describe("model", TOGETHER, () => modelExam(makeFile));
  });
}
