// Reads a connector's listing to its end, as its tests do.
import type { Page } from "../define/resource.ts";

export interface AllPages<Record> {
  readonly records: Record[];
  readonly deleted: string[];
  readonly pages: number;
}

/** `between` happens after each page. */
export async function allPages<Record>(
  page: (cursor: { readonly cursor?: string }) => Promise<Page<Record>>,
  between: (pages: number) => unknown = () => undefined,
): Promise<AllPages<Record>> {
  const records: Record[] = [];
  const deleted: string[] = [];
  let pages = 0;
  let cursor: string | undefined;
  do {
    const told = await page(cursor === undefined ? {} : { cursor });
    records.push(...told.records);
    deleted.push(...(told.deleted ?? []));
    pages += 1;
    cursor = told.next;
    await between(pages);
  } while (cursor !== undefined);
  return { records, deleted, pages };
}
