// The last gate before words are kept: why a record is parked or waits, why a webhook made no sense, why a connection is held,
// what was said in each call. They may quote a provider, a mapping or a connector that quotes a secret, whole or in part.
// Records and webhooks themselves are kept as they are: they are the customer's data.
import type { LiveSecrets } from "./call/live-secrets.ts";
import type { AuditStep } from "./store/audit.ts";
import type {
  ConnectionState,
  ObserveBatch,
  RequestEntry,
  Settlement,
  Store,
  UnreadableRecord,
} from "./store/store.ts";

export function redactingStore(store: Store, live: LiveSecrets): Store {
  return {
    ...store,
    settle: (settlements) => store.settle(settlements.map((settlement) => withoutSecrets(settlement, live))),
    observe: (batch) => store.observe(observed(batch, live)),
    auditStep: (step) => store.auditStep(auditStepWithout(step, live)),
    endAudit: (id, end) => store.endAudit(id, { ...end, result: jsonWithout(end.result, live) }),
    log: (requests) => store.log(requests.map((entry) => entryWithout(entry, live))),
    keepDrifts: (rows) => store.keepDrifts(rows.map((row) => ({ ...row, detail: live.text(row.detail) }))),
    setConnectionState: (connection, state) => store.setConnectionState(connection, stateWithout(state, live)),
  };
}

/** The texts within, so that it stays JSON. */
const jsonWithout = (json: string, live: LiveSecrets): string => JSON.stringify(live.value(JSON.parse(json)));

/** What was found quotes mappings and errors beside the records' own values. */
function auditStepWithout(step: AuditStep, live: LiveSecrets): AuditStep {
  const { findings, requests } = step;
  return {
    ...step,
    ...(findings === undefined
      ? {}
      : { findings: findings.map((one) => ({ ...one, detail: jsonWithout(one.detail, live) })) }),
    ...(requests === undefined ? {} : { requests: requests.map((entry) => entryWithout(entry, live)) }),
  };
}

function withoutSecrets(settlement: Settlement, live: LiveSecrets): Settlement {
  const { requests } = settlement;
  const clean = reasonWithout(settlement, live);
  return requests === undefined ? clean : { ...clean, requests: requests.map((entry) => entryWithout(entry, live)) };
}

/** Most records are cleared, and give no reason. */
function reasonWithout(settlement: Settlement, live: LiveSecrets): Settlement {
  switch (settlement.to) {
    case "waiting":
    case "unknown":
      return { ...settlement, reason: live.text(settlement.reason) };
    case "parked": {
      const { detail, reason, todo } = settlement;
      const told = detail === undefined ? {} : { detail: live.value(detail) };
      return { ...settlement, ...told, reason: live.text(reason), todo: live.text(todo) };
    }
    default:
      return settlement;
  }
}

const TEXTS_OF_ENTRY = ["url", "reason", "requestBody", "requestHeaders", "responseBody"] as const;

/** The caller cleaned it of its own credential; a provider may quote others, or a piece. Most hold none, and go on as they are. */
function entryWithout(entry: RequestEntry, live: LiveSecrets): RequestEntry {
  let clean = entry;
  for (const name of TEXTS_OF_ENTRY) {
    const text = entry[name];
    if (text === undefined) continue;
    const known = live.known(text);
    if (known !== text) clean = { ...clean, [name]: known };
  }
  return clean;
}

function observed(batch: ObserveBatch, live: LiveSecrets): ObserveBatch {
  const { unreadable, requests, scan } = batch;
  const aside = scan?.state.unreadable;
  if (unreadable === undefined && requests === undefined && aside === undefined) return batch;
  return {
    ...batch,
    ...(unreadable === undefined
      ? {}
      : { unreadable: unreadable.map((one) => ({ ...one, reason: live.text(one.reason) })) }),
    ...(requests === undefined ? {} : { requests: requests.map((entry) => entryWithout(entry, live)) }),
    ...(scan === undefined || aside === undefined
      ? {}
      : { scan: { ...scan, state: { ...scan.state, unreadable: aside.map((one) => recordWithout(one, live)) } } }),
  };
}

function recordWithout(record: UnreadableRecord, live: LiveSecrets): UnreadableRecord {
  return { ...record, reason: live.text(record.reason), excerpt: live.text(record.excerpt) };
}

function stateWithout(state: ConnectionState, live: LiveSecrets): ConnectionState {
  return state.state === "active" ? state : { ...state, reason: live.text(state.reason) };
}
