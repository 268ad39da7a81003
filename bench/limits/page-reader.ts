// Reads the source's pages one after the other, asking for the next one while the present one is worked on.
import { Pool } from "undici";
import type { Order } from "../order.ts";

interface OrderPage {
  readonly records: readonly Order[];
  readonly next?: string;
}

export async function* pagesOf(url: string): AsyncGenerator<readonly Order[]> {
  const pool = new Pool(url, { connections: 1, pipelining: 1 });
  const read = async (cursor: string): Promise<OrderPage> => {
    const answer = await pool.request({ method: "GET", path: `/orders?cursor=${cursor}` });
    return JSON.parse(await answer.body.text()) as OrderPage;
  };
  try {
    for (let page: OrderPage | undefined = await read("0"); page !== undefined;) {
      const ahead: Promise<OrderPage> | undefined = page.next === undefined ? undefined : read(page.next);
      yield page.records;
      page = await ahead;
    }
  } finally {
    await pool.close();
  }
}
