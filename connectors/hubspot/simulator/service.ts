// The API behind the gateway: finds whose endpoint a path is, asks for the scope it needs, turns refusals into answers.
import type { Clock } from "../../../src/world/world.ts";
import { associationBatch, associationsOfOne } from "./associations.ts";
import { bodyOf, ok, partsOf, textOf, type Call, type Reply } from "./call.ts";
import { kindOf, KINDS, type Kind, type PropertyDefinition } from "./kinds.ts";
import { Objects } from "./objects.ts";
import type { HubSpotSimulatorSettings } from "./options.ts";
import type { Portal } from "./portal.ts";
import { missingScopes, notFound, Refusal } from "./refusal.ts";

/** Numbered and dated versions stand in different places. */
const OBJECTS = /^\/crm\/(?:v[34]\/objects|objects\/(?:v[34]|20\d\d-\d\d))\/(.+)$/;
const ASSOCIATIONS = /^\/crm\/(?:v4\/associations|associations\/(?:v4|20\d\d-\d\d))\/(.+)$/;
const PROPERTIES = /^\/crm\/(?:v3\/properties|properties\/20\d\d-\d\d)\/([^/]+)$/;
const DETAILS = /^\/account-info\/(?:v3|20\d\d-\d\d)\/details$/;
const READS = /\/(?:search|batch\/read)$/;

export interface ServiceParts {
  readonly clock: Clock;
  readonly portal: Portal;
  readonly portalId: string;
  readonly settings: HubSpotSimulatorSettings;
  readonly scopes: () => readonly string[];
}

export class Service {
  readonly objects: Objects;
  /** Refusals given, by category or status. */
  readonly refused: Record<string, number> = {};
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.objects = new Objects(parts.portal, () => parts.clock.now());
  }

  /** Undefined: there is no such address. */
  answer(path: string, call: Call): Reply | undefined {
    try {
      return this.#answer(path, call);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const name = textOf(error.body["category"]) || String(error.status);
      this.refused[name] = (this.refused[name] ?? 0) + 1;
      return { status: error.status, json: error.body };
    }
  }

  #answer(path: string, call: Call): Reply | undefined {
    const [, object] = OBJECTS.exec(path) ?? [];
    if (object !== undefined) return this.#object(object.split("/").map(decodeURIComponent), path, call);
    const [, association] = ASSOCIATIONS.exec(path) ?? [];
    if (association !== undefined) return this.#association(association.split("/"), path, call);
    const [, properties] = PROPERTIES.exec(path) ?? [];
    if (properties !== undefined) return this.#properties(properties, call);
    return DETAILS.test(path) ? ok(this.#details()) : undefined;
  }

  #object([name = "", ...rest]: readonly string[], path: string, call: Call): Reply {
    const kind = kindOf(name);
    if (kind === undefined) throw new Refusal(400, "VALIDATION_ERROR", `Unable to infer object type from: ${name}`);
    this.#needScope(kind, call.method !== "GET" && !READS.test(path));
    const [id = "", below] = rest;
    if (below === "associations") {
      return associationsOfOne(this.#parts.portal, kind, id, rest.slice(2), call, this.#parts.clock.now());
    }
    const reply = this.objects.answer(kind, rest, call);
    return path.startsWith("/crm/objects/20") ? reply : withoutLinks(reply);
  }

  #association(path: readonly string[], whole: string, call: Call): Reply {
    const kind = kindOf(path[0] ?? "");
    if (kind === undefined) throw notFound();
    this.#needScope(kind, !READS.test(whole));
    return associationBatch(this.#parts.portal, path, call, this.#parts.clock.now());
  }

  /** Making a property of the account's own, and seeing all there are. */
  #properties(name: string, call: Call): Reply {
    const kind = kindOf(name);
    if (kind === undefined) throw notFound();
    const { definitions } = this.#parts.portal;
    if (call.method === "GET") return ok({ results: [...definitions[kind].values()] });
    const scope = `crm.schemas.${kind}.write`;
    if (!this.#parts.scopes().includes(scope)) throw missingScopes([scope]);
    const body = bodyOf(call) as unknown as PropertyDefinition;
    if (definitions[kind].has(body.name)) {
      throw new Refusal(409, "OBJECT_ALREADY_EXISTS", `Property named ${body.name} already exists`);
    }
    this.#parts.portal.define(kind, body);
    return { status: 201, json: { ...body } };
  }

  #needScope(kind: Kind, writes: boolean): void {
    const scope = KINDS[kind].scopes[writes ? "write" : "read"];
    if (!this.#parts.scopes().includes(scope)) throw missingScopes([scope]);
  }

  #details() {
    const { portalId, settings } = this.#parts;
    const offset = settings.utcOffsetMinutes;
    const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, "0");
    return {
      portalId: Number(portalId),
      accountType: settings.accountType,
      timeZone: "US/Eastern",
      companyCurrency: "USD",
      additionalCurrencies: ["EUR", "GBP"],
      utcOffset: `${offset < 0 ? "-" : "+"}${hours}:${String(Math.abs(offset) % 60).padStart(2, "0")}`,
      utcOffsetMilliseconds: offset * 60_000,
      uiDomain: "app.hubspot.com",
      dataHostingLocation: "na1",
    };
  }
}

/** The link to a record's page came with the dated versions. */
function withoutLinks(reply: Reply): Reply {
  const { url: _url, ...json } = reply.json ?? {};
  const results = partsOf(json["results"]).map(({ url: _link, ...record }) => record);
  if (reply.json === undefined) return reply;
  return { ...reply, json: "results" in json ? { ...json, results } : json };
}
