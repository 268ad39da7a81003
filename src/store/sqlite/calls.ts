// The store's interface over anything that performs calls: inline or in a thread, the calls are the same.
import { StoreError, type LinkNeed, type ParkedFilter, type RequestFilter, type Store } from "../store.ts";
import type { Method, Performed } from "./core.ts";
import type { Call, Outcome } from "./group-commit.ts";
import { ALL_REQUESTS, ROWS_DEFAULT, type LoggedRequest } from "./request.ts";

/** Requests that are looked over in one go: about ten milliseconds. */
const REQUEST_SLICE_ROWS = 20_000;

/** Records that are looked over in one go: about ten milliseconds. */
const RECORD_SLICE_ROWS = 5_000;

/** Rows that are changed in one transaction: about ten milliseconds. */
const CHANGED_SLICE_ROWS = 500;

/** Performs a call, sooner or later, and resolves when it is durable. */
export type PerformCall = (call: Call) => Promise<unknown>;

/** A call that waits for its outcome. */
export interface WaitingCall {
  readonly call: Call;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function answer({ resolve, reject }: WaitingCall, outcome: Outcome): void {
  if (outcome.ok) resolve(outcome.value);
  else reject(outcome.error);
}

export function storeOf(path: string, perform: PerformCall, end: () => Promise<void>): Store {
  let closing: Promise<void> | undefined;

  function call<Name extends Method>(method: Name, given: Parameters<Performed[Name]>): ReturnType<Performed[Name]> {
    const performed = closing === undefined ? perform({ method, given }) : Promise.reject(closedError(path));
    // What comes back was made by the operation of this name, whose type the core has checked.
    return performed as ReturnType<Performed[Name]>;
  }

  /** The log may be of millions, and what is looked for at its other end, or nowhere; by id or key it is found at once. */
  async function requests(filter: RequestFilter): Promise<readonly LoggedRequest[]> {
    const { id, key, limit = ROWS_DEFAULT } = filter;
    if (id !== undefined || key !== undefined) return call("requestsIn", [filter, ALL_REQUESTS]);
    const [oldest, newest] = (await call("requestIds", [])) ?? [1, 0];
    const found: LoggedRequest[] = [];
    for (let to = newest; to >= oldest && found.length < limit; to -= REQUEST_SLICE_ROWS) {
      const slice = [to - REQUEST_SLICE_ROWS + 1, to] as const;
      found.push(...(await call("requestsIn", [{ ...filter, limit: limit - found.length }, slice])));
    }
    return found;
  }

  /** Mostly none is found, among all the records that there are. */
  async function unseenSince(
    ...[resource, at, after, limit]: Parameters<Store["unseenSince"]>
  ): Promise<readonly string[]> {
    const found: string[] = [];
    let from = after;
    do {
      const upTo = await call("keyAfter", [resource, from, RECORD_SLICE_ROWS]);
      found.push(...(await call("unseenIn", [resource, at, from, upTo, limit - found.length])));
      from = upTo;
    } while (from !== undefined && found.length < limit);
    return found;
  }

  /** While a clock was ahead everything may have been told to wait, and webhooks come in meanwhile. */
  async function shortenWaits(at: number): Promise<readonly string[]> {
    const shortened = new Set<string>();
    for (;;) {
      const syncs = await call("shortenWaits", [at, CHANGED_SLICE_ROWS]);
      for (const sync of syncs) shortened.add(sync);
      if (syncs.length < CHANGED_SLICE_ROWS) return [...shortened];
    }
  }

  /** Which rows are meant is settled at the beginning: what is parked again meanwhile is not acted on again. */
  async function inSlices(
    filter: ParkedFilter,
    act: (ids: readonly number[]) => Promise<readonly LinkNeed[]>,
  ): Promise<readonly LinkNeed[]> {
    const ids = await call("parkedIds", [filter]);
    const acted: LinkNeed[] = [];
    for (let from = 0; from < ids.length; from += CHANGED_SLICE_ROWS) {
      acted.push(...(await act(ids.slice(from, from + CHANGED_SLICE_ROWS))));
    }
    return acted;
  }

  return {
    declare: (...given) => call("declare", given),
    beginRestored: (...given) => call("beginRestored", given),
    restored: (...given) => call("restored", given),
    recover: (...given) => call("recover", given),
    shortenWaits,
    ingest: (...given) => call("ingest", given),
    arrivals: (...given) => call("arrivals", given),
    observe: (...given) => call("observe", given),
    scan: (...given) => call("scan", given),
    unseenSince,
    claim: (...given) => call("claim", given),
    nextDue: (...given) => call("nextDue", given),
    links: (...given) => call("links", given),
    linkedTo: (...given) => call("linkedTo", given),
    match: (...given) => call("match", given),
    hasUnmatched: (...given) => call("hasUnmatched", given),
    conflicts: (...given) => call("conflicts", given),
    putBack: (...given) => call("putBack", given),
    settle: (...given) => call("settle", given),
    log: (...given) => call("log", given),
    connectionState: (...given) => call("connectionState", given),
    setConnectionState: (...given) => call("setConnectionState", given),
    spent: (...given) => call("spent", given),
    keepSpent: (...given) => call("keepSpent", given),
    watched: (...given) => call("watched", given),
    keepWatched: (...given) => call("keepWatched", given),
    drifts: (...given) => call("drifts", given),
    keepDrifts: (...given) => call("keepDrifts", given),
    dropDrifts: (...given) => call("dropDrifts", given),
    syncRows: (...given) => call("syncRows", given),
    noteAgain: (...given) => call("noteAgain", given),
    credential: (...given) => call("credential", given),
    beginRefresh: (...given) => call("beginRefresh", given),
    endRefresh: (...given) => call("endRefresh", given),
    saveCredential: (...given) => call("saveCredential", given),
    dataKeys: (...given) => call("dataKeys", given),
    addDataKey: (...given) => call("addDataKey", given),
    rewrapDataKey: (...given) => call("rewrapDataKey", given),
    dropUnusedDataKeys: (...given) => call("dropUnusedDataKeys", given),
    sealed: (...given) => call("sealed", given),
    reseal: (...given) => call("reseal", given),
    tally: (...given) => call("tally", given),
    status: (...given) => call("status", given),
    parked: (...given) => call("parked", given),
    parkedGroups: (...given) => call("parkedGroups", given),
    retryParked: (filter, at) => inSlices(filter, (ids) => call("retryParked", [filter, ids, at])),
    refuseDeletions: (sync, at) =>
      inSlices({ sync, cause: "deletions" }, (ids) => call("refuseDeletions", [sync, ids, at])),
    discardParked: (filter, at, reason) => inSlices(filter, (ids) => call("discardParked", [filter, ids, at, reason])),
    correct: (...given) => call("correct", given),
    linkByHand: (...given) => call("linkByHand", given),
    story: (...given) => call("story", given),
    requests,
    record: (...given) => call("record", given),
    linkPage: (...given) => call("linkPage", given),
    replay: (...given) => call("replay", given),
    beginAudit: (...given) => call("beginAudit", given),
    auditStep: (...given) => call("auditStep", given),
    endAudit: (...given) => call("endAudit", given),
    audits: (...given) => call("audits", given),
    auditFindings: (...given) => call("auditFindings", given),
    auditMarks: (...given) => call("auditMarks", given),
    auditSift: (...given) => call("auditSift", given),
    auditSuspects: (...given) => call("auditSuspects", given),
    auditGone: (...given) => call("auditGone", given),
    auditUnmatched: (...given) => call("auditUnmatched", given),
    auditSame: (...given) => call("auditSame", given),
    auditFacts: (...given) => call("auditFacts", given),
    auditKeys: (...given) => call("auditKeys", given),
    auditPairs: (...given) => call("auditPairs", given),
    auditAlone: (...given) => call("auditAlone", given),
    auditMatching: (...given) => call("auditMatching", given),
    auditShowing: (...given) => call("auditShowing", given),
    auditPairFacts: (...given) => call("auditPairFacts", given),
    auditSideKeys: (...given) => call("auditSideKeys", given),
    conflictsOpen: (...given) => call("conflictsOpen", given),
    auditRebase: (...given) => call("auditRebase", given),
    sweepAudit: (...given) => call("sweepAudit", given),
    prune: (limits) => call("prune", [limits]),
    close() {
      closing ??= end();
      return closing;
    },
  };
}

function closedError(path: string): StoreError {
  return new StoreError("closed", `could not use ${path}: expected an open store, but it was closed.`);
}
