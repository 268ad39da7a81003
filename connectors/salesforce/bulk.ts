// Lists an object through a query job of Bulk API 2.0: a few calls for any number of records. The job is made, asked after
// until it is complete, and its results are fetched in pages; each step is a page of the engine's, so a restart goes on.
import type { Answer, Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Page } from "../../src/define/resource.ts";
import { recordsOfCsv } from "./csv.ts";
import { BULK_JOBS_LIMIT } from "./limits.ts";
import type { SalesforceObject } from "./object.ts";
import { fieldsFor } from "./reading.ts";
import { select } from "./soql.ts";

const RESULT_RECORDS = 10_000;
const FIRST_LOOK_MS = 2_000;
const NEXT_LOOK_MS = 10_000;
const JOBS_MAX = 3;
/** The locator of the last page is this text. */
const NO_MORE = "null";

interface Cursor {
  readonly job: string;
  /** Set once the job is complete; "" is the first page of its results. */
  readonly locator?: string;
  /** How many jobs were made for this listing. */
  readonly jobs: number;
}

interface Job {
  readonly id: string;
  readonly state: string;
  readonly errorMessage?: string;
}

export async function bulkPage<Record>(
  api: Api,
  object: SalesforceObject,
  cursor: string | undefined,
): Promise<Page<Record>> {
  if (cursor === undefined) return begun(api, object, 1);
  const at = JSON.parse(cursor) as Cursor;
  return at.locator === undefined ? lookAfter(api, object, at) : results<Record>(api, object, at, at.locator);
}

async function begun<Record>(api: Api, object: SalesforceObject, jobs: number): Promise<Page<Record>> {
  const soql = select({ object: object.name, fields: fieldsFor(api, object) });
  const answer = await api.request({
    method: "POST",
    path: "/jobs/query",
    body: { operation: "query", query: soql, contentType: "CSV", columnDelimiter: "COMMA", lineEnding: "LF" },
    limits: [BULK_JOBS_LIMIT],
    // A job that nobody asks after does no harm; so a lost answer needs no looking up.
    writes: false,
  });
  return { records: [], next: cursorText({ job: jobOf(answer).id, jobs }), nextInMs: FIRST_LOOK_MS };
}

async function lookAfter<Record>(api: Api, object: SalesforceObject, at: Cursor): Promise<Page<Record>> {
  let job: Job;
  try {
    job = jobOf(await api.request({ method: "GET", path: `/jobs/query/${encodeURIComponent(at.job)}` }));
  } catch (error) {
    if (!isMissing(error)) throw error;
    return another(api, object, at, "it is there no longer");
  }
  if (job.state === "JobComplete") return { records: [], next: cursorText({ ...at, locator: "" }) };
  if (job.state === "Failed" || job.state === "Aborted") {
    return another(api, object, at, `${job.state}: ${job.errorMessage ?? "no reason given"}`);
  }
  return { records: [], next: cursorText(at), nextInMs: NEXT_LOOK_MS };
}

async function results<Record>(api: Api, object: SalesforceObject, at: Cursor, locator: string): Promise<Page<Record>> {
  let answer: Answer;
  try {
    answer = await api.request({
      method: "GET",
      path: `/jobs/query/${encodeURIComponent(at.job)}/results`,
      query: { maxRecords: RESULT_RECORDS, locator: locator === "" ? undefined : locator },
      headers: { accept: "text/csv" },
    });
  } catch (error) {
    // Results are kept for seven days; half a listing proves nothing, so it begins anew.
    if (!isMissing(error)) throw error;
    return another(api, object, at, "its results are there no longer");
  }
  const next = answer.headers["sforce-locator"] ?? NO_MORE;
  const records = recordsOfCsv(answer.text, object) as unknown as readonly Record[];
  return { records, ...(next === NO_MORE ? {} : { next: cursorText({ ...at, locator: next }) }) };
}

async function another<Record>(api: Api, object: SalesforceObject, at: Cursor, why: string): Promise<Page<Record>> {
  if (at.jobs < JOBS_MAX) return begun<Record>(api, object, at.jobs + 1);
  const reason = `Could not list ${object.name} by the Bulk API: the last of ${JOBS_MAX} jobs failed (${why})`;
  throw new CallFailed(
    { kind: "unavailable", reason },
    `${reason}; set everythingBy to "query", or see the job in Setup`,
  );
}

function jobOf(answer: Answer): Job {
  const job = answer.json as Partial<Job> | undefined;
  if (typeof job?.id === "string" && typeof job.state === "string") return job as Job;
  const reason = "Could not read a job of the Bulk API: expected its id and state and got neither";
  throw new CallFailed({ kind: "unavailable", reason }, reason);
}

function isMissing(error: unknown): boolean {
  return error instanceof CallFailed && error.outcome.kind === "missing";
}

function cursorText(cursor: Cursor): string {
  return JSON.stringify(cursor);
}
