// For tests of connectors: makes what is said to be safe once more, so that a test sees that it changes nothing more.
import type { Api, ApiRequest } from "../define/connector.ts";
import { CallFailed } from "../define/outcome.ts";

/** What the provider refuses the second time changes nothing either. Says what was made again, such as "POST /customers". */
export async function madeAgain(api: Api, sent: readonly ApiRequest[]): Promise<readonly string[]> {
  const safe = sent.filter((request) => request.safe !== undefined);
  for (const request of safe) {
    try {
      await api.request(request);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
    }
  }
  return safe.map(({ method, path }) => `${method} ${path}`);
}
