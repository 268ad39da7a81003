// How a record that we made is known as ours: the write's id stands in its metadata. It is what finds a record again when
// its idempotency key tells nothing any more.
import type { Api } from "../../src/define/connector.ts";
import type { Written } from "../../src/define/resource.ts";
import { ask, type StripeObject } from "./ask.ts";
import type { Form } from "./form.ts";
import { expansion, type Kind, type Shown } from "./kind.ts";
import { completed } from "./reading.ts";

export const STAMP = "bowline_write";

const RECORDS_A_PAGE = 100;
/** Of one customer, charge or product; who has more objects than this is searched for instead. */
const PAGES_MAX = 20;

export interface Stamped extends StripeObject {
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
}

/** Metadata as people wrote it. */
export function unstamped(metadata: Stamped["metadata"]): Record<string, string> {
  const { [STAMP]: _stamp, ...rest } = metadata ?? {};
  return rest;
}

/**
 * The records with this stamp. A list of what belongs to the same customer or charge shows a record at once; search, which
 * is for those that belong to nothing, takes up to a minute, in Stripe's bad hours an hour.
 */
export async function findStamped<Record extends Stamped>(
  api: Api,
  kind: Kind<Record>,
  stamp: string,
  narrowed: Form | undefined,
): Promise<readonly Written<Record>[]> {
  const found = narrowed === undefined ? undefined : await inLists(api, kind, stamp, narrowed);
  const records = found ?? (await bySearch(api, kind, stamp));
  return Promise.all(records.map(async (record) => writtenOf(await completed(api, kind, record))));
}

export function writtenOf<Record extends StripeObject>(record: Record): Written<Record> {
  return { key: record.id, record };
}

/** Undefined when the list is too long to be read through. */
async function inLists<Record extends Stamped>(
  api: Api,
  kind: Kind<Record>,
  stamp: string,
  narrowed: Form,
): Promise<readonly Record[] | undefined> {
  let after: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const form = {
      ...kind.listing,
      ...narrowed,
      ...expansion(kind, "data."),
      limit: RECORDS_A_PAGE,
      starting_after: after,
    };
    const page = await ask<Shown<Record>>(api, { method: "GET", route: kind.route, form });
    const found = page.data.filter(({ metadata }) => metadata?.[STAMP] === stamp);
    if (found.length > 0 || !page.has_more) return found;
    after = page.data.at(-1)?.id;
  }
  return undefined;
}

async function bySearch<Record extends Stamped>(
  api: Api,
  kind: Kind<Record>,
  stamp: string,
): Promise<readonly Record[]> {
  const form = { query: `metadata['${STAMP}']:'${stamp}'`, limit: RECORDS_A_PAGE, ...expansion(kind, "data.") };
  const page = await ask<Shown<Record>>(api, { method: "GET", route: `${kind.route}/search`, form });
  return page.data;
}
