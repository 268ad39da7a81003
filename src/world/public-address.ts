// Keeps calls off addresses that belong to a private network. Where settings come from people who do not own the machine,
// a connection's address must not reach what only the machine can reach. Names are resolved once, each address is checked,
// and the connection goes to just those addresses.
import { lookup as resolveName, type LookupAddress } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** A network by its first address and the length of its prefix, such as 10.0.0.0 and 8. */
export interface Subnet {
  readonly address: string;
  readonly prefix: number;
}

/** Which addresses may be called. */
export interface Addresses {
  allows(address: string): boolean;
}

// Version 4 and version 6 are kept apart: in one list, the mapped addresses of version 6 would stand for all of version 4.
const NOT_PUBLIC_4 = listOf([
  { address: "0.0.0.0", prefix: 8 },
  { address: "10.0.0.0", prefix: 8 },
  { address: "100.64.0.0", prefix: 10 },
  { address: "127.0.0.0", prefix: 8 },
  { address: "169.254.0.0", prefix: 16 },
  { address: "172.16.0.0", prefix: 12 },
  { address: "192.0.0.0", prefix: 24 },
  { address: "192.0.2.0", prefix: 24 },
  { address: "192.88.99.0", prefix: 24 },
  { address: "192.168.0.0", prefix: 16 },
  { address: "198.18.0.0", prefix: 15 },
  { address: "198.51.100.0", prefix: 24 },
  { address: "203.0.113.0", prefix: 24 },
  { address: "224.0.0.0", prefix: 3 },
]);
// Nothing else of version 6 is given out to anybody yet. Loopback, link-local, ULA, multicast and addresses of version 4 in
// clothes of version 6 (mapped, compatible, translated, NAT64) all lie outside.
const GLOBAL_6 = listOf([{ address: "2000::", prefix: 3 }]);
// Within it: what protocols keep for themselves (Teredo among it), 6to4, and what is kept for documentation.
const NOT_PUBLIC_6 = listOf([
  { address: "2001::", prefix: 23 },
  { address: "2001:db8::", prefix: 32 },
  { address: "2002::", prefix: 16 },
  { address: "3fff::", prefix: 20 },
]);

export const REFUSED_ADDRESS = "ERR_REFUSED_ADDRESS";

/** Is this an IP address of the public network? */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !NOT_PUBLIC_4.check(address, "ipv4");
  if (version !== 6) return false;
  const plain = withoutZone(address);
  return GLOBAL_6.check(plain, "ipv6") && !NOT_PUBLIC_6.check(plain, "ipv6") && !isTunnelled(plain);
}

/** The public network, and these networks besides. */
export function publicAnd(subnets: readonly Subnet[]): Addresses {
  const [allowed4, allowed6] = [4, 6].map((version) =>
    listOf(subnets.filter(({ address }) => isIP(address) === version)),
  ) as [BlockList, BlockList];
  return {
    allows(address) {
      const version = isIP(address);
      if (version === 4 && allowed4.check(address, "ipv4")) return true;
      // Asked with one list, a mapped address would count as its address of version 4.
      if (version === 6 && !isMapped(address) && allowed6.check(withoutZone(address), "ipv6")) return true;
      return isPublicAddress(address);
    },
  };
}

/** Throws for an origin whose host is an address that may not be called, or a name that can only mean such a one. */
export function checkOrigin(origin: string, addresses: Addresses): void {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) {
    if (!addresses.allows(host)) throw refused(host, host);
  } else if (LOCAL_NAME.test(host) && !addresses.allows("127.0.0.1") && !addresses.allows("::1")) {
    throw refused(host, "this machine");
  }
}

/** These names are this machine whatever a resolver says (RFC 6761), so that nobody need be asked. */
const LOCAL_NAME = /(?:^|\.)localhost\.?$/i;

/** A lookup for sockets: fails as soon as one of a name's addresses may not be called. */
export function checkedLookup(addresses: Addresses, resolve: typeof resolveName = resolveName): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const fault = error ?? faultOf(name, found, addresses);
      if (fault !== null) return done(fault, [], undefined);
      const [first] = found;
      return options.all === true || first === undefined
        ? done(null, found, undefined)
        : done(null, first.address, first.family);
    });
  };
}

export function refused(name: string, address: string): NodeJS.ErrnoException {
  const where = name === address ? `${name} is` : `${name} is at ${address}, which is`;
  const what = `${where} not a public address: allow it with \`network.privateAddresses\` of the project if it is meant`;
  return Object.assign(new Error(what), { code: REFUSED_ADDRESS });
}

function faultOf(name: string, found: readonly LookupAddress[], addresses: Addresses): NodeJS.ErrnoException | null {
  const bad = found.find(({ address }) => !addresses.allows(address));
  return bad === undefined ? null : refused(name, bad.address);
}

function listOf(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix } of subnets) list.addSubnet(address, prefix, isIP(address) === 4 ? "ipv4" : "ipv6");
  return list;
}

function withoutZone(address: string): string {
  const zoneAt = address.indexOf("%");
  return zoneAt === -1 ? address : address.slice(0, zoneAt);
}

const MAPPED = listOf([{ address: "::ffff:0:0", prefix: 96 }]);

function isMapped(address: string): boolean {
  return MAPPED.check(withoutZone(address), "ipv6");
}

/** ISATAP (RFC 5214) carries an address of version 4 behind any prefix. */
function isTunnelled(address: string): boolean {
  return /:0?0?0?[02]?00?:?5efe:|::5efe:|:200:5efe:/i.test(address);
}
