// For a write of several calls: the connector itself says how the whole ended. The engine takes whatever fails after a call
// that changed something for unknown, and rightly so; but a step that Stripe refuses for good, and that was undone or may
// simply be made again, is a refusal of the whole, which a person has to hear of at once.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";

/** Every call has a key of its own, so it is as safe to repeat as a read; one whose answer was lost stays unknown. */
export function stepwise(api: Api): Api {
  return {
    settings: api.settings,
    async request(request) {
      if (request.method === "GET") return api.request(request);
      try {
        return await api.request({ ...request, writes: false });
      } catch (error) {
        throw error instanceof CallFailed && error.outcome.kind === "unavailable" ? asUnknown(error) : error;
      }
    },
  };
}

/** What was held was never sent, and says so itself. */
function asUnknown(error: CallFailed): CallFailed {
  if (error.outcome.held) return error;
  return new CallFailed({ ...error.outcome, kind: "unknown" }, error.message, { cause: error });
}

/** Something was made before this failed: the write is repeated from there, and never decided anew. */
export function halfDone(error: CallFailed): CallFailed {
  const { held: _held, ...outcome } = error.outcome;
  const reason = `a part of it was written, but then: ${outcome.reason ?? outcome.kind}`;
  return new CallFailed({ ...outcome, kind: "unknown", reason }, error.message, { cause: error });
}
