// Would this project start? Every fault at once, each with its place, and the right spelling where a near name exists.
// Errors stop the start; warnings are what a careful colleague would say.
import { checkAlerts } from "./check-alerts.ts";
import { checkConnections } from "./check-connections.ts";
import { checkFields } from "./check-fields.ts";
import { checkFreshness } from "./check-freshness.ts";
import { checkLinks } from "./check-links.ts";
import { checkMetrics } from "./check-metrics.ts";
import { checkNetwork } from "./check-network.ts";
import { checkPlace } from "./check-place.ts";
import { checkSyncs } from "./check-syncs.ts";
import { checkTwoWaySyncs } from "./check-two-way.ts";
import type { Project } from "./config.ts";
import type { Fault, Findings } from "./fault.ts";

export type { Fault } from "./fault.ts";

export interface Checked {
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}

export interface CheckOptions {
  /** The environment that secrets are read from. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Opens nothing and calls nobody. */
export function checkProject(project: Project, { env }: CheckOptions): Checked {
  const findings: Findings = { errors: [], warnings: [] };
  checkPlace(project, findings);
  checkNetwork(project, findings);
  checkConnections(project, env, findings);
  checkSyncs(project, findings);
  checkTwoWaySyncs(project, findings);
  checkFields(project, findings);
  checkLinks(project, findings);
  checkFreshness(project, findings);
  checkAlerts(project, env, findings);
  checkMetrics(project, env, findings);
  return findings;
}
