// A connector says only what is peculiar to one provider: how to ask, what it limits, how it fails, how it signs its
// webhooks, and its resources. The engine owns the loop, checkpoints, retries, dedupe and deletes.
import type { Auth, ClientCertificate } from "./auth.ts";
import type { Resource } from "./resource.ts";
import type { Outcome } from "./outcome.ts";
import type { Schema } from "./schema.ts";
import type { Secret } from "./secret.ts";
import type { Subscriptions } from "./subscriptions.ts";
import type { ConnectedResource } from "./connection.ts";

/** An answer of the provider, parsed by its content type. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The parsed JSON; undefined when the answer is not JSON. Numbers that a JavaScript number would round (long keys, long
   * decimals) are text, exactly as they were sent: where they may come, a schema takes both.
   */
  readonly json: unknown;
  /** The answer as text, whatever it is; XML is read from it by `parseXml`. */
  readonly text: string;
  /** The answer as it came, decompressed: a file, a picture. */
  readonly bytes?: Uint8Array;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the connection's base URL, such as "/invoice/12"; already percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Text and bytes are sent as they are; what `form`, `multipart`, `bytes` and `stream` make, as it says; any other object as
   * JSON.
   */
  readonly body?: object | string | Uint8Array;
  /**
   * How many redirects in a row may be followed, at most 10. Only ever to the same origin: no credential and no body goes
   * to another one. Default 0: a redirect is not followed.
   */
  readonly redirectsMax?: number;
  /**
   * True: making this call again changes nothing more: it names all that it sets, as an upsert does. A person may then repeat
   * it from the log. "by-key": it changes nothing more while the provider knows its idempotency key, which stands elsewhere
   * than in the usual header. Calls that change nothing, and those with a key in that header, need not say so.
   */
  readonly safe?: true | "by-key";
  /** May this call change anything at the provider? Decides what a lost answer means. Default: every method but GET. */
  readonly writes?: boolean;
  /** What the call takes from a limit counted in points, such as Shopify's query cost. */
  readonly cost?: number;
  /** Which declared limits, besides those for every call, this call takes from. */
  readonly limits?: readonly string[];
}

/** The provider, as a connector reaches it: signed in, within its limits, retried, logged. */
export interface Api {
  /** Resolves when the call ended `done`; otherwise rejects with {@link CallFailed}. */
  request(request: ApiRequest): Promise<Answer>;
  /** The connection's settings, secrets already read. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A limit of the provider for one account. Several hold at once. */
export type Limit = (RateLimit | QuotaLimit | ConcurrencyLimit | PointsLimit | PointsWindowLimit) & OfWhat;

/** What every call took from would be no limit of one thing. */
type OfWhat = { readonly each?: false } | { readonly each: true; readonly every: false };

interface AnyLimit {
  readonly name: string;
  /** True: each call takes from it. False: only calls that name it in `ApiRequest.limits`. */
  readonly every: boolean;
  /** One limit of the whole app: all connections of the connector take from it together. Default: each has its own. */
  readonly shared?: boolean;
  /**
   * One such limit for each thing of its kind, such as a channel; with `every: false`. A call names it with the thing's
   * key: "channel/C042".
   */
  readonly each?: boolean;
}

/** How a provider cuts time for a limit: any stretch of it, windows of its clock, or windows that a first call begins. */
export type Windows = "sliding" | "clock" | "first-call";

/** At most `count` calls in any `perMs`. */
export interface RateLimit extends AnyLimit {
  readonly kind: "rate";
  readonly count: number;
  readonly perMs: number;
  /** Default: sliding, which is also right, though slower after a burst, where the others are. */
  readonly windows?: Windows;
  /** The part of it that is ours, where other programs use the account too: 0.8. Default: 1. */
  readonly share?: number;
}

/** At most `count` calls a day. What was used is kept over a restart. */
export interface QuotaLimit extends AnyLimit {
  readonly kind: "quota";
  readonly count: number;
  /** In any 24 hours, or from midnight to midnight in a zone such as "America/New_York". */
  readonly day: "rolling" | { readonly zone: string };
  /** As with a rate. */
  readonly share?: number;
}

/** At most `count` calls at the same time. Where no such limit is declared for every call, it is found out by itself. */
export interface ConcurrencyLimit extends AnyLimit {
  readonly kind: "concurrency";
  readonly count: number;
}

/** A bucket of points, refilled all the time; calls take their `cost`, corrected by what the answers say. */
export interface PointsLimit extends AnyLimit {
  readonly kind: "points";
  readonly size: number;
  readonly perSecond: number;
  /** How often the provider fills it, in milliseconds, where that is seldom. Default: all the time. */
  readonly fillsEveryMs?: number;
  /** The most that one call costs, where that is known only after it. Default: each call says its cost. */
  readonly costMost?: number;
}

/** At most `size` points in any `perMs`; calls take their `cost`, corrected by what the answers say. */
export interface PointsWindowLimit extends AnyLimit {
  readonly kind: "points-window";
  readonly size: number;
  readonly perMs: number;
  readonly windows?: Windows;
  readonly share?: number;
  /** As with a bucket of points. */
  readonly costMost?: number;
}

/** What an answer tells of the provider's limits. */
export interface LimitReading {
  /** The `name` of the limit. */
  readonly limit: string;
  /** What is left, this call taken off. */
  readonly available?: number;
  readonly size?: number;
  readonly perSecond?: number;
  /** What this call really cost; a limit of points gives back the difference. */
  readonly cost?: number;
  /** When there is room again: milliseconds from the answer, or a time in milliseconds since 1970. */
  readonly resetInMs?: number;
  readonly resetAt?: number;
}

export type Verified =
  | { readonly ok: true }
  /** `reason` is for our log; the sender is told nothing of it. */
  | { readonly ok: false; readonly reason: string };

/** A webhook as it came in. Header names are in lower case. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  /** The raw bytes, exactly as signed. */
  readonly body: Uint8Array;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  readonly method: string;
  /** The address that the sender used, as the project is known outside (`publicUrl`), with its query. */
  readonly url: string;
}

export interface Webhook {
  /** Settings that hold the signing secrets; several may be valid while one is being replaced. */
  readonly secretSettings: readonly string[];
  /** Is this delivery the provider's? Constant time; fails closed when `secrets` is empty. */
  verify(delivery: Delivery, secrets: readonly string[]): Verified;
  /** What makes two deliveries the same one. Cheap: from the headers, or a hash of the body. */
  dedupeId(delivery: Delivery): string;
  /** Which records may have changed. `json` is the parsed body. Throws when the body makes no sense. */
  events(delivery: {
    readonly headers: Readonly<Record<string, string>>;
    readonly json: unknown;
  }): readonly WebhookEvent[];
  /** How soon the provider wants its answer, in milliseconds. */
  readonly answerWithinMs: number;
  /** What signs it, for people: "HMAC-SHA256 of the body". */
  readonly signature?: string;
}

export interface WebhookEvent {
  /** The resource's name, such as "orders". */
  readonly resource: string;
  readonly key: string;
  /** The version the record had, when the event tells; an older one than ours changes nothing. */
  readonly version?: string;
  readonly deleted?: boolean;
  /** The record itself, only when the payload is whole and in the resource's own shape. */
  readonly record?: unknown;
  /** The account it is of, where one address serves several; another account's than the connection's is left aside. */
  readonly account?: string;
}

/** The account behind a connection, as the provider tells it. */
export interface Account {
  readonly id: string;
  readonly name?: string;
  readonly plan?: string;
  /** True: a sandbox, a test or developer account; nothing there is real. */
  readonly sandbox?: boolean;
  /** What the credential may do, when the provider tells. */
  readonly scopes?: readonly string[];
}

export interface Connector<
  Settings = Record<string, unknown>,
  Resources extends Record<string, Resource<any, any, any>> = Record<string, Resource<any, any, any>>,
> {
  /** Lower case, such as "shopify"; the folder's name too. */
  readonly name: string;
  /** As people write it, such as "Shopify". */
  readonly title: string;
  readonly settings: Schema<Settings>;
  readonly apiVersion?: string;
  /** The day from which the provider no longer serves `apiVersion`, as far as it is known: "2027-07-01". */
  readonly apiVersionEnds?: string;
  baseUrl(settings: Settings): string;
  /** Of the settings where an account may sign in in several ways. */
  readonly auth: Auth | ((settings: Settings) => Auth);
  /** The certificate by which it shows itself in TLS, for calls and for tokens. */
  readonly certificate?: ClientCertificate;
  /** The account's id as `WebhookEvent.account` has it. */
  account?(settings: Settings): string | undefined;
  /** Asks the provider who it is that is signed in; the cheapest call that proves the credential. */
  about?(api: Api): Promise<Account>;
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Names of fields, in requests and answers, whose values are secret although their names do not sound like it (as "token"
   * and "password" do): they are kept out of the request log.
   */
  readonly secretFields?: readonly string[];
  /** What the provider allows one account; of the settings where accounts are granted different limits. */
  readonly limits: readonly Limit[] | ((settings: Settings) => readonly Limit[]);
  /** Reads what an answer tells of the limits. */
  readLimits?(answer: Answer): readonly LimitReading[];
  /** What an answer means, where the default table (by status) is wrong; undefined: the default holds. */
  outcome?(answer: Answer, request: ApiRequest): Outcome | undefined;
  readonly webhook?: Webhook;
  /** How it is told where to send webhooks; of the settings where not every key may. */
  readonly subscriptions?: Subscriptions | ((settings: Settings) => Subscriptions);
  /** What an answer says will end, besides the headers of RFC 8594 and RFC 9745: a sentence each. */
  deprecations?(answer: Answer): readonly string[];
  readonly resources: Resources;
}

/** A connector as people use it: `shopify.connect("shop", { … })` makes a connection. */
export interface ConnectorWithConnect<
  Settings,
  Resources extends Record<string, Resource<any, any, any>>,
> extends Connector<Settings, Resources> {
  connect(name: string, settings: SettingsWithSecrets<Settings>): Connection<Settings, Resources>;
}

/** Where a setting is text, people may write a reference to a secret instead. */
export type SettingsWithSecrets<Settings> = {
  readonly [Name in keyof Settings]: Settings[Name] extends string | undefined
    ? Settings[Name] | Secret
    : Settings[Name];
};

/** One authorised account at a provider; each of its resources is a property: `shop.orders`. */
export type Connection<
  Settings = Record<string, unknown>,
  Resources extends Record<string, Resource<any, any, any>> = Record<string, Resource<any, any, any>>,
> = ConnectionBase<Settings, Resources> & {
  readonly [Name in keyof Resources]: ConnectedResource<Resources[Name]>;
};

export interface ConnectionBase<
  Settings = Record<string, unknown>,
  Resources extends Record<string, Resource<any, any, any>> = Record<string, Resource<any, any, any>>,
> {
  readonly kind: "connection";
  readonly connectionName: string;
  readonly connector: Connector<Settings, Resources>;
  readonly settings: SettingsWithSecrets<Settings>;
}
