// How QuickBooks says no: the service's own shape, the gateway's other shape, and the codes behind both.

export interface Fault {
  readonly status: number;
  readonly type: "ValidationFault" | "SystemFault" | "AuthenticationFault" | "AuthorizatonFault";
  readonly code: string;
  readonly message: string;
  readonly detail: string;
  readonly element: string;
}

/** Thrown by a rule of the books; becomes a fault on the wire. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.code} ${fault.message}: ${fault.detail}`);
    this.fault = fault;
  }
}

const MESSAGES = {
  "610": "Object Not Found",
  "2010": "Request has invalid or unsupported property",
  "2020": "Required param missing, need to supply the required value for the API",
  "2050": "String length is either shorter or longer than supported by specification",
  "2170": "Invalid Enumeration",
  "2500": "Invalid Reference Id",
  "4000": "Error parsing query",
  "4001": "Invalid query",
  "5010": "Stale Object Error",
  "6000": "A business validation error has occurred while processing your request",
  "6070": "Amount calculation incorrect in the request",
  "6140": "Duplicate Document Number Error",
  "6190": "Invalid Company Status",
  "6240": "Duplicate Name Exists Error",
  "10000": "An application error has occurred while processing your request",
} as const;

export type FaultCode = keyof typeof MESSAGES;

export function refuse(code: FaultCode, detail: string, element = ""): never {
  throw new Refusal({ status: 400, type: "ValidationFault", code, message: MESSAGES[code], detail, element });
}

export function systemFault(): Fault {
  const detail = "System Failure Error: the request could not be completed";
  return { status: 500, type: "SystemFault", code: "10000", message: MESSAGES["10000"], detail, element: "" };
}

/** The company's subscription has ended; nothing works until it is paid for again. */
export const LAPSED: Fault = {
  status: 403,
  type: "ValidationFault",
  code: "6190",
  message: MESSAGES["6190"],
  detail: "Subscription period has ended or canceled or there was a billing problem",
  element: "",
};

export function serviceFault({ message, detail, code, element, type }: Fault): object {
  return { Fault: { Error: [{ Message: message, Detail: detail, code, element }], type } };
}

export interface GatewayFault {
  readonly status: number;
  /** Six digits, as in "003200". */
  readonly errorCode: string;
  readonly name: string;
  readonly detail: string;
  readonly type: string;
}

export const TOKEN_EXPIRED: GatewayFault = {
  status: 401,
  errorCode: "003200",
  name: "AuthenticationFailed",
  detail: "Token expired: the access token is no longer valid",
  type: "AUTHENTICATION",
};
export const TOKEN_UNKNOWN: GatewayFault = { ...TOKEN_EXPIRED, detail: "Malformed bearer token: it was never issued" };
export const THROTTLED: GatewayFault = {
  status: 429,
  errorCode: "003001",
  name: "ThrottleExceeded",
  detail: "The request limit was reached. Contact support if this goes on.",
  type: "SERVICE",
};

/** Lower-case keys, and a time in milliseconds: nothing like the service's faults. */
export function gatewayFault(fault: GatewayFault, now: number): object {
  const error = {
    message: `message=${fault.name}; errorCode=${fault.errorCode}; statusCode=${fault.status}`,
    detail: fault.detail,
    code: String(Number(fault.errorCode)),
    element: null,
  };
  return {
    warnings: null,
    intuitObject: null,
    fault: { error: [error], type: fault.type },
    report: null,
    queryResponse: null,
    batchItemResponse: [],
    attachableResponse: [],
    syncErrorResponse: null,
    requestId: null,
    time: now,
    status: null,
    cdcresponse: [],
  };
}
