// Temporal: the runtime's own where it has one, else the polyfill. Dates of calendars and zones are never computed by hand.
import { Temporal as Polyfill } from "temporal-polyfill";

const own = (globalThis as { readonly Temporal?: typeof Polyfill }).Temporal;

export const Temporal: typeof Polyfill = own ?? Polyfill;
