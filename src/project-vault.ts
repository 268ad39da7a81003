// The vault of a project's file of state: where its keys come from, and who is told when a secret does not open.
import { readKeyRing } from "./auth/key-ring.ts";
import { openVault, type KeptVault } from "./auth/vault.ts";
import type { LiveSecrets } from "./call/live-secrets.ts";
import type { Project } from "./define/config.ts";
import { isSecret } from "./define/secret.ts";
import { calm, type Log } from "./log.ts";
import type { Store } from "./store/store.ts";
import type { Clock } from "./world/world.ts";

export interface ProjectVaultOptions {
  readonly project: Project;
  readonly dataPath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Learns what goes through the vault, so that no log line shows it. */
  readonly live: LiveSecrets;
}

export async function openProjectVault(options: ProjectVaultOptions): Promise<KeptVault> {
  const { project, dataPath, environment, store, clock, log, live } = options;
  const ring = await readKeyRing({ keyFile: `${dataPath}.key`, env: environment, withheld: secretVariables(project) });
  const calmly = calm(log, clock);
  return openVault({
    ring,
    store,
    clock,
    live,
    alert: ({ connection, field, version, tenant }, why) => {
      const facts = { connection, field, version, tenant, why };
      calmly(`vault ${connection}`, "error", "a sealed secret did not open: the keys or the file were changed", facts);
      store.tally("vault.refused").catch((error: unknown) => log("error", `could not count that: ${String(error)}`));
    },
    onFault: (error) => log("error", `could not make a new data key: ${String(error)}`),
  });
}

/** The variables that hold secrets of the project's own. */
function secretVariables({ connections, alerts, metrics }: Project): readonly string[] {
  const settings = connections.flatMap((one) => Object.values(one.settings as Readonly<Record<string, unknown>>));
  return [...settings, alerts.to, alerts.secret, ...Object.values(alerts.toOwners), metrics.token]
    .filter(isSecret)
    .map(({ variable }) => variable);
}
