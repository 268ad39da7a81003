// Asks the org who it is: one small query that only works with a good token.
import type { Account, Api } from "../../src/define/connector.ts";
import { query } from "./soql.ts";

interface Organization {
  readonly Id: string;
  readonly Name?: string | null;
  readonly OrganizationType?: string | null;
  readonly IsSandbox?: boolean | null;
}

const DEVELOPER = "Developer Edition";

export async function about(api: Api): Promise<Account> {
  const { records } = await query(api, "SELECT Id, Name, OrganizationType, IsSandbox FROM Organization LIMIT 1");
  const [org] = records as readonly unknown[] as readonly Organization[];
  if (org === undefined) throw new Error("Could not tell whose org it is: expected one Organization and got none");
  return {
    id: org.Id,
    ...(typeof org.Name === "string" ? { name: org.Name } : {}),
    ...(typeof org.OrganizationType === "string" ? { plan: org.OrganizationType } : {}),
    sandbox: org.IsSandbox === true || org.OrganizationType === DEVELOPER,
  };
}
