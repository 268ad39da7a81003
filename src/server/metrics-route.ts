// Answers whoever watches at /metrics. Who comes has been judged before.
import type { Hono } from "hono";
import type { Control } from "../control.ts";
import { StoreError } from "../store/store.ts";
import type { ApiEnvironment, ApiOptions } from "./api.ts";
import { METRICS_PATH } from "./guard.ts";
import { METRICS_TYPE, metricsText } from "./metrics.ts";

export function addMetrics(
  api: Hono<ApiEnvironment>,
  control: Control,
  { refusing, processFigures }: Pick<ApiOptions, "refusing" | "processFigures">,
): void {
  api.get(METRICS_PATH, async (context) => {
    try {
      const text = metricsText({
        status: await control.status(),
        isRefusing: refusing?.() !== undefined,
        ...(processFigures === undefined ? {} : { process: processFigures() }),
      });
      return context.body(text, 200, { "content-type": METRICS_TYPE });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return context.text(`the store: ${error.code}\n`, 503);
    }
  });
}
