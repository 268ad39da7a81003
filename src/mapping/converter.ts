// A converter turns one source value into a target value, or throws saying why it cannot; then the record is parked.

export interface Converter<From, To> {
  (value: From): To;
  /** What the web page says it does, such as "decimal(2)". */
  readonly rule: string;
}

/** Names what a function does: `converter("initials", (name: string) => …)`. */
export function converter<From, To>(rule: string, convert: (value: From) => To): Converter<From, To> {
  return Object.assign((value: From) => convert(value), { rule });
}

/** Why a value could not be converted; `wanted` reads on from "expected". */
export function cannotConvert(value: unknown, wanted: string): Error {
  return new Error(`could not convert ${String(JSON.stringify(value)).slice(0, 80)}: expected ${wanted}`);
}
