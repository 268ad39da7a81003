// Who it is that a key speaks for.
import type { Account, Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import { ask } from "./ask.ts";
import { isSandbox, type StripeSettings } from "./settings.ts";

interface StripeAccount {
  readonly id: string;
  readonly business_profile?: { readonly name?: string | null } | null;
  readonly settings?: { readonly dashboard?: { readonly display_name?: string | null } } | null;
}

/** Stripe does not tell what a key may do; a restricted key learns it call by call. */
export async function about(api: Api): Promise<Account> {
  const sandbox = isSandbox(api.settings as Pick<StripeSettings, "apiKey" | "environment">);
  try {
    const account = await ask<StripeAccount>(api, { method: "GET", route: "/account" });
    const name = account.settings?.dashboard?.display_name ?? account.business_profile?.name ?? undefined;
    return { id: account.id, sandbox, ...(name === undefined ? {} : { name }) };
  } catch (error) {
    const id = accountInRefusal(error);
    if (id === undefined) throw error;
    return { id, sandbox };
  }
}

/** A restricted key that may not see the account is told so by name, which proves the key as well. */
function accountInRefusal(error: unknown): string | undefined {
  if (!(error instanceof CallFailed) || error.outcome.kind !== "denied") return undefined;
  return /on account '(acct_\w+)'/.exec(error.outcome.reason ?? "")?.[1];
}
