// Where the project runs: its port, its public address, its limits.
import { allSyncs, PROJECT_LIMITS, resourcesOf, type Project } from "./config.ts";
import { type Findings, suggestion } from "./fault.ts";

const PORT_MAX = 65_535;

export function checkPlace(project: Project, { errors, warnings }: Findings): void {
  const { port, publicUrl, limits, connections } = project;
  const syncs = allSyncs(project);
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) {
    errors.push({ place: "port", message: `cannot listen on ${port}: expected a whole number from 0 to ${PORT_MAX}` });
  }
  if (publicUrl !== undefined && !isWebAddress(publicUrl)) {
    errors.push({
      place: "publicUrl",
      message: `cannot use ${JSON.stringify(publicUrl)}: expected an address such as "https://bowline.example.com"`,
    });
  }
  for (const [name, limit] of Object.entries(limits)) {
    if (!(name in PROJECT_LIMITS)) {
      const known = Object.keys(PROJECT_LIMITS);
      errors.push({ place: `limits › ${name}`, message: `there is no limit of this name.${suggestion(name, known)}` });
    } else if (!Number.isSafeInteger(limit) || Number(limit) <= 0) {
      errors.push({
        place: `limits › ${name}`,
        message: `cannot use ${String(limit)}: expected a whole number above 0`,
      });
    }
  }
  if (syncs.length === 0)
    warnings.push({ place: "syncs", message: "there is no sync: nothing will be kept in agreement" });
  const used = new Set(syncs.flatMap((sync) => resourcesOf(sync).map((one) => one?.connectionName)));
  for (const { connectionName } of connections) {
    if (syncs.length > 0 && !used.has(connectionName)) {
      warnings.push({ place: `connection ${connectionName}`, message: "no sync reads from it or writes to it" });
    }
  }
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
