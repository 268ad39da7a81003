// Which token each connection may have: the last one that was acknowledged, or one that was being saved since.

interface Saved {
  readonly connection: string;
  readonly token: string;
}

export class Truth {
  /** The first is the acknowledged one; the others were being saved since. */
  readonly #possible = new Map<string, string[]>();
  #saves = 0;

  get saves(): number {
    return this.#saves;
  }

  saving({ connection, token }: Saved): void {
    const possible = this.#possible.get(connection);
    if (possible === undefined) this.#possible.set(connection, ["", token]);
    else possible.push(token);
  }

  /** Those that were begun before it can no longer come. */
  saved({ connection, token }: Saved): void {
    this.#saves += 1;
    const possible = this.#possible.get(connection) ?? [];
    const at = possible.indexOf(token);
    this.#possible.set(connection, [token, ...possible.slice(at + 1)]);
  }

  /** What a new process found, connection by connection; it is the truth from then on. Answers what cannot be. */
  compare(kept: Readonly<Record<string, string>>): readonly { readonly connection: string; readonly reason: string }[] {
    const wrong: { readonly connection: string; readonly reason: string }[] = [];
    for (const [connection, possible] of this.#possible) {
      const found = kept[connection] ?? "";
      if (!possible.includes(found)) {
        wrong.push({ connection, reason: `${connection}: expected ${possible.join(" or ")}, found "${found}"` });
      }
      this.#possible.set(connection, [found]);
    }
    return wrong;
  }
}
