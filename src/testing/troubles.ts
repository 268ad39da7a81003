// What can befall the next calls of a provider: each takes the request and the provider's own answer, and makes its own of them.
import type { FetchHandler } from "../world/in-process.ts";

export type Trouble = (request: Request, answer: () => Promise<Response>) => Promise<Response>;

/** The provider, with its next calls befallen by these troubles, first to last. */
export function befallen(handler: FetchHandler, troubles: Trouble[]): FetchHandler {
  return (request) => {
    const trouble = troubles.shift();
    const answer = (): Promise<Response> => handler(request);
    return trouble === undefined ? answer() : trouble(request, answer);
  };
}

/** It does what was asked, and the connection is cut before the answer. */
export const cutAfterwards: Trouble = async (_request, answer) => {
  await answer();
  throw new Error("cut");
};

/** It does what was asked, and never answers. */
export const silentAfterwards: Trouble = async (_request, answer) => {
  await answer();
  return new Promise(() => {});
};

/** The first write is done, and answered with what no connector understands; all else is answered as ever. */
export function oneStrangeAnswer(): readonly Trouble[] {
  let isFirst = true;
  const strange: Trouble = async (request, answer) => {
    const answered = await answer();
    if (request.method === "GET" || !isFirst) return answered;
    isFirst = false;
    return Response.json({ surprise: true });
  };
  return Array.from({ length: 20 }, () => strange);
}

/** It does nothing of what was asked, and answers this. */
export function answers(status: number, body: string = "{}", headers: Readonly<Record<string, string>> = {}): Trouble {
  return async () => new Response(body, { status, headers: { "content-type": "application/json", ...headers } });
}

/** It takes the request, and answers when it is let go. */
export function waits(): { readonly trouble: Trouble; readonly asked: Promise<void>; letGo(): void } {
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  return {
    asked: asked.promise,
    letGo: go.resolve,
    trouble: async (_request, answer) => {
      asked.resolve();
      await go.promise;
      return answer();
    },
  };
}
