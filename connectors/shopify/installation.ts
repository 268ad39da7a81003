// The app as it is installed: in which shop, with which scopes, and what it is not shown for want of one.
import type { Account, Api } from "../../src/define/connector.ts";
import { ask } from "./ask.ts";
import { INSTALLATION, ORDERS_SHOWN } from "./documents/app.ts";

interface Scoped {
  readonly currentAppInstallation: { readonly accessScopes: readonly { readonly handle: string }[] };
}

interface Installation extends Scoped {
  readonly shop: {
    readonly id: string;
    readonly name: string;
    readonly plan: { readonly publicDisplayName: string; readonly partnerDevelopment: boolean };
  };
}

export async function about(api: Api): Promise<Account> {
  const installation = (await ask(api, INSTALLATION, {})) as unknown as Installation;
  const { id, name, plan } = installation.shop;
  return {
    id,
    name,
    plan: plan.publicDisplayName,
    sandbox: plan.partnerDevelopment,
    scopes: scopesOf(installation),
  };
}

/**
 * Without `read_all_orders` Shopify shows orders of the last 60 days alone, and answers for older ones as if they were not there (schema,
 * `Order`). Numbers rise with time, so that those below the oldest shown are of that kind.
 */
export async function hiddenOrders(api: Api): Promise<(key: string) => boolean> {
  const shown = (await ask(api, ORDERS_SHOWN, {})) as unknown as Scoped & {
    readonly orders: { readonly nodes: readonly { readonly id: string }[] };
  };
  if (scopesOf(shown).includes("read_all_orders")) return () => false;
  const oldest = shown.orders.nodes[0];
  // In a shop where nothing was ordered lately any order may be of before.
  return oldest === undefined ? () => true : (key) => numberOf(key) < numberOf(oldest.id);
}

const scopesOf = ({ currentAppInstallation }: Scoped): readonly string[] =>
  currentAppInstallation.accessScopes.map(({ handle }) => handle);

/** "gid://shopify/Order/12" → 12. A key that is none is of nothing that was ever there. */
function numberOf(key: string): bigint {
  const digits = /(\d+)$/.exec(key)?.[1];
  return digits === undefined ? BigInt(Number.MAX_SAFE_INTEGER) : BigInt(digits);
}
