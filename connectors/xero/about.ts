// Who it is that is signed in: which organisations the credential reaches, and what it may do in the one that is chosen.
import type { Account, Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import { ask } from "./ask.ts";

export interface ConnectedOrganisation {
  readonly tenantId: string;
  readonly name: string;
}

/** What the credential reaches; this list alone needs no organisation chosen. */
export async function connectedOrganisations(api: Api): Promise<readonly ConnectedOrganisation[]> {
  const { json } = await api.request({ method: "GET", path: "/connections" });
  const connections = Array.isArray(json) ? (json as readonly unknown[]) : [];
  return connections.flatMap((one) => {
    const { tenantId, tenantName, tenantType } = one as Readonly<Record<string, unknown>>;
    if (typeof tenantId !== "string" || tenantType !== "ORGANISATION") return [];
    return [{ tenantId, name: typeof tenantName === "string" ? tenantName : tenantId }];
  });
}

/** While no organisation is chosen: the only one there is, or which ones there are to choose from. */
export async function about(api: Api): Promise<Account> {
  const organisations = await connectedOrganisations(api);
  const { tenantId } = api.settings;
  if (typeof tenantId !== "string") {
    const [only] = organisations;
    if (only !== undefined && organisations.length === 1) return { id: only.tenantId, name: only.name };
    return refuse("denied", `set \`tenantId\` to one of ${described(organisations)}`);
  }
  if (!organisations.some((one) => one.tenantId.toLowerCase() === tenantId.toLowerCase())) {
    return refuse(
      "reauthorize",
      `the organisation ${tenantId} is not among ${described(organisations)}: connect it again`,
    );
  }
  const organisation = first(await ask(api, { method: "GET", path: "/Organisation" }), "Organisations");
  const actions = await ask(api, { method: "GET", path: "/Organisation/Actions" });
  const { Name, Class, IsDemoCompany } = organisation;
  return {
    id: tenantId,
    ...(typeof Name === "string" ? { name: Name } : {}),
    ...(typeof Class === "string" ? { plan: Class } : {}),
    sandbox: IsDemoCompany === true,
    scopes: listIn(actions, "Actions").flatMap(({ Name: action, Status }) =>
      typeof action === "string" && Status === "ALLOWED" ? [action] : [],
    ),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function listIn({ json }: { readonly json: unknown }, name: string): readonly Fields[] {
  const list = (json as Fields | undefined)?.[name];
  return Array.isArray(list) ? (list as readonly Fields[]) : [];
}

function first(answer: { readonly json: unknown }, name: string): Fields {
  return listIn(answer, name)[0] ?? {};
}

function described(organisations: readonly ConnectedOrganisation[]): string {
  if (organisations.length === 0) return "none: nobody has connected an organisation";
  return organisations.map(({ name, tenantId }) => `${name} (${tenantId})`).join(", ");
}

function refuse(kind: "denied" | "reauthorize", reason: string): never {
  throw new CallFailed({ kind, reason }, `Could not tell the organisation: ${reason}`);
}
