// Connections: their names, their settings by the connector's own schema with the secrets read, how the connector signs in and limits
// itself with these, and what signs webhooks.
import { faultsWith } from "./connector-faults.ts";
import { issuePath } from "./schema.ts";
import { allSyncs, sourcesOf, type Project } from "./config.ts";
import type { ConnectionBase } from "./connector.ts";
import { checkDuplicates, checkName, type Findings } from "./fault.ts";
import { isSecret } from "./secret.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export function checkConnections(project: Project, env: Environment, findings: Findings): void {
  const { connections } = project;
  const sources = new Set(allSyncs(project).flatMap((sync) => sourcesOf(sync).map((one) => one?.connectionName)));
  checkDuplicates(
    "connection",
    connections.map(({ connectionName }) => connectionName),
    findings,
  );
  for (const connection of connections) {
    checkName(connection.connectionName, `connection ${connection.connectionName}`, findings);
    checkSettings(connection, env, findings);
    // What is only written to need not tell of its changes.
    if (sources.has(connection.connectionName)) checkWebhook(connection, findings);
  }
}

function checkSettings(
  { connectionName, connector, settings }: ConnectionBase<any, any>,
  env: Environment,
  findings: Findings,
): void {
  const place = `connection ${connectionName}`;
  const plain: Record<string, unknown> = {};
  const missing = new Set<PropertyKey>();
  for (const [name, value] of Object.entries(settings as Readonly<Record<string, unknown>>)) {
    const read = isSecret(value) ? env[value.variable] : value;
    if (isSecret(value) && (read === undefined || read === "")) {
      missing.add(name);
      findings.errors.push({
        place: `${place} › ${name}`,
        message: `the environment has no ${value.variable}: set it, or add it to .env beside the configuration`,
      });
    } else plain[name] = read;
  }
  const result = connector.settings["~standard"].validate(plain);
  if (result instanceof Promise) return;
  if (result.issues === undefined) {
    const faults = faultsWith(connector, result.value);
    findings.errors.push(...faults.map((fault) => ({ ...fault, place: `${place} › ${fault.place}` })));
    return;
  }
  for (const issue of result.issues) {
    const names = issuePath(issue);
    if (names[0] !== undefined && missing.has(names[0])) continue;
    findings.errors.push({ place: [place, ...names.map(String)].join(" › "), message: issue.message });
  }
}

function checkWebhook({ connectionName, connector, settings }: ConnectionBase<any, any>, { warnings }: Findings): void {
  const { webhook, title } = connector;
  if (webhook === undefined || webhook.secretSettings.length === 0) return;
  const given = settings as Readonly<Record<string, unknown>>;
  if (webhook.secretSettings.some((name) => given[name] !== undefined)) return;
  warnings.push({
    place: `connection ${connectionName} › ${webhook.secretSettings[0]}`,
    message: `${title}'s webhooks are refused, since nothing can prove them: set what signs them, or changes are found by asking only`,
  });
}
