// Makes connections only to addresses that may be called. The address is checked when it is written as one, when its name is
// resolved, and once more on the socket that came of it.
import type { lookup } from "node:dns";
import { buildConnector } from "undici";
import { checkedLookup, refused, type Addresses } from "./public-address.ts";

export interface GuardOptions {
  readonly addresses: Addresses;
  /** How names are resolved. Default: as the system does. */
  readonly resolve?: typeof lookup;
}

export function guardedConnector(
  options: buildConnector.BuildOptions,
  { addresses, resolve }: GuardOptions,
): buildConnector.connector {
  const connect = buildConnector({ ...options, lookup: checkedLookup(addresses, resolve) });
  return (to, done) => {
    connect(to, (error, socket) => {
      if (error !== null) return done(error, null);
      const { remoteAddress = "" } = socket;
      if (addresses.allows(remoteAddress)) return done(null, socket);
      const fault = refused(to.hostname, remoteAddress);
      socket.destroy(fault);
      return done(fault, null);
    });
  };
}
