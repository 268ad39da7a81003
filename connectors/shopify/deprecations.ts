// What a shop says in the headers of its answers of what will end: parts of the schema that we ask for, and the version itself.
import type { Answer } from "../../src/define/connector.ts";
import { API_VERSION } from "./settings.ts";

export function deprecations({ headers }: Answer): readonly string[] {
  const reason = headers["x-shopify-api-deprecated-reason"];
  const served = headers["x-shopify-api-version"];
  return [
    ...(reason === undefined || reason === "" ? [] : [`what we ask for will end: ${reason}`]),
    ...(served === undefined || served === API_VERSION
      ? []
      : [`version ${API_VERSION} is no longer served; version ${served} answers in its place`]),
  ];
}
