// Schemas are Standard Schema at the border: zod in our own connectors, anything that speaks it in other people's.
import type { StandardSchemaV1 } from "@standard-schema/spec";

export type Schema<Output = unknown> = StandardSchemaV1<unknown, Output>;
export type OutputOf<S> = S extends StandardSchemaV1<infer _In, infer Output> ? Output : never;
