// Makes connectors and resources from plain values, and connections from connectors.
import { checkedAnswers } from "./checked-answers.ts";
import { connectorFaults } from "./connector-faults.ts";
import type { Connection, Connector, ConnectorWithConnect, SettingsWithSecrets } from "./connector.ts";
import type { ConnectedResource } from "./connection.ts";
import { called, type KnownKeys, refuseWrongKeys } from "./known-keys.ts";
import type { ReadOnlyResource, Resource } from "./resource.ts";
import { resourceKeyFaults } from "./resource-keys.ts";

/** A resource without a `write` can only be read from. The types of record, fields and removals follow from the schemas. */
export function defineResource<Record, Fields = ReadOnlyResource, Removal extends string = never>(
  resource: Resource<Record, Fields, Removal>,
): Resource<Record, Fields, Removal> {
  const faults = resourceKeyFaults(resource).map(({ place, message }) =>
    place === "" ? message : `${place}: ${message}`,
  );
  if (faults.length > 0)
    throw new TypeError(`could not define ${called("resource", resource.name)}: ${faults.join("; ")}`);
  return resource;
}

/** `connect` is made here; a connector that is made of another one brings that one's. */
type Declared = Connector<any, any> & Partial<Pick<ConnectorWithConnect<any, any>, "connect">>;

const CONNECTOR_KEYS = {
  name: "required",
  title: "required",
  settings: "required",
  apiVersion: "optional",
  apiVersionEnds: "optional",
  baseUrl: "required",
  auth: "required",
  certificate: "optional",
  account: "optional",
  about: "optional",
  headers: "optional",
  secretFields: "optional",
  limits: "required",
  readLimits: "optional",
  outcome: "optional",
  webhook: "optional",
  subscriptions: "optional",
  deprecations: "optional",
  resources: "required",
  connect: "optional",
} satisfies KnownKeys<Declared>;

/** Adds `connect` to a connector: `shopify.connect("shop", { shop: "demo", accessToken: env("SHOPIFY_TOKEN") })`. */
export function defineConnector<Settings, const Resources extends Record<string, Resource<any, any, any>>>(
  declared: Connector<Settings, Resources>,
): ConnectorWithConnect<Settings, Resources> {
  refuseWrongKeys(called("connector", declared.name), declared, CONNECTOR_KEYS);
  const faults = [
    ...Object.entries(declared.resources).flatMap(([name, resource]) => faultOf(name, resource) ?? []),
    ...connectorFaults(declared).map(({ place, message }) => `${place}: ${message}`),
  ];
  if (faults.length > 0) throw new TypeError(`could not define the connector ${declared.name}: ${faults.join("; ")}`);
  const checked = Object.entries(declared.resources).map(([name, resource]) => [name, checkedAnswers(resource)]);
  const connector = { ...declared, resources: Object.fromEntries(checked) as Resources };
  return {
    ...connector,
    connect(name: string, settings: SettingsWithSecrets<Settings>): Connection<Settings, Resources> {
      const resources: Record<string, ConnectedResource> = {};
      for (const resource of Object.values(connector.resources)) {
        const id = `${name}/${resource.name}`;
        resources[resource.name] = { kind: "connected-resource", id, connectionName: name, resource };
      }
      return { kind: "connection", connectionName: name, connector, settings, ...resources } as never;
    },
  };
}

/** What the types cannot say of a resource: in a running project it would only show as something that is missing. */
function faultOf(under: string, { name, write }: Resource): string | undefined {
  if (name !== under) {
    return `the resource "${name}" stands under "${under}", and would be found under neither; name both alike`;
  }
  if (write?.safety.kind === "lookup" && write.lookup === undefined) {
    return `${name} is written with the safety "lookup" and has no \`lookup\`; add one, or say "none": a person is asked then`;
  }
  return undefined;
}
