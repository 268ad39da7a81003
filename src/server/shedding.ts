// Decides when deliveries are refused before they are read: too many under way, commits that became slow, or a store that
// cannot write. Refusing quickly beats answering late: a provider that waits too long sends everything again.
import { StoreError } from "../store/store.ts";
import type { EdgeLimits } from "./edge-limits.ts";

/** How many slow commits among how many, and within how long, mean that p99 is over the limit. */
const SLOW_COMMITS = 2;
const COMMITS_WATCHED = 100;
const WATCHED_MS = 60_000;

export class Shedding {
  readonly #limits: EdgeLimits;
  #underWay = 0;
  #bytes = 0;
  #commits = 0;
  #slow: { readonly commit: number; readonly at: number }[] = [];
  /** When the commits under way began, the oldest first. */
  readonly #began = new Map<number, number>();
  #closed: { readonly reason: string; readonly probeAt: number } | undefined;

  constructor(limits: EdgeLimits) {
    this.#limits = limits;
  }

  /** Why deliveries are refused now; undefined: they are not. */
  refusing(now: number): string | undefined {
    if (this.#closed !== undefined) return this.#closed.reason;
    if (this.#underWay >= this.#limits.underWayMax) return `${this.#underWay} deliveries are under way`;
    if (this.#bytes >= this.#limits.bytesUnderWayMax) return `${this.#bytes} bytes are under way`;
    const [oldest] = this.#began.values();
    if (oldest !== undefined && now - oldest > this.#limits.commitSlowMs) return `a commit takes ${now - oldest} ms`;
    return undefined;
  }

  /** Lets one more delivery in, or says why not. While the store cannot write, one is let in now and then to probe. */
  admit(now: number): string | undefined {
    if (this.#closed !== undefined && this.#isProbeDue(this.#closed.probeAt, now)) {
      this.#closed = { ...this.#closed, probeAt: now + this.#limits.probeAfterMs };
    } else {
      const reason = this.refusing(now);
      if (reason !== undefined) return reason;
    }
    this.#underWay += 1;
    return undefined;
  }

  /** The body of an admitted delivery grew; false: there is no room for it. */
  hold(bytes: number): boolean {
    this.#bytes += bytes;
    return this.#bytes <= this.#limits.bytesUnderWayMax;
  }

  /** An admitted delivery ended, however it ended, with so many bytes held. */
  release(bytes: number): void {
    this.#underWay -= 1;
    this.#bytes -= bytes;
  }

  /** A commit begins; the answer names it. */
  begin(now: number): number {
    this.#commits += 1;
    this.#began.set(this.#commits, now);
    return this.#commits;
  }

  committed(commit: number, now: number): void {
    const tookMs = now - (this.#began.get(commit) ?? now);
    this.#began.delete(commit);
    if (tookMs <= this.#limits.commitSlowMs) {
      if (this.#closed !== undefined) this.#open();
      return;
    }
    this.#slow.push({ commit, at: now });
    this.#slow = this.#slow.filter((slow) => slow.commit > commit - COMMITS_WATCHED && slow.at > now - WATCHED_MS);
    const stillSlow = this.#closed !== undefined;
    if (stillSlow || this.#slow.length >= SLOW_COMMITS) this.#close(`the last commit took ${tookMs} ms`, now);
  }

  /** Anything but a fault of the store is one delivery's own, and costs no other. */
  failed(commit: number, error: unknown, now: number): void {
    this.#began.delete(commit);
    if (error instanceof StoreError) this.#close(`the store cannot write: ${error.code}`, now);
  }

  /** No probe is put off for longer than two are apart: where one is, the clock was set back. */
  #isProbeDue(probeAt: number, now: number): boolean {
    return now >= probeAt || now < probeAt - this.#limits.probeAfterMs;
  }

  #open(): void {
    this.#closed = undefined;
    this.#slow = [];
  }

  #close(reason: string, now: number): void {
    this.#closed = { reason, probeAt: now + this.#limits.probeAfterMs };
  }
}
