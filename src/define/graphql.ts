// GraphQL for connectors: a question sent as providers take it, and what its answer means where the status is 200 all the
// same and the fault is in the body.
import type { Answer, Api, ApiRequest } from "./connector.ts";
import type { Outcome, OutcomeKind } from "./outcome.ts";

export interface GraphqlRequest extends Pick<ApiRequest, "cost" | "headers" | "limits" | "safe"> {
  /** Below the connection's base URL. Default "/graphql". */
  readonly path?: string;
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Does it change anything? Default: whether it is a mutation. */
  readonly writes?: boolean;
}

export function graphqlRequest({
  path = "/graphql",
  query,
  operationName,
  variables,
  writes,
  ...rest
}: GraphqlRequest): ApiRequest {
  return {
    ...rest,
    method: "POST",
    path,
    writes: writes ?? hasMutation(query),
    body: {
      query,
      ...(operationName === undefined ? {} : { operationName }),
      ...(variables === undefined ? {} : { variables }),
    },
  };
}

/** The answer's `data`. Rejects as every request does when `outcome` of the connector is {@link graphqlOutcome}. */
export async function graphql(api: Api, request: GraphqlRequest): Promise<Readonly<Record<string, unknown>>> {
  const { json } = await api.request(graphqlRequest(request));
  return (json as { readonly data: Readonly<Record<string, unknown>> }).data;
}

/** Outside comments and strings, at the beginning of an operation. */
function hasMutation(query: string): boolean {
  const plain = query.replaceAll(/"""[^]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*/g, " ");
  return /(?:^|})\s*mutation\b\s*[\w(@{]/.test(plain);
}

export interface GraphqlOutcomes {
  /** What the provider's own codes mean; the others are read by the words that most servers use. */
  readonly codes?: Readonly<Record<string, OutcomeKind>>;
}

interface GraphqlError {
  readonly message?: unknown;
  readonly extensions?: { readonly code?: unknown; readonly retryAfter?: unknown };
}

/** The most characters of a provider's words that are kept. */
const REASON_CHARS_MAX = 300;

/**
 * For `outcome` of a connector; undefined: the default table holds. Data beside an error is a part of an answer: of a query
 * it is not used, and of a mutation nobody can tell what of it was done.
 */
export function graphqlOutcome(
  answer: Answer,
  request: ApiRequest,
  { codes = {} }: GraphqlOutcomes = {},
): Outcome | undefined {
  const { json } = answer;
  if (typeof json !== "object" || json === null) return undefined;
  const { errors, data } = json as { readonly errors?: unknown; readonly data?: unknown };
  const [first] = Array.isArray(errors) ? (errors as readonly GraphqlError[]) : [];
  const writes = request.writes ?? true;
  if (first === undefined) {
    if (answer.status !== 200 || (typeof data === "object" && data !== null)) return undefined;
    return { kind: writes ? "unknown" : "unavailable", reason: "the answer has neither data nor errors" };
  }
  const code = typeof first.extensions?.code === "string" ? first.extensions.code : undefined;
  const said = typeof first.message === "string" ? first.message.slice(0, REASON_CHARS_MAX) : "no reason given";
  const kind =
    (code === undefined ? undefined : (codes[code] ?? kindOfCode(code))) ??
    (code === undefined && answer.status !== 200 ? undefined : "failed");
  if (kind === undefined) return undefined;
  const hasData = typeof data === "object" && data !== null && Object.values(data).some((value) => value !== null);
  return {
    kind: kindFor(kind, writes, hasData),
    reason: said,
    ...(code === undefined ? {} : { code }),
  };
}

/** The codes that servers share: those of the widespread servers, and of the drafts for GraphQL over HTTP. */
function kindOfCode(code: string): OutcomeKind | "failed" | undefined {
  if (/^(?:THROTTLED|RATE_?LIMIT(?:ED|_EXCEEDED)?|TOO_MANY_REQUESTS|COMPLEXITY_BUDGET_EXHAUSTED)$/i.test(code))
    return "throttled";
  if (/^(?:UNAUTHENTICATED|UNAUTHORIZED|NOT_?AUTHENTICATED|AUTHENTICATION_ERROR|INVALID_TOKEN)$/i.test(code))
    return "reauthorize";
  if (/^(?:FORBIDDEN|ACCESS_DENIED|INSUFFICIENT_SCOPES?|PERMISSION_DENIED)$/i.test(code)) return "denied";
  if (/^(?:NOT_FOUND)$/i.test(code)) return "missing";
  if (/^(?:CONFLICT|STALE_OBJECT)$/i.test(code)) return "conflict";
  if (
    /^(?:GRAPHQL_(?:PARSE|VALIDATION)_FAILED|BAD_USER_INPUT|BAD_REQUEST|VALIDATION_ERROR|OPERATION_RESOLUTION_FAILURE|PERSISTED_QUERY_NOT_FOUND|undefinedField)$/i.test(
      code,
    )
  )
    return "invalid";
  return /^(?:INTERNAL_?(?:SERVER_)?ERROR|SERVICE_UNAVAILABLE|TIMEOUT|GATEWAY_TIMEOUT)$/i.test(code)
    ? "failed"
    : undefined;
}

/** Refused before anything was executed: said of the whole request, whatever is in `data`. */
const BEFORE_EXECUTION: ReadonlySet<OutcomeKind | "failed"> = new Set(["throttled", "reauthorize"]);

function kindFor(kind: OutcomeKind | "failed", writes: boolean, hasData: boolean): OutcomeKind {
  if (writes && hasData && !BEFORE_EXECUTION.has(kind)) return "unknown";
  if (kind === "failed") return writes ? "unknown" : "unavailable";
  return kind;
}
