// May a call change anything at the provider? It decides what a lost answer means.
import type { ApiRequest } from "../define/connector.ts";

export function writes(request: ApiRequest): boolean {
  return request.writes ?? request.method !== "GET";
}
