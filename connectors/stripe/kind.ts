// What the connector has to know of one kind of object to read, list, find and write it.
import type { Api } from "../../src/define/connector.ts";
import { ask, type StripeObject } from "./ask.ts";
import type { Form } from "./form.ts";
import type { WatchedName } from "./observed.ts";

export interface Kind<Record extends StripeObject> {
  /** The resource's name, by which its events are known. */
  readonly name: WatchedName;
  /** Such as "/customers". */
  readonly route: string;
  /** Parts that are shown only when asked for. */
  readonly expand?: readonly string[];
  /** What a list needs to show all there are. */
  readonly listing?: Form;
  /** Brings in what an answer shows only the beginning of. */
  readonly complete?: (api: Api, record: Record) => Promise<Record>;
  readonly tellsDeletions: boolean;
}

export function expansion(kind: { readonly expand?: readonly string[] }, prefix = ""): Form {
  return kind.expand === undefined ? {} : { expand: kind.expand.map((path) => prefix + path) };
}

/** The rest of a list of which an object shows only the first few. */
export interface Shown<Part> {
  readonly data: readonly Part[];
  readonly has_more: boolean;
}

const PARTS_A_PAGE = 100;

export async function allParts<Part extends { readonly id: string }>(
  api: Api,
  route: string,
  given: { readonly id?: string; readonly form?: Form },
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (;;) {
    const after = parts.at(-1)?.id;
    const form = { ...given.form, limit: PARTS_A_PAGE, starting_after: after };
    const page = await ask<Shown<Part>>(api, { method: "GET", route, ...given, form });
    parts.push(...page.data);
    if (!page.has_more || page.data.length === 0) return parts;
  }
}
