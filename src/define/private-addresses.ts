// Which addresses besides the public network's a project may call, in the words that people write.
import { isIP } from "node:net";

/**
 * Each is `"loopback"` (this machine), `"private"` (RFC 1918 and ULA), a network such as `"10.20.0.0/16"` or
 * `"fd12:3456::/32"`, or one address. Neither word stands for link-local addresses, where clouds keep their credentials.
 */
export type PrivateAddresses = readonly string[];

export interface AddressNetwork {
  readonly address: string;
  readonly prefix: number;
}

const WORDS: Readonly<Record<string, readonly AddressNetwork[]>> = {
  loopback: [
    { address: "127.0.0.0", prefix: 8 },
    { address: "::1", prefix: 128 },
  ],
  private: [
    { address: "10.0.0.0", prefix: 8 },
    { address: "172.16.0.0", prefix: 12 },
    { address: "192.168.0.0", prefix: 16 },
    { address: "fc00::", prefix: 7 },
  ],
};

/** Undefined: it makes no sense. */
export function networksOf(word: string): readonly AddressNetwork[] | undefined {
  if (Object.hasOwn(WORDS, word)) return WORDS[word];
  const [address = "", prefix, ...rest] = word.split("/");
  const version = isIP(address);
  if (version === 0 || address.includes("%") || rest.length > 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  if (prefix === undefined) return [{ address, prefix: bits }];
  const isPrefix = /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
  return isPrefix ? [{ address, prefix: Number(prefix) }] : undefined;
}

/** All networks that the words name; words that make no sense name none, and the check tells of them. */
export function networksOfAll(words: PrivateAddresses): readonly AddressNetwork[] {
  return words.flatMap((word) => networksOf(word) ?? []);
}
