// Makes connectors and resources from plain values, and connections from connectors.
import { checkedAnswers } from "./checked-answers.ts";
import type { Connection, Connector, ConnectorWithConnect, SettingsWithSecrets } from "./connector.ts";
import type { ConnectedResource } from "./connection.ts";
import type { ReadOnlyResource, Resource } from "./resource.ts";

/** A resource without a `write` can only be read from. The types of record, fields and removals follow from the schemas. */
export function defineResource<Record, Fields = ReadOnlyResource, Removal extends string = never>(
  resource: Resource<Record, Fields, Removal>,
): Resource<Record, Fields, Removal> {
  return resource;
}

/** Adds `connect` to a connector: `shopify.connect("shop", { shop: "demo", accessToken: env("SHOPIFY_TOKEN") })`. */
export function defineConnector<Settings, const Resources extends Record<string, Resource<any, any, any>>>(
  declared: Connector<Settings, Resources>,
): ConnectorWithConnect<Settings, Resources> {
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
