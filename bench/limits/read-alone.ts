// W3's other limit: reading and parsing every page, and nothing else. A run in which nothing changed cannot be faster.
import { runSubject } from "../subject.ts";
import { pagesOf } from "./page-reader.ts";

await runSubject(async ({ sourceUrl }: { readonly sourceUrl: string }) => ({
  ready: {},
  command: async () => {
    const began = process.hrtime.bigint();
    let records = 0;
    for await (const orders of pagesOf(sourceUrl)) records += orders.length;
    return { records, seconds: Number(process.hrtime.bigint() - began) / 1e9 };
  },
  stop: async () => ({}),
}));
