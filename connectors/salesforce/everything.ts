// Lists all records of an object: by queries in the order of their ids, or by a job of the Bulk API.
import type { Everything } from "../../src/define/resource.ts";
import { bulkPage } from "./bulk.ts";
import type { SalesforceObject } from "./object.ts";
import { fieldsFor } from "./reading.ts";
import { PAGE_RECORDS, query, quoted, select } from "./soql.ts";

export function everythingOf<Record>(object: SalesforceObject): Everything<Record> {
  return {
    page: async (api, { cursor }) => {
      // A listing goes on in the way in which it was begun.
      const isBulk = cursor === undefined ? api.settings["everythingBy"] === "bulk" : cursor.startsWith("{");
      if (isBulk) return bulkPage<Record>(api, object, cursor);
      // Ids never change, so no edit moves a record past the border of a page; a new one is told by the changes.
      const soql = select({
        object: object.name,
        fields: fieldsFor(api, object),
        where: cursor === undefined ? [] : [`Id > ${quoted(cursor)}`],
        orderBy: ["Id"],
        limit: PAGE_RECORDS,
      });
      const { records, isDone } = await query(api, soql, { decimals: object.decimals });
      const last = records.at(-1)?.Id;
      const isLast = last === undefined || (isDone && records.length < PAGE_RECORDS);
      return { records: records as unknown as readonly Record[], ...(isLast ? {} : { next: last }) };
    },
  };
}
