// An invoice is written in steps: the draft, its lines, then how far it goes. Each step has a key of its own made from the
// write's, so that the whole can be repeated from any point and nothing is done twice.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { RemoveOrder, UpdateOrder, WriteOrder, Written } from "../../src/define/resource.ts";
import { ask, isMissing } from "./ask.ts";
import { expansion, type Kind } from "./kind.ts";
import type { StripeInvoice, StripeInvoiceFields } from "./invoices.ts";
import { present } from "./normal.ts";
import { readOne } from "./reading.ts";
import { STAMP, writtenOf } from "./stamp.ts";
import { halfDone, stepwise } from "./stepwise.ts";
import { create, keyOf, post, refusal, retire, update, type Saving } from "./writing.ts";

type InvoiceKind = Kind<StripeInvoice>;
type InvoiceSaving = Saving<StripeInvoiceFields>;
type Lines = NonNullable<StripeInvoiceFields["lines"]>;

export async function createInvoice(
  engine: Api,
  kind: InvoiceKind,
  { idempotencyKey, fields }: WriteOrder<StripeInvoiceFields>,
  saving: InvoiceSaving,
): Promise<Written<StripeInvoice>> {
  const api = stepwise(engine);
  const { lines = [], status = "draft", ...head } = fields;
  const draft = await create(api, kind, { idempotencyKey, fields: head }, saving);
  try {
    const filled = lines.length === 0 ? draft : await addLines(api, kind, draft.key, idempotencyKey, lines);
    return await advance(api, kind, filled, status, idempotencyKey);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const isUndone = error.outcome.kind === "invalid" && (await discard(api, kind, draft.key));
    throw isUndone ? error : halfDone(error);
  }
}

/** Stripe will not take the rest as it is: the draft is of no use to anybody. True when it is gone. */
async function discard(api: Api, kind: InvoiceKind, id: string): Promise<boolean> {
  try {
    await ask(api, { method: "DELETE", route: `${kind.route}/{id}`, id });
    return true;
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return isMissing(error);
  }
}

export async function updateInvoice(
  engine: Api,
  kind: InvoiceKind,
  order: UpdateOrder<StripeInvoiceFields, StripeInvoice>,
  saving: InvoiceSaving,
): Promise<Written<StripeInvoice>> {
  const api = stepwise(engine);
  const { key, fields, idempotencyKey } = order;
  const changed = order.changed.filter((name) => name !== "lines" && name !== "status");
  let written = changed.length > 0 ? await update(api, kind, { ...order, changed }, saving) : undefined;
  if (order.changed.includes("lines")) written = await replaceLines(api, kind, key, idempotencyKey, fields.lines ?? []);
  if (order.changed.includes("status") && fields.status !== undefined) {
    const now = written ?? writtenOf(await readExisting(api, kind, key));
    written = await advance(api, kind, now, fields.status, idempotencyKey);
  }
  return written ?? writtenOf(await readExisting(api, kind, key));
}

async function readExisting(api: Api, kind: InvoiceKind, id: string): Promise<StripeInvoice> {
  const invoice = await readOne(api, kind, id);
  if (invoice !== undefined) return invoice;
  const message = `Could not change invoice ${id}: it is gone`;
  throw new CallFailed({ kind: "missing", reason: message }, message);
}

/** A draft is finalized, an open one noted as paid elsewhere. There is no way back, and none is tried. */
async function advance(
  api: Api,
  kind: InvoiceKind,
  { key: id, record }: Written<StripeInvoice>,
  wanted: NonNullable<StripeInvoiceFields["status"]>,
  idempotencyKey: string,
): Promise<Written<StripeInvoice>> {
  let invoice = record ?? (await readExisting(api, kind, id));
  // What a kept answer shows may be older than the invoice: finalizing twice is not an error, but a state already reached.
  if (wanted !== "draft" && invoice.status === "draft") {
    invoice = await step(api, kind, id, "finalize", idempotencyKey, ({ status }) => status !== "draft");
  }
  if (wanted === "paid" && (invoice.status === "open" || invoice.status === "uncollectible")) {
    invoice = await step(api, kind, id, "pay", idempotencyKey, ({ status }) => status === "paid");
  }
  const isThere = invoice.status === wanted || (wanted === "open" && invoice.status === "paid");
  if (!isThere)
    throw refusal(`Could not bring invoice ${id} to "${wanted}": it is ${invoice.status ?? "of no status"}`);
  return writtenOf(invoice);
}

async function step(
  api: Api,
  kind: InvoiceKind,
  id: string,
  action: "finalize" | "pay",
  idempotencyKey: string,
  isDone: (invoice: StripeInvoice) => boolean,
): Promise<StripeInvoice> {
  const form = action === "pay" ? { paid_out_of_band: true } : {};
  const order = { key: id, idempotencyKey: `${idempotencyKey}.${action}` };
  const { record } = await retire(api, kind, order, { action, form, isDone });
  return record!;
}

async function addLines(
  api: Api,
  kind: InvoiceKind,
  id: string,
  idempotencyKey: string,
  lines: Lines,
): Promise<Written<StripeInvoice>> {
  const stamped = lines.map((line) => ({ ...present(line), metadata: { ...line.metadata, [STAMP]: idempotencyKey } }));
  const form = { lines: stamped, ...expansion(kind) };
  return post(api, kind, { route: "/invoices/{id}/add_lines", id, form, idempotencyKey: `${idempotencyKey}.lines` });
}

/** The new lines first, then away with all that do not carry this write's stamp: any step may be repeated. */
async function replaceLines(
  api: Api,
  kind: InvoiceKind,
  id: string,
  idempotencyKey: string,
  lines: Lines,
): Promise<Written<StripeInvoice>> {
  if (lines.length > 0) await addLines(api, kind, id, idempotencyKey, lines);
  const invoice = await readExisting(api, kind, id);
  const old = invoice.lines.data.filter(
    ({ metadata, parent }) => metadata?.[STAMP] !== idempotencyKey && parent?.type === "invoice_item_details",
  );
  if (old.length === 0) return writtenOf(invoice);
  const form = { lines: old.map((line) => ({ id: line.id, behavior: "delete" })), ...expansion(kind) };
  const key = keyOf(`${idempotencyKey}.remove`, form);
  return post(api, kind, { route: "/invoices/{id}/remove_lines", id, form, idempotencyKey: key });
}

/** A draft cannot be voided, and nobody has seen it: it is deleted. */
export async function voidInvoice(
  api: Api,
  kind: InvoiceKind,
  order: RemoveOrder,
): Promise<Written<StripeInvoice> | undefined> {
  const invoice = await readOne(api, kind, order.key);
  if (invoice === undefined) return undefined;
  if (invoice.status === "draft") {
    await ask(api, { method: "DELETE", route: `${kind.route}/{id}`, id: order.key });
    return undefined;
  }
  return retire(api, kind, order, { action: "void", isDone: ({ status }) => status === "void" });
}
