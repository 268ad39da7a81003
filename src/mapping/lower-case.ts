// For e-mail addresses and codes that a provider lowers by itself.
import { cannotConvert, type Converter, converter } from "./converter.ts";

/** Trimmed and in lower case, the same in every language's settings. */
export function lowerCase(): Converter<string, string> {
  return converter("lower case", (value) => {
    if (typeof value !== "string") throw cannotConvert(value, "text");
    return value.trim().toLowerCase();
  });
}
