// The public surface: everything a project imports from "bowline".
export type { Auth, HeaderAuth, OAuth2 } from "./define/auth.ts";
export { bytes, form, multipart, stream } from "./define/body.ts";
export { checkProject, type Checked, type Fault } from "./define/check.ts";
export type { Project, ProjectLimits, ProjectMetrics, ProjectNetwork } from "./define/config.ts";
export type { ConnectedResource } from "./define/connection.ts";
export type {
  Account,
  Answer,
  Api,
  ApiRequest,
  Connection,
  Connector,
  Delivery,
  Limit,
  LimitReading,
  Verified,
  Webhook,
  WebhookEvent,
} from "./define/connector.ts";
export { type AlertOptions, defineConfig, type ProjectOptions } from "./define/define-config.ts";
export { defineConnector, defineResource } from "./define/define-connector.ts";
export { defineOwner } from "./define/define-owner.ts";
export { defineSync, type SyncOptions } from "./define/define-sync.ts";
export { roundTrips, type RoundTripFault } from "./define/round-trips.ts";
export { defineTwoWaySync, type TwoWaySyncOptions } from "./define/define-two-way-sync.ts";
export type { Duration } from "./define/duration.ts";
export { CallFailed, type Outcome, type OutcomeKind } from "./define/outcome.ts";
export type {
  FieldsOf,
  Page,
  PageQuery,
  RecordOf,
  RemovalOf,
  RemoveOrder,
  Resource,
  UpdateOrder,
  Write,
  WriteOrder,
  WriteTogether,
  Written,
  WrittenEach,
} from "./define/resource.ts";
export type { Ensured, Subscription, Subscriptions } from "./define/subscriptions.ts";
export { anyCase, email, exact, type MatchAs, phone } from "./define/match-as.ts";
export { graphql, graphqlOutcome, graphqlRequest } from "./define/graphql.ts";
export { type HmacSignature, verifyHmac } from "./define/hmac.ts";
export {
  type LimitReader,
  readAll,
  readCost,
  readHeaders,
  readPairs,
  readRateLimitFields,
  readUsedOf,
} from "./define/limit-readers.ts";
export { env, type Secret } from "./define/secret.ts";
export type { Owner, Sync } from "./define/sync.ts";
export type { TwoWaySync } from "./define/two-way.ts";
export { greatest, least, newest, union, unlessEmpty } from "./define/two-way-rules.ts";
export { childOf, childrenOf, parseXml, textAt, type XmlElement, XmlRefused } from "./define/xml.ts";
export { type Engine, type EngineOptions, openEngine, ProjectError } from "./engine.ts";
export { boolean } from "./mapping/boolean.ts";
export { type Converter, converter } from "./mapping/converter.ts";
export { decimal } from "./mapping/decimal.ts";
export { instant } from "./mapping/instant.ts";
export { integer } from "./mapping/integer.ts";
export { isoDate } from "./mapping/iso-date.ts";
export { lowerCase } from "./mapping/lower-case.ts";
export type { ExplainedRule, Mapped, Mapping, MappingProblem } from "./mapping/mapping.ts";
export type { OptionalRule, Rule } from "./mapping/rule.ts";
export { text } from "./mapping/text.ts";
export type { Tools } from "./mapping/tools.ts";
export {
  across,
  amountText,
  dayInstant,
  emailText,
  numberText,
  trimmedText,
  trueFalseText,
  twoWay,
  type TwoWayConverter,
  values,
} from "./mapping/two-way-converter.ts";
