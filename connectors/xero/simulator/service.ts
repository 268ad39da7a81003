// The accounting API behind the gateway: finds the operation, does it for each record sent, remembers idempotency keys.
import type { Clock, Random } from "../../../src/world/world.ts";
import { isBody, type Body } from "./body.ts";
import type { Books, WritableKind } from "./books.ts";
import { IdempotencyKeys, type Reply } from "./idempotency.ts";
import { readJson, writeJson } from "./json.ts";
import { listRows } from "./list.ts";
import type { XeroSimulatorSettings } from "./options.ts";
import { organisationActions, organisationView } from "./organisation-view.ts";
import { ID_FIELDS, KINDS, type Kind, type Organisation, type Row } from "./organisation.ts";
import { CallRefused, notFound, postDataFault, Refusal } from "./refusal.ts";
import { uuid } from "./uuid.ts";
import { viewOf, type Detail } from "./views.ts";

const KEY_CHARACTERS_MAX = 128;
const WRITABLE = new Set<Kind>(["Contacts", "Invoices", "Payments", "Items"]);
const ELEMENT_FLAGS: Readonly<Record<WritableKind, string>> = {
  Contacts: "HasValidationErrors",
  Invoices: "HasErrors",
  Payments: "HasValidationErrors",
  Items: "HasValidationErrors",
};

/** One call, already signed in and let through. */
export interface Call {
  readonly method: string;
  /** Below the API: "Invoices", "Invoices/{id}". */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
}

interface ServiceParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly organisation: Organisation;
  readonly books: Books;
  readonly tenantId: string;
  readonly settings: XeroSimulatorSettings;
}

export class Service {
  readonly keys: IdempotencyKeys;
  /** Refusals of records, by their first message. */
  readonly refused: Record<string, number> = {};
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.keys = new IdempotencyKeys(parts.clock, parts.settings.idempotencyRetentionMs);
  }

  /** `fails`: it answers an error, and remembers it, whatever was done. */
  answer(call: Call, fails?: { readonly with: Reply; readonly done: boolean }): Reply {
    const key = call.method === "PUT" || call.method === "POST" ? call.headers.get("idempotency-key") : null;
    if (key === null) return this.#answerOrFail(call, fails);
    if (key.length > KEY_CHARACTERS_MAX) {
      return badRequest(`The Idempotency Key has to be at most ${KEY_CHARACTERS_MAX} characters long`);
    }
    const request = `${call.method} ${call.path}?${call.query.toString()}\n${call.body}`;
    const before = this.keys.again(key, request);
    if (before === "another request") return badRequest(`Idempotency Key '${key}' is used with a different request.`);
    if (before !== undefined) return before;
    const reply = this.#answerOrFail(call, fails);
    this.keys.remember(key, request, reply);
    return reply;
  }

  #answerOrFail(call: Call, fails: { readonly with: Reply; readonly done: boolean } | undefined): Reply {
    if (fails === undefined || fails.done) {
      const reply = this.#answer(call);
      return fails?.with ?? reply;
    }
    return fails.with;
  }

  #answer(call: Call): Reply {
    try {
      return this.#do(call);
    } catch (error) {
      if (error instanceof CallRefused) return { status: error.status, body: error.body };
      throw error;
    }
  }

  #do(call: Call): Reply {
    const [head = "", id, ...rest] = call.path.split("/");
    const { settings, tenantId } = this.#parts;
    if (head === "Organisation" && call.method === "GET") {
      if (id === "Actions") return this.#ok({ Actions: organisationActions() });
      return this.#ok({ Organisations: [organisationView(tenantId, settings)] });
    }
    const kind = KINDS.find((known) => known === head);
    if (kind === undefined || rest.length > 0) return notFound();
    if (call.method === "GET")
      return id === undefined ? this.#list(kind, call) : this.#one(kind, decodeURIComponent(id), call);
    if (!WRITABLE.has(kind)) return notFound();
    if (call.method === "DELETE" && kind === "Items" && id !== undefined) return this.#delete(kind, id);
    if (call.method !== "PUT" && call.method !== "POST") return notFound();
    return this.#write(kind as WritableKind, id, call);
  }

  #list(kind: Kind, call: Call): Reply {
    const query = new Map([...call.query].map(([name, value]) => [name.toLowerCase(), value]));
    const { rows, pagination } = listRows(this.#parts.organisation, {
      kind,
      query,
      modifiedSince: call.headers.get("if-modified-since"),
      sinceIncludesItself: this.#parts.settings.modifiedSinceIncludesItself,
    });
    const isSummary = query.get("summaryonly") === "true";
    const detail: Detail = isSummary ? "summary" : pagination === undefined ? "without lines" : "full";
    const shown = rows.map((row) => viewOf(this.#parts.organisation, kind, row, detail));
    return this.#ok({ ...(pagination === undefined ? {} : { pagination }), [kind]: shown }, call);
  }

  #one(kind: Kind, id: string, call: Call): Reply {
    const row = this.#find(kind, id);
    return this.#ok({ [kind]: [viewOf(this.#parts.organisation, kind, row, "full")] }, call);
  }

  /** By id; contacts, sales and items also by their number or code. */
  #find(kind: Kind, id: string): Row {
    const { organisation } = this.#parts;
    const names: Partial<Record<Kind, string>> = {
      Contacts: "ContactNumber",
      Invoices: "InvoiceNumber",
      Items: "Code",
    };
    const name = names[kind];
    const holder = name === undefined ? undefined : organisation.holder(kind, name, id);
    return (
      organisation.find(kind, id) ?? (holder === undefined ? undefined : organisation.find(kind, holder)) ?? notFound()
    );
  }

  #delete(kind: "Items", id: string): Reply {
    const row = this.#find(kind, decodeURIComponent(id));
    this.#parts.organisation.remove(kind, row);
    return { status: 204, body: "" };
  }

  #write(kind: WritableKind, id: string | undefined, call: Call): Reply {
    const named = id === undefined ? undefined : this.#find(kind, decodeURIComponent(id));
    const summarizes = call.query.get("summarizeErrors")?.toLowerCase() !== "false";
    const results = elementsOf(kind, call.body).map((given) => this.#writeOne(kind, named, given, call));
    const failed = results.filter((result) => result.errors !== undefined);
    if (failed.length > 0 && summarizes) {
      const Elements = failed.map(({ given, errors }) => ({ ...given, ValidationErrors: errors }));
      const fault = {
        ErrorNumber: 10,
        Type: "ValidationException",
        Message: "A validation exception occurred",
        Elements,
      };
      return { status: 400, body: writeJson(fault, digitsOf(call)) };
    }
    const shown = results.map(({ row, given, errors }): Body => {
      const status = summarizes ? {} : { StatusAttributeString: errors === undefined ? "OK" : "ERROR" };
      if (row !== undefined) return { ...viewOf(this.#parts.organisation, kind, row, "full"), ...status };
      return { ...given, ...status, [ELEMENT_FLAGS[kind]]: true, ValidationErrors: errors };
    });
    return this.#ok({ [kind]: shown }, call);
  }

  #writeOne(kind: WritableKind, named: Row | undefined, given: Body, call: Call): Result {
    const { books } = this.#parts;
    try {
      const existing = named ?? (call.method === "POST" ? books.meant(kind, given) : undefined);
      const digits = digitsOf(call);
      return {
        given,
        row: existing === undefined ? books.create(kind, given, digits) : books.update(kind, existing, given, digits),
      };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const [first = ""] = error.messages;
      this.refused[first] = (this.refused[first] ?? 0) + 1;
      return { given, errors: error.messages.map((Message) => ({ Message })) };
    }
  }

  #ok(content: Body, call?: Call): Reply {
    const { clock, random, settings } = this.#parts;
    const envelope = {
      Id: uuid(random),
      Status: "OK",
      ProviderName: `${settings.organisationName} app`,
      DateTimeUTC: `/Date(${clock.now()})/`,
      ...content,
    };
    return { status: 200, body: writeJson(envelope, call === undefined ? 2 : digitsOf(call)) };
  }
}

interface Result {
  readonly given: Body;
  readonly row?: Row;
  readonly errors?: readonly { readonly Message: string }[];
}

/** One record or many, with or without the name of their kind around them. */
function elementsOf(kind: WritableKind, text: string): readonly Body[] {
  let json: unknown;
  try {
    json = readJson(text);
  } catch {
    return postDataFault("The request's body is not JSON");
  }
  const inner: unknown = isBody(json) && kind in json ? json[kind] : json;
  const elements = Array.isArray(inner) ? inner.filter(isBody) : isBody(inner) ? [inner] : [];
  if (elements.length === 0) postDataFault(`Expected a list of ${kind} with their ${ID_FIELDS[kind]}`);
  return elements;
}

function badRequest(Message: string): Reply {
  return { status: 400, body: JSON.stringify({ ErrorNumber: 10, Type: "ValidationException", Message, Elements: [] }) };
}

function digitsOf(call: Call): number {
  return call.query.get("unitdp") === "4" ? 4 : 2;
}
