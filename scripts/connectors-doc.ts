// Writes docs/connectors.md from the connectors themselves: `node scripts/connectors-doc.ts`. A test holds the page to them.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Auth } from "../src/define/auth.ts";
import type { Connector, Limit } from "../src/define/connector.ts";
import type { Resource, Safety } from "../src/define/resource.ts";

const ROOT = join(import.meta.dirname, "..");
export const PAGE = join(ROOT, "docs", "connectors.md");

/** Settings that show each way of signing in and the limits of a usual plan; the secrets are none. */
const SHOWN_SETTINGS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  shopify: [
    { shop: "shown", accessToken: "shown" },
    { shop: "shown", clientId: "shown", clientSecret: "shown" },
  ],
  stripe: [{ apiKey: "shown" }],
  xero: [
    { clientId: "shown", clientSecret: "shown" },
    { clientId: "shown", clientSecret: "shown", customConnection: true },
  ],
  hubspot: [
    { portalId: "1", accessToken: "shown" },
    { portalId: "1", clientId: "shown", clientSecret: "shown" },
  ],
  salesforce: [
    { instanceUrl: "https://shown.my.salesforce.com", clientId: "shown", username: "shown", privateKey: "shown" },
    { instanceUrl: "https://shown.my.salesforce.com", clientId: "shown", clientSecret: "shown" },
  ],
};

export async function connectorsPage(): Promise<string> {
  const connectors: Connector[] = [];
  for (const name of readdirSync(join(ROOT, "connectors")).toSorted()) {
    const index = join(ROOT, "connectors", name, "index.ts");
    if (!existsSync(index)) continue;
    const exported = (await import(pathToFileURL(index).href)) as Readonly<Record<string, unknown>>;
    const connector = Object.values(exported).find(isConnector);
    if (connector === undefined) throw new Error(`connectors/${name}/index.ts exports no connector`);
    connectors.push(connector);
  }
  return page(connectors);
}

function isConnector(value: unknown): value is Connector {
  return typeof value === "object" && value !== null && "resources" in value && "baseUrl" in value;
}

function page(connectors: readonly Connector[]): string {
  return [
    "# Connectors",
    "",
    "Made from the code by `node scripts/connectors-doc.ts`; a test holds this page to it. What is peculiar to a provider, and what of its",
    "documentation could not be verified, is in the README of its folder. For a provider that is not here: [writing a connector](writing-a-connector.md).",
    "",
    "| provider | API version | signing in | limits of an account | webhooks | verified by |",
    "|---|---|---|---|---|---|",
    ...connectors.map(providerRow),
    ...connectors.flatMap(resourceTable),
    "",
  ].join("\n");
}

function providerRow(connector: Connector): string {
  const { name, title, apiVersion = "", apiVersionEnds, webhook } = connector;
  const version = apiVersionEnds === undefined ? apiVersion : `${apiVersion} (until ${apiVersionEnds})`;
  const settings = SHOWN_SETTINGS[name] ?? [{}];
  const auths = settings.map((each) =>
    authText(typeof connector.auth === "function" ? connector.auth(each) : connector.auth),
  );
  const limits = typeof connector.limits === "function" ? connector.limits(settings[0] ?? {}) : connector.limits;
  const hooks = webhook === undefined ? "none: polled" : (webhook.signature ?? "signed");
  return row([
    `[${title}](../connectors/${name}/README.md)`,
    version,
    unique(auths),
    limitsText(limits),
    hooks,
    verifiedBy(name),
  ]);
}

function resourceTable(connector: Connector): readonly string[] {
  return [
    "",
    `## ${connector.title}`,
    "",
    "| resource | read by key | everything | changes | deletions | create | update | removals | write safety |",
    "|---|---|---|---|---|---|---|---|---|",
    ...Object.values(connector.resources).map(resourceRow),
  ];
}

function resourceRow({ name, read, everything, changes, write }: Resource): string {
  const removals = Object.keys(write?.removals ?? {});
  return row([
    name,
    read === undefined ? "no" : `${read.keysMax} a call`,
    everything === undefined ? "no" : `yes${by(everything.paging)}`,
    changes === undefined
      ? "no"
      : `yes${by(changes.paging)}, ${durationText(changes.overlapMs)} overlap${lookback(changes.lookbackMaxMs)}`,
    changes?.tellsDeletions === true ? "told" : everything === undefined ? "not seen" : "by listing everything",
    write === undefined ? "no" : "yes",
    write?.update === undefined ? "no" : "yes",
    removals.length === 0 ? "none" : removals.join(", "),
    write === undefined ? "read only" : safetyText(write.safety),
  ]);
}

function authText(auth: Auth): string {
  switch (auth.kind) {
    case "none":
      return "none";
    case "header":
      return `key in \`${auth.header}\``;
    case "query":
      return `key in the parameter \`${auth.parameter}\``;
    case "basic":
      return "HTTP Basic";
    case "jwt":
      return `JWT (${auth.algorithm})`;
    case "signature":
      return "each request signed";
    case "oauth2":
      return `OAuth 2, ${auth.grant ?? "authorization-code"}${auth.graceMs === undefined ? "" : `, ${durationText(auth.graceMs)} of grace`}`;
  }
}

/** Those that every call takes from; the others only by their number. */
function limitsText(limits: readonly Limit[]): string {
  const every = limits.filter((limit) => limit.every);
  const named = limits.length - every.length;
  return [...every.map(limitText), ...(named === 0 ? [] : [`${named} for single endpoints`])].join("; ");
}

function limitText(limit: Limit): string {
  switch (limit.kind) {
    case "rate":
      return `${limit.count} per ${durationText(limit.perMs)}`;
    case "quota":
      return `${limit.count} a day`;
    case "concurrency":
      return `${limit.count} at once`;
    case "points":
      return `${limit.size} points, ${Math.round(limit.perSecond * 100) / 100} a second`;
    case "points-window":
      return `${limit.size} points per ${durationText(limit.perMs)}`;
  }
}

function safetyText(safety: Safety): string {
  switch (safety.kind) {
    case "idempotency-key":
      return `idempotency key, kept ${durationText(safety.retentionMs)}`;
    case "upsert":
      return "upsert";
    case "lookup":
      return `looked up after ${durationText(safety.lagMs)}`;
    case "none":
      return "none: a person is asked";
  }
}

/** The packages that the provider's verifier drives its simulator with. */
function verifiedBy(name: string): string {
  const path = join(ROOT, "verifiers", `${name}.verify.ts`);
  if (!existsSync(path)) return "its own tests";
  const source = readFileSync(path, "utf8");
  const names = [...source.matchAll(/(?:from|require\()\s*"((?:@[\w-]+\/)?[\w-]+)[^"]*"/g)].map(
    ([, found]) => found ?? "",
  );
  return unique(names.filter((found) => found !== "" && !found.startsWith("node")).map((found) => `\`${found}\``));
}

const by = (paging: string | undefined): string => (paging === undefined ? "" : ` (${paging})`);
const lookback = (ms: number | undefined): string => (ms === undefined ? "" : `, ${durationText(ms)} back`);
const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
const unique = (texts: readonly string[]): string => [...new Set(texts)].join(", ");

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

function durationText(ms: number): string {
  for (const [unit, length] of UNITS) if (ms >= length && ms % length === 0) return `${ms / length} ${unit}`;
  return `${ms} ms`;
}

if (import.meta.main) writeFileSync(PAGE, await connectorsPage());
