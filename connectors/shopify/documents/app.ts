// Every GraphQL document about the app itself and the shop it is installed in.
import { document } from "./fragments.ts";

export const INSTALLATION = document(
  "Installation",
  `query Installation {
  shop { id name plan { publicDisplayName partnerDevelopment } }
  currentAppInstallation { accessScopes { handle } }
}`,
);

/** What decides which orders the app is shown, and the oldest of them. */
export const ORDERS_SHOWN = document(
  "OrdersShown",
  `query OrdersShown {
  currentAppInstallation { accessScopes { handle } }
  orders(first: 1, sortKey: ID) { nodes { id } }
}`,
);
