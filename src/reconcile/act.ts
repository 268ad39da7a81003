// Sends one write that was made durable before: the one place where anything at a provider is changed.
import type { CallerWork } from "../call/caller.ts";
import { tellsKey } from "../define/checked-answers.ts";
import type { Api } from "../define/connector.ts";
import type { RemoveOrder, UpdateOrder, Write, WriteOrder, Written } from "../define/resource.ts";
import type { ConnectedResource } from "../define/connection.ts";
import type { Claim, PendingWrite, RequestEntry } from "../store/store.ts";
import type { SendEach, Together } from "./together.ts";

export interface Act {
  /** What is written to. */
  readonly to: ConnectedResource;
  readonly api: Api;
  readonly work: CallerWork;
  readonly write: PendingWrite;
  /** The version last seen of what is written; undefined: not known, or not to be trusted, and the connector reads it. */
  readonly version: string | undefined;
  /** The fields of the write, where they are still at hand; else they are read from its JSON. */
  readonly fields?: unknown;
  /** Puts writes that are ready at the same moment into one call, where the provider takes that. */
  readonly together?: Together | undefined;
}

type Result = Written<unknown> | undefined;

/** What the write left at the target; undefined after a removal that leaves nothing. Rejects with `CallFailed`. */
export async function act({ to, api, work, write, version: seen, fields, together }: Act): Promise<Result> {
  const definition = to.resource.write;
  if (definition === undefined) throw new Error(`${to.id} cannot be written: expected a resource with \`write\``);
  const order = fields === undefined ? writeOrder(write) : { idempotencyKey: write.id, fields };
  const version = seen === undefined ? {} : { version: seen };
  const { kind, order: told, each, alone } = wayOf(definition, write, order, version, to.id);
  const isAlone = together === undefined || each === undefined;
  const left = await (isAlone ? alone(api) : together.add({ kind, order: told, each, alone: () => alone(api), work }));
  // An answer that names no record tells of no write: to take it for one would lose what was to be written.
  if ((write.action === "remove" && left === undefined) || tellsKey(left)) return left;
  throw new TypeError(`the connector told no key of what it wrote to ${to.id}: expected \`key\` in its answer`);
}

/** One way of writing: by itself, or with others of its kind. */
interface Way {
  readonly kind: string;
  readonly order: WriteOrder<unknown> | UpdateOrder<unknown, unknown> | RemoveOrder;
  readonly alone: (api: Api) => Promise<Result>;
  readonly each: SendEach | undefined;
}

function wayOf(
  definition: Write<unknown, unknown>,
  write: PendingWrite,
  order: WriteOrder<unknown>,
  version: { readonly version?: string },
  target: string,
): Way {
  const { together } = definition;
  switch (write.action) {
    case "create":
      return {
        kind: "create",
        order,
        alone: (api) => definition.create(api, order),
        each: together?.create && ((api, orders) => together.create!(api, orders as WriteOrder<unknown>[])),
      };
    case "update": {
      const { update } = definition;
      if (update === undefined) throw new Error(`${target} cannot be updated`);
      const changed = { ...order, ...version, key: targetKey(write), changed: (write.changed ?? []) as never[] };
      return {
        kind: "update",
        order: changed,
        alone: (api) => update.call(definition, api, changed),
        each: together?.update && ((api, orders) => together.update!(api, orders as (typeof changed)[])),
      };
    }
    case "remove": {
      const name = write.way ?? "";
      const remove = definition.removals?.[name];
      if (remove === undefined) throw new Error(`${target} has no removal named ${write.way}`);
      const removal = { idempotencyKey: write.id, ...version, key: targetKey(write) };
      const each = together?.removals?.[name];
      return {
        kind: `remove ${name}`,
        order: removal,
        alone: (api) => remove(api, removal),
        each: each && ((api, orders) => each(api, orders as RemoveOrder[])),
      };
    }
  }
}

export function writeOrder(write: PendingWrite): WriteOrder<unknown> {
  return { idempotencyKey: write.id, fields: write.fields === undefined ? {} : JSON.parse(write.fields) };
}

/** The claim of a write that broke off: without the write, if nothing was sent for it yet. */
export function asFarAsSent({ write, ...claim }: Claim, requests: readonly RequestEntry[]): Claim {
  const isSent = requests.length > 0 || (write !== undefined && write.sends > 1);
  return write === undefined || !isSent ? claim : { ...claim, write };
}

function targetKey(write: PendingWrite): string {
  if (write.targetKey === undefined) throw new Error(`a write to ${write.action} names no target record`);
  return write.targetKey;
}
