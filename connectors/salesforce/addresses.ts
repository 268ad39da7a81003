// An address is five fields of the record; the compound field that shows them together cannot be written.
import { z } from "zod";
import { text } from "./shapes.ts";

const PARTS = { Street: 255, City: 40, State: 80, PostalCode: 20, Country: 80 } as const;

type AddressOf<Prefix extends string> = {
  [Part in keyof typeof PARTS as `${Prefix}${Part}`]: z.ZodOptional<z.ZodString>;
};

/** `BillingStreet`, `BillingCity`, …; without a prefix, as a lead has it, `Street`, `City`, … */
export function address<const Prefix extends string>(prefix: Prefix): AddressOf<Prefix> {
  return Object.fromEntries(
    Object.entries(PARTS).map(([part, charactersMax]) => [prefix + part, text(charactersMax).optional()]),
  ) as AddressOf<Prefix>;
}
