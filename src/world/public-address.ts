// Keeps calls off addresses that belong to a private network. Where settings come from people who do not own the machine,
// a connection's address must not reach what only the machine can reach. Names are resolved once, each address is checked,
// and the connection goes to just those addresses.
import { lookup as resolve, type LookupAddress } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

// Two lists: in one, the mapped addresses of version 6 would stand for all of version 4.
const REFUSED_4 = new BlockList();
const REFUSED_6 = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  REFUSED_4.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  // Unspecified, loopback, and addresses of version 4 in clothes of version 6: mapped, compatible, NAT64, 6to4, Teredo.
  ["::", 96],
  ["::ffff:0:0", 96],
  ["::ffff:0:0:0", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 32],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const) {
  REFUSED_6.addSubnet(network, prefix, "ipv6");
}

export const REFUSED_ADDRESS = "ERR_REFUSED_ADDRESS";

/** Is this an IP address of the public network? */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !REFUSED_4.check(address, "ipv4");
  return version === 6 && !REFUSED_6.check(address, "ipv6");
}

/** Throws for an origin whose host is written as an address that is not public; names are checked when they are resolved. */
export function checkOrigin(origin: string): void {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refused(host, host);
}

/** A lookup for sockets: fails as soon as one of a name's addresses is not public. */
export const publicLookup: LookupFunction = (name, options, done) => {
  resolve(name, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const fault = error ?? faultOf(name, addresses);
    if (fault !== null) return done(fault, [], undefined);
    const [first] = addresses;
    return options.all === true || first === undefined
      ? done(null, addresses, undefined)
      : done(null, first.address, first.family);
  });
};

function faultOf(name: string, addresses: readonly LookupAddress[]): NodeJS.ErrnoException | null {
  const bad = addresses.find(({ address }) => !isPublicAddress(address));
  return bad === undefined ? null : refused(name, bad.address);
}

function refused(name: string, address: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${name} is at ${address}, which is not a public address`), { code: REFUSED_ADDRESS });
}
