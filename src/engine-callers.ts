// The caller of each connection: within its limits, signed in by the kept credentials, heard by those who watch; and what is
// done when its credentials no longer work.
import type { KeptCredentials } from "./auth/credentials.ts";
import { createCaller, type Caller } from "./call/caller.ts";
import type { KeptQuotas } from "./call/kept-quotas.ts";
import type { LiveSecrets } from "./call/live-secrets.ts";
import type { LogLimits } from "./call/request-log.ts";
import { readSettings } from "./call/settings.ts";
import { createSharedLimits } from "./call/shared-limits.ts";
import type { Project } from "./define/config.ts";
import type { SecretReader } from "./define/secret.ts";
import type { EngineWatch } from "./engine-watch.ts";
import type { Log } from "./log.ts";
import type { Store } from "./store/store.ts";
import type { World } from "./world/world.ts";

export interface EngineCallersParts {
  readonly project: Project;
  readonly store: Store;
  readonly world: World;
  readonly credentials: KeptCredentials;
  readonly quotas: KeptQuotas;
  readonly watch: EngineWatch;
  readonly live: LiveSecrets;
  readonly secrets: SecretReader;
  readonly log: Log;
}

/** Adds the caller of each connection, by its name. */
export function addCallers(callers: Map<string, Caller>, parts: EngineCallersParts): void {
  const { project, store, world, credentials, quotas, watch, live, secrets, log } = parts;
  const { clock } = world;
  const sharedLimits = createSharedLimits(clock);
  for (const one of project.connections) {
    const connection = watch.drift.listeningTo(one);
    const name = connection.connectionName;
    live.learn(`settings of ${name}`, readSettings(connection, secrets).secrets);
    const onReauthorize = (reason: string): void => {
      log("error", `connection ${name} needs to be authorised again; its work is held`, { connection: name, reason });
      const state = { state: "reauthorize", reason, since: clock.now() } as const;
      callers.get(name)?.setConnectionState(state);
      // It is held all the same, and a new start tries it anyway: a full disk is no reason to end.
      store
        .setConnectionState(name, state)
        .catch((error: unknown) => log("error", `could not note that: ${String(error)}`, { connection: name }));
    };
    const limits = { quotas, sharedLimits, limits: { log: logLimitsOf(project) } };
    callers.set(name, createCaller({ connection, secrets, world, credentials, onReauthorize, ...limits }));
  }
}

function logLimitsOf({ limits }: Project): LogLimits {
  return {
    requestCharsMax: limits.loggedRequestCharsMax,
    failedCharsMax: limits.loggedFailureCharsMax,
    doneCharsMax: limits.loggedAnswerCharsMax,
  };
}
