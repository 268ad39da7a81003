// One call that is signed in in one of the ways, with a credential and a body that are seen nowhere else.
import { createHmac } from "node:crypto";
import { z } from "zod";
import { requestToken } from "../../src/auth/token-client.ts";
import { createCaller } from "../../src/call/caller.ts";
import type { Auth } from "../../src/define/auth.ts";
import { defineConnector } from "../../src/define/define-connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { World } from "../../src/world/world.ts";
import type { CredentialKind } from "./kinds.ts";

export interface SignedCall {
  readonly kind: CredentialKind;
  readonly origin: string;
  readonly method: "GET" | "POST";
  readonly redirectsMax: number;
  /** In the credential, and in the body. */
  readonly canary: string;
  readonly client: { readonly certificate: string; readonly privateKey: string };
}

/** How it ended: "done", or the outcome. */
export async function callSigned(call: SignedCall, world: World): Promise<string> {
  if (call.kind === "token request, basic" || call.kind === "token request, body") return askForToken(call, world);
  const connector = defineConnector({
    name: "redirected",
    title: "Redirected",
    settings: z.object({ secret: z.string(), certificate: z.string(), privateKey: z.string() }),
    baseUrl: () => call.origin,
    auth: authOf(call.kind, call.canary),
    ...(call.kind === "certificate"
      ? { certificate: { certificateSetting: "certificate", privateKeySetting: "privateKey" } }
      : {}),
    limits: [],
    resources: {},
  });
  const caller = createCaller({
    connection: connector.connect("redirected", { secret: call.canary, ...call.client }) as never,
    secrets: () => undefined,
    world,
    credentials: undefined as never,
    onReauthorize: () => undefined,
  });
  try {
    await caller.api({ priority: "live", entries: [] }).request({
      method: call.method,
      path: "/start",
      redirectsMax: call.redirectsMax,
      ...(call.method === "POST" ? { body: { note: call.canary } } : {}),
    });
    return "done";
  } catch (error) {
    if (error instanceof CallFailed) return error.outcome.kind;
    throw error;
  } finally {
    caller.close();
  }
}

function authOf(kind: CredentialKind, canary: string): Auth {
  switch (kind) {
    case "bearer":
      return { kind: "header", header: "authorization", prefix: "Bearer ", setting: "secret" };
    case "basic":
      return { kind: "basic", usernameSetting: "secret" };
    case "custom header":
      return { kind: "header", header: "x-api-key", setting: "secret" };
    case "query key":
      return { kind: "query", parameter: "api_key", setting: "secret" };
    case "cookie":
      return { kind: "header", header: "cookie", prefix: "session=", setting: "secret" };
    case "jwt":
      return { kind: "jwt", keySetting: "secret", algorithm: "HS256", claims: () => ({ sub: canary }) };
    case "signature":
      return {
        kind: "signature",
        secretSettings: ["secret"],
        sign: ({ method, url, at }) => {
          const proof = createHmac("sha256", canary).update(`${method} ${url} ${at}`).digest("hex");
          return { "x-signature": proof, "x-key-id": canary };
        },
      };
    default:
      return { kind: "none" };
  }
}

async function askForToken({ kind, origin, canary }: SignedCall, world: World): Promise<string> {
  const account = {
    connection: "redirected",
    tokenUrl: `${origin}/start`,
    clientId: "client",
    clientSecret: canary,
    clientAuth: kind === "token request, basic" ? "basic" : "body",
  } as const;
  const answer = await requestToken(world, account, { kind: "refresh", refreshToken: canary });
  return answer.kind;
}
