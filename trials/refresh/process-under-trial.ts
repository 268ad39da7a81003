// One of the processes that share a file of state: it gets access tokens as the engine does, and kills or stops itself where
// its plan says so, if it is the first to come there.
import { mkdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createCredentials, type OAuthAccount } from "../../src/auth/credentials.ts";
import { vaultOf } from "../../src/auth/vault.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import { openSharedCredentials } from "../../src/store/sqlite/shared-credentials.ts";
import type { CredentialStore } from "../../src/store/store.ts";
import { CLIENT } from "../../src/testing/small-authority.ts";
import { realWorld } from "../../src/world/real.ts";
import type { Network } from "../../src/world/world.ts";
import {
  ABANDONED_AFTER_MS,
  firstToken,
  LEASE_MS,
  TASK_MS_MAX,
  type ChildLine,
  type Orders,
  type Task,
} from "./child-lines.ts";
import { isKill, type Fault, type Plan } from "./plan.ts";

const ASK_AGAIN_MS = 15;
const orders = JSON.parse(process.argv[2] ?? "{}") as Orders;
/** By the refresh token that was in the settings, and by connection. */
const plans = new Map<string, Plan>();

const world = realWorld();
const credentials = createCredentials({
  ...world,
  store: planted(throughPoints(openSharedCredentials(orders.dataPath))),
  network: networkThroughPoints(world.network),
  vault: vaultOf(Buffer.alloc(32, 7)),
  shared: true,
  leaseMs: LEASE_MS,
  abandonedAfterMs: ABANDONED_AFTER_MS,
});

createInterface({ input: process.stdin })
  .on("line", (line) => void perform(JSON.parse(line) as Task))
  .on("close", () => process.exit(0));
say({ is: "ready" });

async function perform({ plan, again }: Task): Promise<void> {
  const { connection } = plan;
  plans.set(connection, plan);
  plans.set(firstToken(connection), plan);
  if (again !== undefined) credentials.refused(connection, again);
  const giveUpAt = Date.now() + TASK_MS_MAX;
  let reason = "";
  while (Date.now() < giveUpAt) {
    try {
      return say({ is: "token", connection, token: await credentials.accessToken(accountOf(plan)) });
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      reason = error.message;
      if (error.outcome.kind === "reauthorize") break;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  say({ is: "lost", connection, reason });
}

function accountOf({ connection, graceMs }: Plan): OAuthAccount {
  return {
    connection,
    tokenUrl: orders.tokenUrl,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    clientAuth: "basic",
    firstRefreshToken: firstToken(connection),
    graceMs,
    ...(orders.plant === "present-again" ? { afterLostAnswer: "always" as const } : {}),
  };
}

/** Written at once, so that the line is out before the kill that may follow. */
function say(line: ChildLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

function pass(plan: Plan | undefined, fault: Fault): void {
  if (plan?.fault !== fault || !isFirst(plan)) return;
  say({ is: "at", connection: plan.connection });
  process.kill(process.pid, isKill(plan) ? "SIGKILL" : "SIGSTOP");
}

/** Of all processes one comes first. */
function isFirst({ connection }: Plan): boolean {
  try {
    mkdirSync(join(orders.folder, `${connection}.reached`));
    return true;
  } catch {
    return false;
  }
}

function throughPoints(store: CredentialStore): CredentialStore {
  return {
    ...store,
    async beginRefresh(connection, ...given) {
      const begun = await store.beginRefresh(connection, ...given);
      if (begun.is !== "begun") return begun;
      pass(plans.get(connection), "kill-recorded");
      pass(plans.get(connection), "stop-recorded");
      return begun;
    },
  };
}

function networkThroughPoints(network: Network): Network {
  return {
    async send(request) {
      const form = new URLSearchParams(typeof request.body === "string" ? request.body : "");
      const plan = plans.get(form.get("refresh_token") ?? "");
      pass(plan, "stop-sending");
      const response = await network.send(request);
      pass(plan, "kill-answered");
      pass(plan, "stop-answered");
      return response;
    },
  };
}

/** Refreshes as if nobody else were there. */
function planted(store: CredentialStore): CredentialStore {
  if (orders.plant !== "refresh-without-lease") return store;
  return {
    ...store,
    async credential(connection) {
      const kept = await store.credential(connection);
      return kept === undefined ? undefined : { sealed: kept.sealed, version: kept.version };
    },
    beginRefresh: async () => ({ is: "begun", epoch: 0 }),
    endRefresh: async () => {},
    saveCredential: (connection, version, sealed) => store.saveCredential(connection, version, sealed),
  };
}
