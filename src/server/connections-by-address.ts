// Counts open connections by address, so that one sender cannot take them all. Loopback is not counted: there it is the
// person's own proxy, command line or demo.

export class ConnectionsByAddress {
  readonly #max: number;
  readonly #open = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** False: this address has as many as it may have. */
  admit(address: string): boolean {
    if (isLoopback(address)) return true;
    const open = this.#open.get(address) ?? 0;
    if (open >= this.#max) return false;
    this.#open.set(address, open + 1);
    return true;
  }

  /** One that was admitted was closed. */
  release(address: string): void {
    const open = this.#open.get(address) ?? 0;
    if (open > 1) this.#open.set(address, open - 1);
    else this.#open.delete(address);
  }

  /** How many addresses have connections that are counted. */
  get addresses(): number {
    return this.#open.size;
  }
}

export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
}
