// Who is told: addresses that nobody could post to, owners that no sync has, and syncs whose alerts reach nobody.
import { allSyncs, type Project } from "./config.ts";
import { suggestion, type Findings } from "./fault.ts";
import { isSecret, type Secret } from "./secret.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export function checkAlerts(project: Project, env: Environment, findings: Findings): void {
  const { to, toOwners, secret, unreadable } = project.alerts;
  const owners = new Set(allSyncs(project).flatMap(({ owner }) => owner?.name ?? []));
  if (to !== undefined) checkAddress(to, "alerts › to", env, findings);
  for (const [owner, address] of Object.entries(toOwners)) {
    const place = `alerts › toOwners › ${owner}`;
    checkAddress(address, place, env, findings);
    if (owners.has(owner)) continue;
    findings.errors.push({ place, message: `no sync has this owner.${suggestion(owner, [...owners])}` });
  }
  if (secret !== undefined) read(secret, "alerts › secret", env, findings);
  if (unreadable !== undefined) {
    findings.errors.push({
      place: "alerts › remindEvery",
      message: `cannot read ${JSON.stringify(unreadable)} as a duration: expected a number above 0 with ms, s, m, h or d, such as "1d"`,
    });
  }
  warnOfNobody(project, [...owners], findings);
}

function checkAddress(address: string | Secret, place: string, env: Environment, findings: Findings): void {
  const url = read(address, place, env, findings);
  if (url === undefined) return;
  const { protocol, username } = URL.canParse(url) ? new URL(url) : { protocol: "", username: "" };
  if ((protocol === "https:" || protocol === "http:") && username === "") return;
  // What is wrong is not quoted: the address of a chat is a secret as a whole.
  findings.errors.push({
    place,
    message: "cannot post to it: expected an address such as https://example.com/alerts, without a user's name in it",
  });
}

function read(value: string | Secret, place: string, env: Environment, { errors }: Findings): string | undefined {
  if (!isSecret(value)) return value;
  const text = env[value.variable];
  if (text !== undefined && text !== "") return text;
  errors.push({
    place,
    message: `the environment has no ${value.variable}: set it, or add it to .env beside the configuration`,
  });
  return undefined;
}

function warnOfNobody({ alerts, ...project }: Project, owners: readonly string[], { warnings }: Findings): void {
  const { to, toOwners } = alerts;
  if (to !== undefined || (project.syncs.length === 0 && project.twoWaySyncs.length === 0)) return;
  const unreached = owners.filter((owner) => toOwners[owner] === undefined);
  if (owners.length > 0 && unreached.length === 0) return;
  warnings.push({
    place: "alerts › to",
    message: `nobody is told${unreached.length === 0 ? "" : ` for ${unreached.join(", ")}`} but the log and the page: set the address that takes alerts, such as alerts: { to: env("ALERTS_URL") }`,
  });
}
