// What a listing hands over, on its way to the disk. All of it goes there in its order. The parts of a page go side by side, and the next page
// beside them; but whoever moves the cursor waits until all before it is durable, so that it never stands where something before it
// could still be lost.

/** Pages on their way to the disk: while one is committed the next is looked at. */
const PAGES_MAX = 2;

export class OnTheWay {
  /** The last page's cursor is on its way; never where something before it failed. */
  #begun: Promise<unknown> = Promise.resolve();
  /** Of the page that is being handed over. */
  #parts: Promise<unknown>[] = [];
  /** When each page is durable, with all before it. */
  #pages: Promise<unknown>[] = [];

  /** A part of a page, which moves no cursor. */
  add(part: () => Promise<unknown>): void {
    this.#parts.push(heeded(this.#begun.then(part)));
  }

  /** The rest of a page, with which the cursor moves. */
  finish(rest: () => Promise<unknown>): void {
    const before = Promise.all([this.#pages.at(-1), ...this.#parts]);
    this.#parts = [];
    this.#pages.push(heeded(before.then(rest)));
    this.#begun = heeded(before);
  }

  /** Resolves when there is room for one more page; throws what an earlier one failed of. */
  async room(): Promise<void> {
    while (this.#pages.length >= PAGES_MAX) await this.#pages.shift();
  }

  /** Resolves when all pages are durable; throws what failed. */
  async end(): Promise<void> {
    await this.#pages.at(-1);
    this.#pages = [];
  }

  /** Waits until nothing is under way any more, and begins anew. False: some of it failed. */
  async clear(): Promise<boolean> {
    const ended = await Promise.allSettled([...this.#pages, ...this.#parts]);
    this.#begun = Promise.resolve();
    this.#pages = [];
    this.#parts = [];
    return ended.every(({ status }) => status === "fulfilled");
  }
}

/** Whether it failed is told to whoever waits for its page. */
function heeded<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
