// The generator's and the fakes' own maxima, so that a reader sees that they are not what limits the figures.
import type { Lab } from "./lab.ts";

const PAGE_RECORDS = 250;

export interface Maxima {
  /** The generator against the fake target, both doing nothing else: requests a second. */
  readonly requests: number;
  /** The fake source, one page at a time: records a second. */
  readonly records: number;
}

export async function measureMaxima(lab: Lab): Promise<Maxima> {
  const target = await lab.fake("target");
  const source = await lab.fake("source", { "--page": PAGE_RECORDS });
  const requests = await lab.load(target.port, { "--events": 40_000, "--path": "/invoices" });
  const pages = await lab.load(source.port, { "--events": 400, "--connections": 1, "--get": "/orders?cursor=250" });
  target.kill();
  source.kill();
  return { requests: requests.rate, records: pages.rate * PAGE_RECORDS };
}
