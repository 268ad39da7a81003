// A resource whose listings show a record of each page to whoever watches for drift: real answers, few of them, whole.
import type { ConnectedResource } from "../define/connection.ts";
import type { Page, Resource } from "../define/resource.ts";

/** `isNews`: it was edited lately, so that a field it lacks is not only old. */
export type Sample = (record: unknown, isNews: boolean) => void;

export function sampledResource(from: ConnectedResource, sample: Sample): ConnectedResource {
  const { changes, everything } = from.resource;
  let pages = 0;
  const show = (page: Page<unknown>, isNews: boolean): Page<unknown> => {
    const record = page.records[pages % page.records.length];
    pages += 1;
    if (record !== undefined) sample(record, isNews);
    return page;
  };
  const resource: Resource = {
    ...from.resource,
    ...(changes === undefined
      ? {}
      : { changes: { ...changes, page: async (...given) => show(await changes.page(...given), true) } }),
    ...(everything === undefined
      ? {}
      : {
          everything: {
            ...everything,
            page: async (...given) => show(await everything.page(...given), changes === undefined),
          },
        }),
  };
  return { ...from, resource };
}
