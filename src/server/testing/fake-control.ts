// A Control that answers from memory and remembers what it was asked, so that the API and the page are tested alone.
import type { AlertView, ConflictRow, Control, DriftView, Status, WebhookView } from "../../control.ts";
import type { ParkedGroup, ParkedRow, RequestEntry, StoryEntry } from "../../store/store.ts";
import type { AuditView } from "../../watch/audit/audits.ts";

export const NOW = Date.UTC(2026, 7, 20, 12);

export interface FakeControl extends Control {
  /** Each call that was made, with its arguments. */
  readonly calls: (readonly [name: string, ...given: unknown[]])[];
  now: Status;
  rows: ParkedRow[];
  lost: ConflictRow[];
  told: AlertView[];
  heard: WebhookView[];
  drifted: DriftView[];
  audited: AuditView[];
  log: (RequestEntry & { readonly id: number })[];
  entries: StoryEntry[];
  /** When set, every call throws it. */
  broken: Error | undefined;
}

export function fakeControl(): FakeControl {
  const calls: FakeControl["calls"] = [];
  const answer = async <Output>(name: string, given: readonly unknown[], output: () => Output): Promise<Output> => {
    calls.push([name, ...given]);
    if (control.broken !== undefined) throw control.broken;
    return output();
  };
  const control: FakeControl = {
    calls,
    now: fakeStatus(),
    rows: [],
    lost: [],
    told: [],
    heard: [],
    drifted: [],
    audited: [],
    log: [],
    entries: [],
    broken: undefined,
    status: () => answer("status", [], () => control.now),
    sync: (...given) => answer("sync", given, () => ({ started: true })),
    progress: (...given) =>
      answer("progress", given, () => ({ read: 3, pending: 2, cleared: 1, parked: 0, done: false })),
    noteAgain: (...given) => answer("noteAgain", given, () => 2),
    parked: (...given) =>
      answer("parked", given, () => control.rows.filter(({ cause }) => cause === (given[0].cause ?? cause))),
    parkedGroups: () => answer("parkedGroups", [], () => groupsOf(control.rows)),
    retryParked: (...given) => answer("retryParked", given, () => [{ sync: "orders", key: "1" }]),
    discardParked: (...given) => answer("discardParked", given, () => [{ sync: "orders", key: "1" }]),
    correct: (...given) => answer("correct", given, () => undefined),
    link: (...given) => answer("link", given, () => ({ onTrust: "books/bills cannot be read by key" })),
    refuseDeletions: (...given) => answer("refuseDeletions", given, () => [{ sync: "orders", key: "1" }]),
    conflicts: (...given) => answer("conflicts", given, () => control.lost),
    putBack: (...given) => answer("putBack", given, () => ({ sync: "contacts", key: "1" })),
    story: (...given) => answer("story", given, () => control.entries),
    requests: (...given) => answer("requests", given, () => control.log),
    repeatRequest: (...given) =>
      answer("repeatRequest", given, () => ({
        connection: "books",
        at: NOW,
        method: "GET",
        url: "https://books.example/bills",
        outcome: "done",
        durationMs: 1,
        repeats: given[0],
      })),
    replay: (...given) => answer("replay", given, () => 7),
    importRecords: (...given) =>
      answer("importRecords", given, () => ({ taken: 1, faults: [{ row: 2, fault: "no id" }] })),
    forgetTokens: (...given) =>
      answer("forgetTokens", given, () => ({ connection: given[0], next: "connect", dropped: 1 })),
    alerts: () => answer("alerts", [], () => control.told),
    testAlerts: () => answer("testAlerts", [], () => [{ to: "everybody" }]),
    drift: () => answer("drift", [], () => control.drifted),
    webhooks: () => answer("webhooks", [], () => control.heard),
    ensureWebhooks: (...given) =>
      answer("ensureWebhooks", given, () => ({
        connection: given[0],
        how: "api",
        subscriptions: 1,
        faults: [],
        resources: [],
      })),
    connections: () => answer("connections", [], () => []),
    connect: (...given) => answer("connect", given, () => ({ kind: "settings", connection: given[0], warnings: [] })),
    connectProgress: (...given) => answer("connectProgress", given, () => ({ state: "waiting", expiresAt: NOW })),
    disconnect: (...given) => answer("disconnect", given, () => ({ connection: given[0], revoked: true })),
    audit: (...given) => answer("audit", given, () => ({ id: 1, already: false })),
    audits: (...given) => answer("audits", given, () => control.audited),
    auditFindings: (...given) => answer("auditFindings", given, () => []),
    keys: () =>
      answer("keys", [], () => ({
        key: { id: "0", from: "a file" },
        oldKeys: [],
        dataKeys: [],
        onOldKeys: 0,
        withoutKey: 0,
      })),
    verifyKeys: () => answer("verifyKeys", [], () => ({ rows: 0, opened: 0, unreadable: [], lostDataKeys: [] })),
    rotateKeys: (...given) =>
      answer("rotateKeys", given, () => ({
        key: "0",
        made: true,
        rewrapped: 1,
        resealed: 0,
        dropped: 0,
        unreadable: [],
        onOldKeys: 0,
        toTakeOut: [],
      })),
  };
  return control;
}

function groupsOf(rows: readonly ParkedRow[]): readonly ParkedGroup[] {
  return rows.map(({ sync, cause, since, key, reason, todo }) => ({
    sync,
    cause,
    count: 1,
    since,
    first: { key, reason, todo },
  }));
}

export function fakeStatus(): Status {
  return {
    at: NOW,
    project: "demo",
    syncs: [],
    connections: [],
    resources: [],
    tallies: {},
    arrivalsWaiting: 0,
    arrivalsUnreadable: 0,
    recordsUnreadable: 0,
    drifts: 0,
    webhooksLost: [],
  };
}
