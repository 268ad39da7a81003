// Puts together who is told what: the addresses with their secrets, and how everything stands as the control tells it, without
// any secret.
import { Alerts } from "./alert/alerts.ts";
import { destinationsOf } from "./alert/destinations.ts";
import type { LiveSecrets } from "./call/live-secrets.ts";
import type { Control } from "./control.ts";
import type { Project } from "./define/config.ts";
import type { SecretReader } from "./define/secret.ts";
import type { Log } from "./log.ts";
import type { Store } from "./store/store.ts";
import type { World } from "./world/world.ts";

/** Among so many the last audit of each sync is looked for. */
const AUDITS_READ = 200;

export interface EngineAlertsParts {
  readonly project: Project;
  readonly store: Store;
  readonly world: World;
  readonly log: Log;
  readonly live: LiveSecrets;
  readonly secrets: SecretReader;
  readonly pageUrl: () => string | undefined;
  readonly control: () => Control;
}

export function engineAlerts({
  project,
  store,
  world,
  log,
  live,
  secrets,
  pageUrl,
  control,
}: EngineAlertsParts): Alerts {
  const destinations = destinationsOf(project.alerts, secrets);
  live.learn("alerts", destinations.secrets);
  return new Alerts({
    project: project.name,
    store,
    clock: world.clock,
    network: world.network,
    log,
    destinations,
    remindEveryMs: project.alerts.remindEveryMs,
    pageUrl,
    async facts() {
      const asked = control();
      const [status, groups, webhooks, drifts, audits] = await Promise.all([
        asked.status(),
        asked.parkedGroups(),
        asked.webhooks(),
        asked.drift(),
        asked.audits({ limit: AUDITS_READ }),
      ]);
      return { status, groups, webhooks, drifts, audits };
    },
  });
}
