// Which account a credential is of: one cheap call that every credential may make.
import type { Account, Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import { API_VERSION } from "./crm-object.ts";

interface Details {
  readonly portalId?: number | string;
  readonly accountType?: string;
  readonly uiDomain?: string;
  readonly companyCurrency?: string;
}

/** HubSpot tells neither a name nor the plan nor, to a private app, its scopes. */
export async function about(api: Api): Promise<Account> {
  const answer = await api.request({ method: "GET", path: `/account-info/${API_VERSION}/details` });
  const { portalId, accountType = "STANDARD", uiDomain } = (answer.json ?? {}) as Details;
  if (portalId === undefined) {
    const reason = "Could not tell which account it is: expected a portalId in the answer and got none";
    throw new CallFailed({ kind: "unavailable", reason }, reason);
  }
  const id = String(portalId);
  return {
    id,
    ...(uiDomain === undefined ? {} : { name: `${uiDomain} ${id}` }),
    sandbox: accountType !== "STANDARD",
  };
}
