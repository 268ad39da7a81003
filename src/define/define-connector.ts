// Makes connectors and resources from plain values, and connections from connectors.
import type { Connection, Connector, ConnectorWithConnect, SettingsWithSecrets } from "./connector.ts";
import type { ConnectedResource } from "./connection.ts";
import type { Resource, Write } from "./resource.ts";
import type { Schema } from "./schema.ts";

type WriteDefinition<Record, Fields> = Write<Record, Fields>;

/** A resource without a `write` can only be read from. The types of record, fields and removals follow from the schemas. */
export function defineResource<
  Record,
  Fields = never,
  const W extends WriteDefinition<Record, Fields> | undefined = undefined,
>(
  resource: Omit<Resource<Record, Fields>, "write" | "schema"> & {
    readonly schema: Schema<Record>;
    readonly write?: W & { readonly fields: Schema<Fields> };
  },
): Omit<Resource<Record, Fields>, "write" | "schema"> & { readonly schema: Schema<Record>; readonly write: W } {
  return resource as never;
}

/** Adds `connect` to a connector: `shopify.connect("shop", { shop: "demo", accessToken: env("SHOPIFY_TOKEN") })`. */
export function defineConnector<Settings, const Resources extends Record<string, Resource>>(
  connector: Connector<Settings, Resources>,
): ConnectorWithConnect<Settings, Resources> {
  return {
    ...connector,
    connect(name: string, settings: SettingsWithSecrets<Settings>): Connection<Settings, Resources> {
      const resources: Record<string, ConnectedResource> = {};
      for (const resource of Object.values(connector.resources)) {
        resources[resource.name] = {
          kind: "connected-resource",
          id: `${name}/${resource.name}`,
          connectionName: name,
          resource,
        };
      }
      return { kind: "connection", connectionName: name, connector, settings, ...resources } as never;
    },
  };
}
