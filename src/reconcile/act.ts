// Sends one write that was made durable before: the one place where anything at a provider is changed.
import type { Api } from "../define/connector.ts";
import type { Sync } from "../define/sync.ts";
import type { WriteOrder, Written } from "../define/resource.ts";
import type { Link, PendingWrite } from "../store/store.ts";

export interface Act {
  readonly sync: Sync;
  readonly api: Api;
  readonly write: PendingWrite;
  readonly link: Link | undefined;
  /** False after a conflict: then the connector reads the version that is current. */
  readonly trustVersion: boolean;
  /** The fields of the write, where they are still at hand; else they are read from its JSON. */
  readonly fields?: unknown;
}

/** What the write left at the target; undefined after a removal that leaves nothing. Rejects with `CallFailed`. */
export async function act({
  sync,
  api,
  write,
  link,
  trustVersion,
  fields,
}: Act): Promise<Written<unknown> | undefined> {
  const definition = sync.to.resource.write;
  if (definition === undefined) throw new Error(`${sync.to.id} cannot be written: expected a resource with \`write\``);
  const order = fields === undefined ? writeOrder(write) : { idempotencyKey: write.id, fields };
  const version = trustVersion && link?.targetVersion !== undefined ? { version: link.targetVersion } : {};
  switch (write.action) {
    case "create":
      return definition.create(api, order);
    case "update":
      if (definition.update === undefined) throw new Error(`${sync.to.id} cannot be updated`);
      return definition.update(api, { ...order, ...version, key: targetKey(write), changed: write.changed ?? [] });
    case "remove": {
      const remove = definition.removals?.[write.way ?? ""];
      if (remove === undefined) throw new Error(`${sync.to.id} has no removal named ${write.way}`);
      return remove(api, { idempotencyKey: write.id, ...version, key: targetKey(write) });
    }
  }
}

export function writeOrder(write: PendingWrite): WriteOrder<unknown> {
  return { idempotencyKey: write.id, fields: write.fields === undefined ? {} : JSON.parse(write.fields) };
}

function targetKey(write: PendingWrite): string {
  if (write.targetKey === undefined) throw new Error(`a write to ${write.action} names no target record`);
  return write.targetKey;
}
