// What a webhook endpoint has and no answer shows: its signing secret, and whether it is for connected accounts.
import type { Body } from "./body.ts";

export interface Hidden {
  readonly secret: string;
  readonly isConnect: boolean;
}

/** JSON leaves it out, a copy of the body keeps it. */
const HIDDEN = Symbol("hidden");

export function withHidden(body: Body, hidden: Hidden): Body {
  return Object.assign(body, { [HIDDEN]: hidden });
}

export function hiddenOf(body: Body): Hidden {
  const { [HIDDEN]: hidden } = body as { readonly [HIDDEN]?: Hidden };
  return hidden ?? { secret: "", isConnect: false };
}
