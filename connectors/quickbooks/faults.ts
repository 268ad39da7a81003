// Finds what QuickBooks objects to in an answer, whichever of its three shapes the fault has, and says what it means.
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import type { Outcome, OutcomeKind } from "../../src/define/outcome.ts";

export interface Fault {
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly detail: string;
}

const REASON_CHARACTERS_MAX = 500;

/** What a code means; its status says less, and sometimes something else. */
const BY_CODE: Readonly<Record<string, OutcomeKind>> = {
  "100": "reauthorize",
  "120": "denied",
  "610": "missing",
  "3001": "throttled",
  "3100": "denied",
  "3200": "reauthorize",
  "5010": "conflict",
  "6140": "conflict",
  "6190": "denied",
  "6240": "conflict",
};

const BY_TYPE: Readonly<Record<string, OutcomeKind>> = {
  AUTHENTICATION: "reauthorize",
  AUTHENTICATIONFAULT: "reauthorize",
  AUTHORIZATION: "denied",
  AUTHORIZATIONFAULT: "denied",
  // Spelled so in Intuit's own schema.
  AUTHORIZATONFAULT: "denied",
  VALIDATIONFAULT: "invalid",
};

/** What an answer means; undefined: the engine's table by status holds. */
export function outcome(answer: Answer, request: ApiRequest): Outcome | undefined {
  const writes = request.writes ?? request.method !== "GET";
  if (answer.status === 429) return { ...limited(answer), kind: "throttled" };
  const fault = faultOf(answer.json) ?? faultOfXml(answer.text);
  if (fault !== undefined) {
    const meant = outcomeOfFault(fault, { status: answer.status, writes });
    return meant.kind === "missing" && creates(request) ? { ...meant, kind: "invalid" } : meant;
  }
  if (answer.status === 200 && (typeof answer.json !== "object" || answer.json === null)) {
    const reason = "QuickBooks answered 200 with something else than JSON, such as a page for people";
    return { kind: writes ? "unknown" : "unavailable", reason };
  }
  return undefined;
}

/** What a fault means, also one inside a batch. */
export function outcomeOfFault(fault: Fault, { status, writes }: { status: number; writes: boolean }): Outcome {
  const reason = [fault.message, fault.detail]
    .filter((text) => text !== "")
    .join(": ")
    .slice(0, REASON_CHARACTERS_MAX);
  const code = fault.code.replace(/^0+(?=\d)/, "");
  const said = { reason, ...(code !== "" && { code }) };
  const known = BY_CODE[code];
  if (known !== undefined) return { ...said, kind: known };
  if (status === 401) return { ...said, kind: "reauthorize" };
  if (status === 403) return { ...said, kind: "denied" };
  // A system fault may come after the work was done.
  if (status >= 500 || fault.type === "SystemFault" || code === "10000") {
    return { ...said, kind: writes ? "unknown" : "unavailable" };
  }
  return { ...said, kind: BY_TYPE[fault.type.toUpperCase()] ?? "invalid" };
}

/** The service's fault has capitals, the gateway's has none; either may come with any status. */
export function faultOf(json: unknown): Fault | undefined {
  const fault = part(json, "Fault") ?? part(json, "fault");
  if (fault === undefined) return undefined;
  const errors = fault["Error"] ?? fault["error"];
  const first: unknown = Array.isArray(errors) ? errors[0] : errors;
  const error = typeof first === "object" && first !== null ? (first as Record<string, unknown>) : {};
  const message = text(error["Message"] ?? error["message"]);
  return {
    type: text(fault["type"]),
    code: text(error["code"]) || (/errorCode=(\d+)/.exec(message)?.[1] ?? ""),
    message,
    detail: text(error["Detail"] ?? error["detail"]),
  };
}

/** A token of another company is answered in XML, whatever was asked for. */
function faultOfXml(body: string): Fault | undefined {
  if (!body.startsWith("<") || !body.includes("<Fault")) return undefined;
  return {
    type: /<Fault[^>]*\btype="([^"]*)"/.exec(body)?.[1] ?? "",
    code: /<Error[^>]*\bcode="([^"]*)"/.exec(body)?.[1] ?? "",
    message: /<Message>([^<]*)<\/Message>/.exec(body)?.[1] ?? "",
    detail: /<Detail>([^<]*)<\/Detail>/.exec(body)?.[1] ?? "",
  };
}

function limited(answer: Answer): Omit<Outcome, "kind"> {
  const seconds = Number(answer.headers["retry-after"] ?? Number.NaN);
  const reason = "QuickBooks' limit of calls was reached";
  return Number.isFinite(seconds) && seconds >= 0
    ? { reason, code: "3001", retryAfterMs: seconds * 1000 }
    : { reason, code: "3001" };
}

/** "Object not found" for something that is only being made means one of its references: content, not absence. */
function creates({ method, path, query, body }: ApiRequest): boolean {
  if (method !== "POST" || path === "/batch" || query?.["operation"] !== undefined) return false;
  const json: unknown = typeof body === "string" ? JSON.parse(body) : body;
  return typeof json === "object" && json !== null && !("Id" in json);
}

function part(json: unknown, name: string): Record<string, unknown> | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const value = (json as Record<string, unknown>)[name];
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
