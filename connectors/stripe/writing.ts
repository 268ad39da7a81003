// How every kind of object is written: each write under its idempotency key, each new object stamped, each update with
// only what changed.
import { createHash } from "node:crypto";
import type { Api } from "../../src/define/connector.ts";
import { CallFailed, type Outcome } from "../../src/define/outcome.ts";
import type { RemoveOrder, Safety, UpdateOrder, WriteOrder, Written } from "../../src/define/resource.ts";
import { ask, type StripeObject } from "./ask.ts";
import { encodeForm, type Form } from "./form.ts";
import { expansion, type Kind } from "./kind.ts";
import { MISMATCHED, REPLAYED } from "./outcome.ts";
import { completed, readOne } from "./reading.ts";
import { findStamped, STAMP, writtenOf, type Stamped } from "./stamp.ts";

/** Stripe keeps an idempotency key's answer for a day at least. */
export const SAFETY: Safety = { kind: "idempotency-key", retentionMs: 24 * 60 * 60_000 };

export interface Saving<Fields> {
  /** Turns fields into what is sent; most are the same. */
  readonly toForm?: (fields: Partial<Fields>) => Form;
  /** What Stripe lets be changed after an object was made. */
  readonly changeable: readonly (keyof Fields & string)[];
  /** Of which list a new object must be one, so that it can be found there; undefined: it can only be searched for. */
  readonly narrowed: (fields: Fields) => Form | undefined;
}

type WithMetadata = { readonly metadata?: Readonly<Record<string, string>> | undefined };

export async function create<Record extends Stamped, Fields extends WithMetadata>(
  api: Api,
  kind: Kind<Record>,
  order: WriteOrder<Fields>,
  { toForm = asForm, narrowed }: Saving<Fields>,
): Promise<Written<Record>> {
  const { idempotencyKey, fields } = order;
  const form = { ...toForm(fields), metadata: { ...fields.metadata, [STAMP]: idempotencyKey }, ...expansion(kind) };
  try {
    return await post(api, kind, { route: kind.route, form, idempotencyKey });
  } catch (error) {
    if (!isSpent(error)) throw error;
    const found = await findStamped(api, kind, idempotencyKey, narrowed(fields));
    if (found.length === 1) return found[0]!;
    throw error;
  }
}

export async function update<Record extends Stamped, Fields extends WithMetadata>(
  api: Api,
  kind: Kind<Record>,
  order: UpdateOrder<Fields, Record>,
  { toForm = asForm, changeable }: Saving<Fields>,
): Promise<Written<Record>> {
  const { key, changed, fields } = order;
  const fixed = changed.filter((name) => !changeable.includes(name));
  if (fixed.length > 0) {
    throw refusal(
      `Could not change ${key}: Stripe lets ${fixed.join(", ")} be set only when it is made; make a new one`,
    );
  }
  // Metadata that is no longer mapped stays: written empty, it would take everybody's keys away, our stamp too.
  const names = changed.filter((name) => name !== "metadata" || fields.metadata !== undefined);
  const form = toForm(Object.fromEntries(names.map((name) => [name, fields[name] ?? null])) as Partial<Fields>);
  return change(api, kind, { id: key, form, idempotencyKey: order.idempotencyKey });
}

export interface Change {
  readonly id: string;
  readonly form: Form;
  readonly idempotencyKey: string;
}

/** Setting the same values twice changes nothing, so a key that only shows a kept failure is given up for another. */
export async function change<Record extends StripeObject>(
  api: Api,
  kind: Kind<Record>,
  { id, form, idempotencyKey }: Change,
): Promise<Written<Record>> {
  const call = { route: `${kind.route}/{id}`, id, form: { ...form, ...expansion(kind) } };
  try {
    return await post(api, kind, { ...call, idempotencyKey });
  } catch (error) {
    if (!isSpent(error)) throw error;
    return post(api, kind, { ...call, idempotencyKey: `${idempotencyKey}.again` });
  }
}

/** An idempotency key for a call whose parameters follow from what was read just before it. */
export function keyOf(idempotencyKey: string, form: Form): string {
  return `${idempotencyKey}.${createHash("sha256").update(encodeForm(form)).digest("hex").slice(0, 16)}`;
}

export interface Post {
  readonly route: string;
  readonly id?: string;
  readonly form: Form;
  readonly idempotencyKey: string;
}

export async function post<Record extends StripeObject>(
  api: Api,
  kind: Kind<Record>,
  call: Post,
): Promise<Written<Record>> {
  const record = await ask<Record>(api, { method: "POST", ...call });
  if (typeof record.id === "string") return writtenOf(await completed(api, kind, record));
  const message = `Could not read what was written to ${call.route}: expected an object with its id`;
  throw new CallFailed({ kind: "unknown", reason: message }, message);
}

/** Takes an object away for good. Stripe gives no key to this; one that is already gone is missing, which is as wished. */
export async function remove<Record extends StripeObject>(
  api: Api,
  kind: Kind<Record>,
  { key }: RemoveOrder,
): Promise<undefined> {
  await ask<StripeObject>(api, { method: "DELETE", route: `${kind.route}/{id}`, id: key });
}

export interface Way<Record> {
  /** What is called, below the object: "void"; "" for an update of it. */
  readonly action: string;
  readonly form?: Form;
  /** Is it out of use in this way already? */
  readonly isDone: (record: Record) => boolean;
}

/** Calls an action that takes an object out of use; Stripe refuses it where it was taken before, which is as wished. */
export async function retire<Record extends StripeObject>(
  api: Api,
  kind: Kind<Record>,
  { key: id, idempotencyKey }: RemoveOrder,
  { action, form = {}, isDone }: Way<Record>,
): Promise<Written<Record>> {
  const route = `${kind.route}/{id}${action === "" ? "" : `/${action}`}`;
  try {
    return await post(api, kind, { route, id, form: { ...form, ...expansion(kind) }, idempotencyKey });
  } catch (error) {
    if (!isSpent(error) && !isRefused(error)) throw error;
    const record = await readOne(api, kind, id);
    if (record === undefined || !isDone(record)) throw error;
    return writtenOf(record);
  }
}

/** Its idempotency key can only show what was, and never what is. */
function isSpent(error: unknown): error is CallFailed {
  if (!(error instanceof CallFailed)) return false;
  return error.outcome.code === REPLAYED || error.outcome.code === MISMATCHED;
}

function isRefused(error: unknown): error is CallFailed {
  return error instanceof CallFailed && error.outcome.kind === "invalid";
}

export function refusal(message: string): CallFailed {
  const outcome: Outcome = { kind: "invalid", reason: message };
  return new CallFailed(outcome, message);
}

function asForm(fields: object): Form {
  return fields as Form;
}
