// How Xero says no: to a record, to a filter, to a caller.

/** Thrown by a rule of the books; tells what is wrong with one record. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly messages: readonly string[];

  constructor(...messages: readonly string[]) {
    super(messages.join("; "));
    this.messages = messages;
  }
}

/** Thrown where the whole call is refused. */
export class CallRefused extends Error {
  override readonly name = "CallRefused";
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`${status} ${body}`);
    this.status = status;
    this.body = body;
  }
}

export function refuse(...messages: readonly string[]): never {
  throw new Refusal(...messages);
}

export function notFound(): never {
  throw new CallRefused(404, "The resource you're looking for cannot be found");
}

export function queryFault(message: string): never {
  throw new CallRefused(400, JSON.stringify({ ErrorNumber: 16, Type: "QueryParseException", Message: message }));
}

export function postDataFault(message: string): never {
  throw new CallRefused(400, JSON.stringify({ ErrorNumber: 14, Type: "PostDataInvalidException", Message: message }));
}

/** The other shape: of whatever stands in front of the books. */
export function problem(status: number, title: string, detail: string, instance: string): string {
  return JSON.stringify({
    Type: null,
    Title: title,
    Status: status,
    Detail: detail,
    Instance: instance,
    Extensions: {},
  });
}
