// How HubSpot says no.

export type Json = Readonly<Record<string, unknown>>;

/** Thrown by whoever refuses; the service turns it into an answer. `body` lacks only its correlationId. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly body: Json;

  constructor(status: number, category: string, message: string, more: Json = {}) {
    super(message);
    this.status = status;
    this.body = { status: "error", message, category, ...more };
  }
}

export interface BadValue {
  readonly name: string;
  readonly error: string;
  readonly message: string;
}

/** The causes stand as JSON inside the message. */
export function badValues(all: readonly BadValue[]): Refusal {
  const causes = all.map(({ name, error, message }) => ({
    isValid: false,
    message,
    error,
    name,
    localizedErrorMessage: message,
    portalId: 0,
  }));
  const errors = all.map(({ name, error, message }) => ({
    message,
    code: error,
    context: { propertyName: [name] },
  }));
  return new Refusal(400, "VALIDATION_ERROR", `Property values were not valid: ${JSON.stringify(causes)}`, { errors });
}

export function invalid(message: string, more: Json = {}): Refusal {
  return new Refusal(400, "VALIDATION_ERROR", message, more);
}

/** The short form, without a category. */
export function notFound(): Refusal {
  const refusal = new Refusal(404, "", "resource not found");
  const { category: _category, ...body } = refusal.body;
  return Object.assign(refusal, { body });
}

export function idsNotFound(ids: readonly string[]): Json {
  return {
    status: "error",
    category: "OBJECT_NOT_FOUND",
    message: "Could not get some objects, they may be deleted or not exist. Check that ids are valid.",
    context: { ids },
  };
}

export function missingScopes(required: readonly string[]): Refusal {
  const message = "This app hasn't been granted all required scopes to make this call.";
  const errors = [
    { message: "One or more of the following scopes are required.", context: { requiredGranularScopes: required } },
  ];
  return new Refusal(403, "MISSING_SCOPES", message, { errors });
}
