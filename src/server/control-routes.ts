// How each thing that can be asked of a running Bowline travels over HTTP: one table, read by the API that answers and by the
// remote control that asks.
import * as z from "zod";
import type { Control } from "../control.ts";
import type { ParkCause } from "../store/store.ts";

export interface Route<Input, Output> {
  readonly method: "GET" | "POST";
  /** A part like ":name" is the input's property of that name. */
  readonly path: string;
  /** What comes from outside: of a GET as texts of the query, of a POST as JSON. */
  readonly input: z.ZodType<Input>;
  readonly call: (control: Control, input: Input) => Promise<Output>;
}

const NAME_LENGTH_MAX = 1_000;
const ROWS_MAX = 10_000;
const FIELDS_MAX = 1_000;
const RECORDS_MAX = 100_000;
const SAMPLE_MAX = 10_000;
const KEYS_MAX = 10_000;

const name = z.string().min(1).max(NAME_LENGTH_MAX);
const whole = z.number().int().min(0);
const limit = whole.min(1).max(ROWS_MAX);
/** In a query a number is text; only digits are one, for what is empty or a truth would become a number that nobody meant. */
const digits = z.string().regex(/^\d+$/, "expected a whole number, in digits").transform(Number);
const askedWhole = digits.pipe(whole);
const askedLimit = digits.pipe(limit).exactOptional();
const causes = [
  "mapping",
  "invalid",
  "denied",
  "conflict",
  "missing",
  "unknown-outcome",
  "attempts",
  "link",
  "exists",
  "deleted",
  "schema",
  "match",
  "edited",
  "loop",
  "deletions",
  "bug",
] as const satisfies readonly ParkCause[];

const parkedFilter = z.strictObject({
  sync: name.exactOptional(),
  key: name.exactOptional(),
  cause: z.enum(causes).exactOptional(),
  limit: limit.exactOptional(),
});
const askedParked = parkedFilter.extend({ limit: askedLimit });
const requestFilter = z.strictObject({
  id: askedWhole.exactOptional(),
  connection: name.exactOptional(),
  sync: name.exactOptional(),
  key: name.exactOptional(),
  status: askedWhole.exactOptional(),
  outcome: name.exactOptional(),
  method: name.exactOptional(),
  path: name.exactOptional(),
  since: askedWhole.exactOptional(),
  until: askedWhole.exactOptional(),
  limit: askedLimit,
});

export const CONTROL_ROUTES = {
  status: route({
    method: "GET",
    path: "/api/status",
    input: z.strictObject({}),
    call: (control) => control.status(),
  }),
  sync: route({
    method: "POST",
    path: "/api/sync/:name",
    input: z.strictObject({ name, full: z.boolean().default(false) }),
    call: (control, { name: sync, full }) => control.sync(sync, { full }),
  }),
  progress: route({
    method: "GET",
    path: "/api/progress/:name",
    input: z.strictObject({ name }),
    call: (control, { name: sync }) => control.progress(sync),
  }),
  noteAgain: route({
    method: "POST",
    path: "/api/note-again/:name",
    input: z.strictObject({ name, keys: z.array(name).max(KEYS_MAX), digest: name, side: z.literal(1).optional() }),
    call: (control, { name: sync, keys, digest, side }) => control.noteAgain(sync, keys, digest, side),
  }),
  parked: route({
    method: "GET",
    path: "/api/parked",
    input: askedParked,
    call: (control, filter) => control.parked(filter),
  }),
  parkedGroups: route({
    method: "GET",
    path: "/api/parked/groups",
    input: z.strictObject({}),
    call: (control) => control.parkedGroups(),
  }),
  retryParked: route({
    method: "POST",
    path: "/api/parked/retry",
    input: parkedFilter,
    call: (control, filter) => control.retryParked(filter),
  }),
  discardParked: route({
    method: "POST",
    path: "/api/parked/discard",
    input: z.strictObject({ filter: parkedFilter, reason: name }),
    call: (control, { filter, reason }) => control.discardParked(filter, reason),
  }),
  correct: route({
    method: "POST",
    path: "/api/parked/correct",
    input: z.strictObject({
      sync: name,
      key: name,
      corrections: z.record(name, z.unknown()).refine(isSmall, "too many"),
    }),
    call: (control, { sync, key, corrections }) => control.correct(sync, key, corrections),
  }),
  refuseDeletions: route({
    method: "POST",
    path: "/api/deletions/refuse",
    input: z.strictObject({ sync: name }),
    call: (control, { sync }) => control.refuseDeletions(sync),
  }),
  conflicts: route({
    method: "GET",
    path: "/api/conflicts",
    input: z.strictObject({
      id: askedWhole.exactOptional(),
      sync: name.exactOptional(),
      key: name.exactOptional(),
      open: z.stringbool().exactOptional(),
      limit: askedLimit,
    }),
    call: (control, filter) => control.conflicts(filter),
  }),
  putBack: route({
    method: "POST",
    path: "/api/conflicts/put-back",
    input: z.strictObject({ conflict: whole, side: name.exactOptional() }),
    call: (control, { conflict, side }) => control.putBack(conflict, side),
  }),
  link: route({
    method: "POST",
    path: "/api/parked/link",
    input: z.strictObject({ sync: name, key: name, targetKey: name }),
    call: (control, { sync, key, targetKey }) => control.link(sync, key, targetKey),
  }),
  story: route({
    method: "GET",
    path: "/api/story",
    input: z.strictObject({ key: name }),
    call: (control, { key }) => control.story(key),
  }),
  requests: route({
    method: "GET",
    path: "/api/requests",
    input: requestFilter,
    call: (control, filter) => control.requests(filter),
  }),
  repeatRequest: route({
    method: "POST",
    path: "/api/requests/repeat",
    input: z.strictObject({ id: whole }),
    call: (control, { id }) => control.repeatRequest(id),
  }),
  replay: route({
    method: "POST",
    path: "/api/replay",
    input: z.strictObject({ connection: name.exactOptional(), since: z.number().min(0) }),
    call: (control, query) => control.replay(query),
  }),
  importRecords: route({
    method: "POST",
    path: "/api/import",
    input: z.strictObject({ resource: name, records: z.array(z.unknown()).max(RECORDS_MAX) }),
    call: (control, { resource, records }) => control.importRecords(resource, records),
  }),
  audit: route({
    method: "POST",
    path: "/api/audit/:name",
    input: z.strictObject({
      name,
      sample: z.number().int().min(1).max(SAMPLE_MAX).exactOptional(),
      repair: z
        .strictObject({ upTo: z.number().int().min(0).exactOptional(), dryRun: z.boolean().exactOptional() })
        .exactOptional(),
    }),
    call: (control, { name: sync, ...asked }) => control.audit(sync, asked),
  }),
  audits: route({
    method: "GET",
    path: "/api/audits",
    input: z.strictObject({ sync: name.exactOptional(), id: askedWhole.exactOptional(), limit: askedLimit }),
    call: (control, filter) => control.audits(filter),
  }),
  auditFindings: route({
    method: "GET",
    path: "/api/audit-findings",
    input: z.strictObject({
      id: askedWhole,
      kind: z.enum(["missing", "extra", "different", "in-flight", "unmatched", "duplicate"]).exactOptional(),
      after: name.exactOptional(),
      limit: askedLimit,
    }),
    call: (control, query) => control.auditFindings(query),
  }),
  keys: route({
    method: "GET",
    path: "/api/keys",
    input: z.strictObject({}),
    call: (control) => control.keys(),
  }),
  // Opening every secret is not something that a link should do.
  verifyKeys: route({
    method: "POST",
    path: "/api/keys/verify",
    input: z.strictObject({}),
    call: (control) => control.verifyKeys(),
  }),
  rotateKeys: route({
    method: "POST",
    path: "/api/keys/rotate",
    input: z.strictObject({ newKey: z.boolean(), data: z.boolean() }),
    call: (control, options) => control.rotateKeys(options),
  }),
  forgetTokens: route({
    method: "POST",
    path: "/api/keys/forget",
    input: z.strictObject({ connection: name }),
    call: (control, { connection }) => control.forgetTokens(connection),
  }),
  alerts: route({
    method: "GET",
    path: "/api/alerts",
    input: z.strictObject({}),
    call: (control) => control.alerts(),
  }),
  testAlerts: route({
    method: "POST",
    path: "/api/alerts/test",
    input: z.strictObject({}),
    call: (control) => control.testAlerts(),
  }),
  drift: route({
    method: "GET",
    path: "/api/drift",
    input: z.strictObject({}),
    call: (control) => control.drift(),
  }),
  webhooks: route({
    method: "GET",
    path: "/api/webhooks",
    input: z.strictObject({}),
    call: (control) => control.webhooks(),
  }),
  ensureWebhooks: route({
    method: "POST",
    path: "/api/webhooks/:name/ensure",
    input: z.strictObject({ name }),
    call: (control, input) => control.ensureWebhooks(input.name),
  }),
  connections: route({
    method: "GET",
    path: "/api/connections",
    input: z.strictObject({}),
    call: (control) => control.connections(),
  }),
  connect: route({
    method: "POST",
    path: "/api/connections/:name/connect",
    input: z.strictObject({ name }),
    call: (control, input) => control.connect(input.name),
  }),
  connectProgress: route({
    method: "POST",
    path: "/api/connect/progress",
    input: z.strictObject({ ticket: name }),
    call: (control, { ticket }) => control.connectProgress(ticket),
  }),
  disconnect: route({
    method: "POST",
    path: "/api/connections/:name/disconnect",
    input: z.strictObject({ name }),
    call: (control, input) => control.disconnect(input.name),
  }),
} as const satisfies Readonly<Record<keyof Control, object>>;

function route<Input, Output>(one: Route<Input, Output>): Route<Input, Output> {
  return one;
}

function isSmall(corrections: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(corrections).length <= FIELDS_MAX;
}

/** Where a call goes: the path with its parts filled in, and the input that is left. */
export function fillPath(
  path: string,
  input: Readonly<Record<string, unknown>>,
): { readonly path: string; readonly rest: Readonly<Record<string, unknown>> } {
  const rest = { ...input };
  const filled = path.replaceAll(/:(\w+)/g, (_, part: string) => {
    delete rest[part];
    return encodeURIComponent(String(input[part]));
  });
  return { path: filled, rest };
}
